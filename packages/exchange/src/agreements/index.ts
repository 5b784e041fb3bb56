export { type Agreement, agreementsOf, putAgreement } from './agreements.store.ts'
export { requireRole, requireService, requireWord } from './agreements.ts'
export { type Role, type Terms, termsSchema } from './terms.ts'
