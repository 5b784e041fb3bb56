export { type AttachmentsInput, attachmentFacts, attachmentsInput, attachSteps, spoolFolderOf } from './attachment-input.ts'
export { attachmentRoutes } from './attachments.routes.ts'
export { readRequestBody } from './request-body.ts'
export { type OpenSpool, openSpool, type Spool } from './spool.ts'
