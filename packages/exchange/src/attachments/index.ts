export { type AttachmentsInput, attachmentFacts, attachmentsInput, attachSteps, responseFiles, spoolFolderOf } from './attachment-input.ts'
export { attachmentRoutes } from './attachments.routes.ts'
