export {
  type Bond,
  bondOf,
  bondsOfPartner,
  bondsOfRecords,
  bondTold,
  filedIn,
  referencesAlike,
} from './bonds.store.ts'
export { correlationId } from './correlation.ts'
export { filerOf, filersOf } from './filer.ts'
export { type Handover, readHandovers, recordHandover, saidAfterHandover } from './handovers.store.ts'
export { historyOf, isShownTo, ownerThen } from './history.ts'
export { closedRecord, fieldsOf, isStillTheirs, type OwnedRecord, ownedRecord, owns, splitRow } from './owned-record.ts'
export { bindReference, firstSent, referenceValues, requireSameReference } from './reference.ts'
