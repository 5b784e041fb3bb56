export { type Agreement, putAgreement, readAgreements } from './agreements.store.ts'
export { includesWord, namesOrganisation, requireOrganisation, requireRole, requireService, requireWord } from './agreements.ts'
export { ORGANISATION_TABLES, type Organisation, type Terms } from './terms.ts'
