export {
  type Bond,
  findBond,
  findBondsOfRecords,
  readBondsOfPartner,
  readFiledIds,
  readReferencesAlike,
  recordNewSent,
} from './bonds.store.ts'
export { correlationId } from './correlation.ts'
export { filerOf, findFilers } from './filer.ts'
export { type Handover, readHandovers, recordHandover, recordSaidAfterHandover } from './handovers.store.ts'
export { findShownHistory, isShownTo, ownerThen } from './history.ts'
export { closedRecord, fieldsOf, findOwnedRecord, isStillTheirs, type OwnedRecord, owns, splitRow } from './owned-record.ts'
export { bindReference, firstSent, referenceValues, requireSameReference } from './reference.ts'
