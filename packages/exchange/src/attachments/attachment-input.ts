import { mediaTypeOf, readMediaType } from '@deskbridge/attachment'
import { z } from 'zod'
import { optional } from '../platform/json-input.ts'
import type { AttachStep } from '../recorded-writes/index.ts'
import { isSpooledFile, type SpooledFile } from '../spool/index.ts'

/** Of one request (contract connect-api 3.1 has the total size; the count is ours). */
const MOST_ATTACHMENTS = 20
const LONGEST_NAME = 100
/** In the facts: filings were compared by it before a type was taken from the name. */
const NOT_TOLD = 'application/octet-stream'

const fileName = z
  .string()
  .min(1)
  .refine(name => name.trim() !== '', { message: 'is empty' })
  .refine(name => [...name].length <= LONGEST_NAME, { message: `is longer than ${LONGEST_NAME} characters` })
  .refine(name => !/[/\\]/.test(name) && name !== '.' && name !== '..', { message: 'must be a file name without a path' })
  .refine(name => !/[\u0000-\u001f\u007f]/.test(name), { message: 'contains a control character' })
  .meta({ maxLength: LONGEST_NAME })

const content = z
  .custom<SpooledFile>(isSpooledFile, { message: 'must be the file in base64, as a string' })
  .meta({ type: 'string', contentEncoding: 'base64' })

const contentType = z.string().max(255).meta({ description: 'Without one, or with none such: that of the extension of the name' })

/** As a request carries them; the content is in the spool already when this is checked. */
export const attachmentsInput = z.array(z.object({ name: fileName, content, content_type: optional(contentType) })).max(MOST_ATTACHMENTS)

/** A request’s files: at most 20, each by name, content in the spool, and media type where it has one. */
export type AttachmentsInput = z.output<typeof attachmentsInput>

/** What the content of a request is compared by: names, types as they were told, and bytes. */
export const attachmentFacts = (attachments: AttachmentsInput = []) =>
  attachments.map(({ name, content: file, content_type = NOT_TOLD }) => [name, content_type, file.size, file.sha256])

/** A request that may have brought files. */
interface FilesCall {
  body: { attachments?: AttachmentsInput | undefined }
  warn(text: string): void
}

/** The steps that add a request's files to a record; without a sys_id to the record that the first step makes. */
export function attachSteps({ body: { attachments = [] }, warn }: FilesCall, table: string, sysId?: string): AttachStep[] {
  return attachments.map(({ name, content: file, content_type: given }, index) => {
    const contentType = mediaTypeOf(name, given)
    if (given !== undefined && readMediaType(given) === undefined)
      warn(`attachments[${index}].content_type "${given}" is not a media type; ${contentType} was taken`)
    return {
      kind: 'attach',
      table,
      ...(sysId ? { sysId } : {}),
      name,
      contentType,
      size: file.size,
      sha256: file.sha256,
      folder: file.folder,
      file: file.name,
    }
  })
}

/** The files of a Response, as responses/response.ts takes them. */
export function responseFiles(call: FilesCall & { files: { keep(): void } }, { kind, sysId }: { kind: { table: string }; sysId: string }) {
  const { attachments } = call.body
  return {
    steps: attachSteps(call, kind.table, sysId),
    spoolFolder: spoolFolderOf(attachments),
    facts: attachmentFacts(attachments),
    keep: call.files.keep,
  }
}

/** The spool folder of a request’s files; null where it has none. */
export const spoolFolderOf = (attachments: AttachmentsInput | undefined): string | null => attachments?.[0]?.content.folder ?? null
