export {
  type Bond,
  bondOf,
  bondsOfPartner,
  bondsOfRecords,
  bondTold,
  filedByOthers,
  unansweredNews,
} from './bonds.store.ts'
export { correlationId } from './correlation.ts'
export { closedRecord, fieldsOf, filedBy, isStillTheirs, type OwnedRecord, ownedRecord, owns, splitRow } from './owned-record.ts'
export { bindReference, referenceValues, requireSameReference } from './reference.ts'
export { takeResponse } from './response.ts'
