export { type Agreement, agreementsOf, putAgreement } from './agreements.store.ts'
export { requireRole, requireService, requireWord } from './agreements.ts'
export type { Terms } from './terms.ts'
