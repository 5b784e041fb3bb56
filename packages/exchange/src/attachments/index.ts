export { attachmentFacts, attachmentsInput, attachSteps, spoolFolderOf } from './attachment-input.ts'
export { attachmentRoutes } from './attachments.routes.ts'
