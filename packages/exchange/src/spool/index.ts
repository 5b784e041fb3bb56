export { attachmentBody } from './outgoing.ts'
export { readRequestBody } from './request-body.ts'
export { isSpooledFile, type OpenSpool, openSpool, type SpooledFile } from './spool.ts'
