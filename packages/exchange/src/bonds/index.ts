export {
  type Bond,
  type BondedRecord,
  bondsOfPartner,
  bondsOfRecords,
  bondTold,
  filedByOthers,
  saveResponse,
  type UnansweredNew,
  unansweredNews,
} from './bonds.store.ts'
export { correlationId } from './correlation.ts'
export { closedRecord, fieldsOf, filedBy, type OwnedRecord, ownedRecord, owns, splitRow } from './owned-record.ts'
export { bindReference, referenceValues, requireSameReference } from './reference.ts'
export { type GivenResponse, type ResponseParts, takeResponse } from './response.ts'
