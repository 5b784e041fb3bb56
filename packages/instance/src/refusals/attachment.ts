import { Refusal } from './refusal.ts'

/** Contract servicenow-core.md 4 gives the status codes; the texts are our own. */

export const missingParameter = (name: string) => new Refusal(400, 'Missing required parameter', `${name} is required`)

export const targetMissing = (table: string, sysId: string) =>
  new Refusal(404, 'No Record found', `Record ${sysId} of table ${table} does not exist or ACL restricts the record retrieval`)

export const brokenUpload = () => new Refusal(400, 'Exception while reading request', 'The request body ended before it was complete')

export const notMultipart = (detail: string) => new Refusal(400, 'Exception while reading request', detail)

export const extensionNotAllowed = (extension: string) =>
  new Refusal(400, 'Attachment type not allowed', `Files of type '${extension}' are not in glide.attachment.extensions`)

export const fileTooLarge = (mostMegabytes: number) =>
  new Refusal(400, 'Attachment size exceeded', `The attachment exceeds the maximum size of ${mostMegabytes} MB`)
