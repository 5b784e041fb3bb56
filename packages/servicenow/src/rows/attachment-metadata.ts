import { z } from 'zod'
import type { Sender } from '../performing/sender.ts'
import { columnsFrom } from './reading.ts'

const REQUIRED = [
  'sys_id',
  'file_name',
  'content_type',
  'size_bytes',
  'table_name',
  'table_sys_id',
  'sys_created_on',
  'sys_created_by',
] as const
const OPTIONAL = ['sys_updated_on', 'sys_mod_count', 'hash', 'state'] as const

/** A file’s metadata: columns of sys_attachment, all as texts. */
export type AttachmentMetadata = Record<(typeof REQUIRED)[number] | (typeof OPTIONAL)[number], string>

/** A file's metadata, as ServiceNow names and writes it (servicenow-core 4). All strings. */
export const metadata = z.object({
  sys_id: z.string(),
  file_name: z.string(),
  content_type: z.string(),
  size_bytes: z.string().describe('Bytes, uncompressed.'),
  table_name: z.string(),
  table_sys_id: z.string().describe('sys_id of the record that has the file.'),
  sys_created_on: z.string().describe('UTC, YYYY-MM-DD HH:MM:SS.'),
  sys_created_by: z.string().describe('user_name.'),
  sys_updated_on: z.string(),
  sys_mod_count: z.string(),
  hash: z.string().describe('SHA-256 in hexadecimal; empty on older instances.'),
  state: z.string().describe('available, or what a virus scan made of it; empty on older instances.'),
})

/** The file of all examples. */
export const EXAMPLE_FILE = {
  sys_id: '6ea10fe64f411200adf9f8e18110c739',
  file_name: 'screenshot.png',
  content_type: 'image/png',
  size_bytes: '36597',
  table_name: 'incident',
  table_sys_id: '9d385017c611228701d22104cc95c371',
  sys_created_on: '2026-01-31 10:00:05',
  sys_created_by: 'abel.tuter',
  sys_updated_on: '2026-01-31 10:00:06',
  sys_mod_count: '1',
  hash: '',
  state: 'available',
}

/** The metadata of a file that is read. @throws ServiceNowError kind `unreadable` where a column is hidden from the user */
export function metadataFrom(sender: Sender, record: unknown): AttachmentMetadata {
  return columnsFrom(sender, record, { required: REQUIRED, optional: OPTIONAL })
}

/** After an upload: it has happened, so a column that is missing must not look like a failure. */
export function newMetadataFrom(sender: Sender, record: unknown): AttachmentMetadata {
  return columnsFrom(sender, record, { required: ['sys_id'], optional: [...REQUIRED, ...OPTIONAL].filter(column => column !== 'sys_id') })
}

/**
 * The metadata in a download's `X-Attachment-Metadata` header; undefined where there is none.
 * A header holds bytes: a name with an umlaut is written there as UTF-8 and arrives here as Latin-1.
 */
export function metadataOfHeader(header: string | null): unknown {
  if (header === null) return undefined
  for (const text of [utf8(header), header]) {
    try {
      return JSON.parse(text)
    } catch {}
  }
  return undefined
}

function utf8(header: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(header, 'latin1'))
  } catch {
    return header
  }
}
