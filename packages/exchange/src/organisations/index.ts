export { organisationRoutes } from './organisations.routes.ts'
export { findHoldersOf, lockChanges, writeMappings } from './organisations.store.ts'
