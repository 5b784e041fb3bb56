import { type ApiCall, isTrue, resourceUrl, sentParameters, wholeNumber } from '../call/call.ts'
import type { Table } from '../dictionary/dictionary.ts'
import { deleteAttachment, readAttachmentBytes, renameAttachment, storeAttachment } from '../records/attachment-store.ts'
import { mayWrite, type Write } from '../records/permitted.ts'
import type { Projection } from '../records/projection.ts'
import { readList, readOne } from '../records/read.ts'
import { shapeRow } from '../records/shape.ts'
import { extensionNotAllowed, missingParameter, notMultipart, targetMissing } from '../refusals/attachment.ts'
import { noContentType, notImplemented } from '../refusals/platform.ts'
import { Refusal } from '../refusals/refusal.ts'
import { noRecord, rightsException } from '../refusals/table.ts'
import type { Cells } from '../storage/database.ts'
import { asSysId } from '../sys-id.ts'
import { readMoment } from '../time/time-zone.ts'
import { json } from '../wire/answer.ts'
import { readObject, swallow } from '../wire/body.ts'
import { readMultipart } from '../wire/multipart.ts'
import { linkHeader } from '../wire/pages.ts'
import { pairsOf } from './table.ts'

/** The Attachment API (contract servicenow-core.md 4). */

const DEFAULT_LIMIT = 1_000

type Metadata = Record<string, string>

function attachments({ practice, caller }: ApiCall): { table: Table; projection: Projection } {
  const table = practice.dictionary.table('sys_attachment')!
  return { table, projection: practice.projections.of(table, undefined, 'false', caller.rights) }
}

function metadata(call: ApiCall, row: Cells): Metadata {
  const shape = { display: 'false', excludeLinks: true, caller: call.caller, dictionary: call.practice.dictionary, tableUrl: '' } as const
  const fields = shapeRow(attachments(call).projection, row, shape) as Metadata
  return { ...fields, download_link: `${resourceUrl(call, 'attachment')}/${fields.sys_id}/file` }
}

/** GET /attachment */
export async function listAttachments(call: ApiCall): Promise<Response> {
  const limit = wholeNumber(call, 'sysparm_limit', DEFAULT_LIMIT)
  const offset = wholeNumber(call, 'sysparm_offset', 0)
  const { rows, total = 0 } = await readList(call.practice.database, call.practice.dictionary, {
    ...attachments(call),
    caller: call.caller,
    query: call.url.searchParams.get('sysparm_query') ?? '',
    // Not documented for this API; clients ask so, and would take everybody's files for those of a record were it ignored.
    pairs: pairsOf(call),
    limit,
    offset,
    counted: true,
  })
  const link = linkHeader(resourceUrl(call, 'attachment'), sentParameters(call), { limit, offset, total })
  const headers: Record<string, string> = { 'X-Total-Count': String(total) }
  if (link !== undefined && !isTrue(call, 'sysparm_suppress_pagination_header')) headers.Link = link
  return json(200, { result: rows.map(row => metadata(call, row)) }, headers)
}

/** GET /attachment/{sys_id} */
export async function readAttachmentRecord(call: ApiCall): Promise<Response> {
  return json(200, { result: await readMetadata(call) })
}

async function readMetadata(call: ApiCall): Promise<Metadata> {
  const { database } = call.practice
  const row = await readOne(database, database, { ...attachments(call), caller: call.caller, sysId: call.parameters.sysId ?? '' })
  if (!row) throw noRecord()
  return metadata(call, row)
}

/** GET /attachment/{sys_id}/file */
export async function downloadAttachment(call: ApiCall): Promise<Response> {
  const file = await readMetadata(call)
  return new Response(readAttachmentBytes(call.practice, file.sys_id!), {
    headers: {
      'Content-Type': file.content_type || 'application/octet-stream',
      'Content-Length': file.size_bytes ?? '0',
      'X-Attachment-Metadata': asciiJson(file),
    },
  })
}

