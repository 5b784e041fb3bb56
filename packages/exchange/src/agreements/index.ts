export { type Agreement, agreementsOf, putAgreement } from './agreements.store.ts'
export { includesWord, requireRole, requireService, requireWord } from './agreements.ts'
export type { Terms } from './terms.ts'
