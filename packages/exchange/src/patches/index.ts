export { type PatchParts, type PatchRow, patchRecord } from './patch-record.ts'