/** A header holds ASCII, a file name anything. */
function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(/[\u007f-\uffff]/g, character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** POST /attachment/file: the body is the file. */
export async function uploadFile(call: ApiCall): Promise<Response> {
  const { searchParams } = call.url
  const contentType = call.request.headers.get('content-type')
  const [tableName, tableSysId, fileName] = ['table_name', 'table_sys_id', 'file_name'].map(name => {
    const value = searchParams.get(name)
    if (!value) throw missingParameter(name)
    return value
  }) as [string, string, string]
  if (contentType === null) throw noContentType()
  if (searchParams.get('encryption_context')) throw notImplemented('Encryption of attachments')
  const sent = { tableName, tableSysId, fileName, contentType, bytes: call.request.body ?? NOTHING }
  try {
    const creation = searchParams.get('creation_time') ?? ''
    return await storeFile(call, { ...sent, createdOn: readMoment(creation) ? creation : undefined })
  } catch (error) {
    // Refused before it was read: a caller who is still sending does not listen.
    const { body } = call.request
    if (error instanceof Refusal && body && !body.locked) await swallow(body)
    throw error
  }
}

const NOTHING: AsyncIterable<Uint8Array> = { [Symbol.asyncIterator]: () => ({ next: async () => ({ done: true, value: undefined }) }) }

/** POST /attachment/upload: a form, whose file comes after the fields that say where it belongs. */
export async function uploadForm(call: ApiCall): Promise<Response> {
  const contentType = call.request.headers.get('content-type') ?? ''
  if (!/^multipart\/form-data/i.test(contentType)) throw notMultipart('The Content-Type must be multipart/form-data')
  const fields = new Map<string, string>()
  for await (const part of readMultipart(contentType, call.request.body ?? NOTHING)) {
    if (part.fileName === undefined) {
      fields.set(part.name, await readSmallText(part.bytes))
      continue
    }
    const [tableName, tableSysId] = ['table_name', 'table_sys_id'].map(name => fields.get(name) || undefined)
    if (tableName === undefined) throw missingParameter('table_name')
    if (tableSysId === undefined) throw missingParameter('table_sys_id')
    return storeFile(call, { tableName, tableSysId, fileName: part.fileName, contentType: part.contentType, bytes: part.bytes })
  }
  throw missingParameter('uploadFile')
}

const MOST_FIELD_BYTES = 4_096

async function readSmallText(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of bytes) {
    size += piece.length
    if (size > MOST_FIELD_BYTES) throw notMultipart('A form field is too long')
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString('utf8')
}

interface Sent {
  readonly tableName: string
  readonly tableSysId: string
  readonly fileName: string
  readonly contentType: string
  readonly bytes: AsyncIterable<Uint8Array>
  readonly createdOn?: string | undefined
}

async function storeFile(call: ApiCall, sent: Sent): Promise<Response> {
  const { practice, caller } = call
  const tableSysId = asSysId(sent.tableSysId)
  const target = await findTarget(call, sent.tableName, tableSysId, 'Insert')
  assertAllowed(call, sent.fileName)
  const row = await storeAttachment(
    practice,
    caller,
    {
      table: target,
      tableSysId,
      fileName: sent.fileName.replaceAll('\0', ''),
      contentType: /^[\x20-\x7e]{1,255}$/.test(sent.contentType) ? sent.contentType : 'application/octet-stream',
      bytes: sent.bytes,
      createdOn: sent.createdOn,
    },
    attachments(call).projection,
  )
  const result = metadata(call, row)
  practice.announce([
    { table: 'sys_attachment', sysId: result.sys_id!, operation: 'insert' },
    { table: target.name, sysId: tableSysId, operation: 'update' },
  ])
  return json(201, { result }, { Location: `${resourceUrl(call, 'attachment')}/${result.sys_id}` })
}

/** Properties `glide.attachment.role` and `glide.attachment.extensions` (contract servicenow-core.md 4). */
function assertAllowed({ practice: { standing }, caller }: ApiCall, fileName: string): void {
  const roles = standing.list('glide.attachment.role')
  if (roles.length > 0 && !caller.roles.has('admin') && !roles.some(role => caller.roles.has(role))) throw rightsException('Insert')
  const extensions = standing.list('glide.attachment.extensions')
  const extension = fileName.includes('.') ? fileName.split('.').at(-1)!.toLowerCase() : ''
  if (extensions.length > 0 && !extensions.includes(extension)) throw extensionNotAllowed(extension)
}

/** The concrete class of the record that an attachment belongs to, if the caller may write it. */
async function findTarget(call: ApiCall, tableName: string, sysId: string, write: Write): Promise<Table> {
  const { practice, caller } = call
  const table = practice.dictionary.table(tableName)
  if (!table || table.root === 'sys_attachment') throw targetMissing(tableName, sysId)
  const projection = practice.projections.of(table, table.extendable ? 'sys_class_name' : 'sys_id', 'false')
  const row = await readOne(practice.database, practice.database, { table, caller, sysId, projection })
  if (!row) throw targetMissing(tableName, sysId)
  if (!(await mayWrite(practice, { table, caller, write, sysId }))) throw rightsException(write)
  return (table.extendable ? practice.dictionary.table(row[1] ?? '') : undefined) ?? table
}

/** PATCH /attachment/{sys_id}: a new file name. */
export async function renameFile(call: ApiCall): Promise<Response> {
  const { file_name: fileName } = await readObject(call.request)
  if (typeof fileName !== 'string' || fileName === '') throw missingParameter('file_name')
  const {
    sys_id: sysId,
    table_name: tableName,
    table_sys_id: tableSysId,
  } = (await readMetadata(call)) as { sys_id: string; table_name: string; table_sys_id: string }
  await findTarget(call, tableName, tableSysId, 'Update')
  assertAllowed(call, fileName)
  if (await renameAttachment(call.practice, call.caller, sysId, fileName.replaceAll('\0', '')))
    call.practice.announce([{ table: 'sys_attachment', sysId, operation: 'update' }])
  return new Response(null, { status: 204 })
}

/** DELETE /attachment/{sys_id} */
export async function removeFile(call: ApiCall): Promise<Response> {
  const {
    sys_id: sysId,
    table_name: tableName,
    table_sys_id: tableSysId,
  } = (await readMetadata(call)) as { sys_id: string; table_name: string; table_sys_id: string }
  await findTarget(call, tableName, tableSysId, 'Delete')
  if (!(await deleteAttachment(call.practice, sysId))) throw noRecord()
  call.practice.announce([{ table: 'sys_attachment', sysId, operation: 'delete' }])
  return new Response(null, { status: 204 })
}
