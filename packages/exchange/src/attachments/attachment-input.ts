import { z } from 'zod'
import type { AttachStep } from '../recorded-writes/index.ts'
import { isSpooledFile, type SpooledFile } from '../spool/index.ts'

/** Of one request (contract connect-api 3.1 has the total size; the count is ours). */
const MOST_ATTACHMENTS = 20
const LONGEST_NAME = 100
const DEFAULT_TYPE = 'application/octet-stream'

const fileName = z
  .string()
  .min(1)
  .refine(name => [...name].length <= LONGEST_NAME, { message: `is longer than ${LONGEST_NAME} characters` })
  .refine(name => !/[/\\]/.test(name) && name !== '.' && name !== '..', { message: 'must be a file name without a path' })
  .refine(name => !/[\u0000-\u001f\u007f]/.test(name), { message: 'contains a control character' })
  .meta({ maxLength: LONGEST_NAME })

const mediaType = z
  .string()
  .max(100)
  .regex(/^[\w.+-]+\/[\w.+-]+(\s*;\s*[\w.+-]+=("[\x20\x21\x23-\x5b\x5d-\x7e]*"|[\w.+-]+))*$/, {
    message: 'is not a media type such as text/plain',
  })

const content = z
  .custom<SpooledFile>(isSpooledFile, { message: 'must be the file in base64, as a string' })
  .meta({ type: 'string', contentEncoding: 'base64' })

/** As a request carries them; the content is in the spool already when this is checked. */
export const attachmentsInput = z.array(z.object({ name: fileName, content, content_type: mediaType.optional() })).max(MOST_ATTACHMENTS)

export type AttachmentsInput = z.output<typeof attachmentsInput>

/** What the content of a request is compared by: names, types and bytes. */
export const attachmentFacts = (attachments: AttachmentsInput = []) =>
  attachments.map(({ name, content: file, content_type = DEFAULT_TYPE }) => [name, content_type, file.size, file.sha256])

/** The steps that add a request's files to a record; without a sys_id to the record that the first step makes. */
export function attachSteps(attachments: AttachmentsInput | undefined, table: string, sysId?: string): AttachStep[] {
  return (attachments ?? []).map(({ name, content: file, content_type = DEFAULT_TYPE }) => ({
    kind: 'attach',
    table,
    ...(sysId ? { sysId } : {}),
    name,
    contentType: content_type,
    size: file.size,
    sha256: file.sha256,
    folder: file.folder,
    file: file.name,
  }))
}

/** The files of a Response, as bonds/response.ts takes them. */
export function responseFiles(
  call: { body: { attachments?: AttachmentsInput | undefined }; files: { keep(): void } },
  { kind, sysId }: { kind: { table: string }; sysId: string },
) {
  const { attachments } = call.body
  return {
    steps: attachSteps(attachments, kind.table, sysId),
    spoolFolder: spoolFolderOf(attachments),
    facts: attachmentFacts(attachments),
    keep: call.files.keep,
  }
}

export const spoolFolderOf = (attachments: AttachmentsInput | undefined): string | null => attachments?.[0]?.content.folder ?? null
