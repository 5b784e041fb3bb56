export { type AttachStep, type CreateStep, type Journal, journalsIn, type SaveStep, type Step, sameText } from './plan.ts'
export {
  acceptOwnWrite,
  foldersInUse,
  freeHoldsOf,
  type NewWrite,
  parkedWrites,
  type RecordedWrite,
  writesOn,
} from './recorded-writes.store.ts'
export { openRecordedWrites, type RecordedWrites } from './recorded-writes.ts'
export { contentHash, keyReused, recordDeleted, warnOfDifferences, writeRequest } from './request.ts'
