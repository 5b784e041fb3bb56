import { createHash } from 'node:crypto'
import type { Caller } from '../caller/caller.ts'
import type { Table } from '../dictionary/dictionary.ts'
import { brokenUpload, fileTooLarge, targetMissing } from '../refusals/attachment.ts'
import { copyIn } from '../storage/copy-in.ts'
import type { Cells, Database, Transaction } from '../storage/database.ts'
import { newSysId } from '../sys-id.ts'
import { DATABASE_NOW } from './insert.ts'
import type { Projection } from './projection.ts'
import type { Store } from './store.ts'

/** Rows of the bytes; also what `chunk_size_bytes` tells (contract servicenow-core.md 4). */
const CHUNK_BYTES = 700_000

/** Property `com.glide.attachment.max_size`, where nobody set it. */
const MOST_MEGABYTES = 1024

/** Where files are stored, and how large they may be. */
export interface Uploading {
  readonly database: Database
  readonly standing: { number(name: 'com.glide.attachment.max_size', otherwise: number): number }
}

/** A file on its way in. */
export interface Upload {
  readonly table: Table
  readonly tableSysId: string
  readonly fileName: string
  readonly contentType: string
  readonly bytes: AsyncIterable<Uint8Array>
  /** When the file says it was made, in UTC; now where it says nothing. */
  readonly createdOn?: string | undefined
}

/**
 * Stores an attachment as its bytes arrive, one chunk in memory at a time, in one transaction: when the stream breaks,
 * nothing remains. Its time is that of its last statement, so that a slow upload does not appear in the past. The record it
 * belongs to moves with it (contract servicenow-core.md 12.2).
 */
export async function storeAttachment(
  { database, standing }: Uploading,
  caller: Caller,
  upload: Upload,
  projection: Projection,
): Promise<Cells> {
  const sysId = newSysId()
  const most = standing.number('com.glide.attachment.max_size', MOST_MEGABYTES)
  return database.transaction(async transaction => {
    const digest = createHash('sha256')
    let size = 0
    const rows = async function* () {
      let position = 0
      for await (const chunk of inChunks(upload.bytes)) {
        size += chunk.length
        if (size > most * 1024 * 1024) throw fileTooLarge(most)
        digest.update(chunk)
        yield [sysId, position++, chunk] as const
      }
    }
    await copyIn(transaction, database.name('sys_attachment_doc'), ['sys_attachment', 'position', 'data'], rows())
    const stored = { sysId, size, hash: digest.digest('hex') }
    const row = await insertMetadata(database, transaction, { caller, upload, stored, projection })
    if (!row) throw targetMissing(upload.table.name, upload.tableSysId)
    return row
  }, 'upload')
}

interface Metadata {
  readonly caller: Caller
  readonly upload: Upload
  readonly stored: { sysId: string; size: number; hash: string }
  readonly projection: Projection
}

/** Undefined where the record that the file belongs to is not there any more. */
async function insertMetadata(
  database: Database,
  transaction: Transaction,
  { caller, upload, stored, projection }: Metadata,
): Promise<Cells | undefined> {
  const [row] = await transaction.run(
    `with made as (select ${DATABASE_NOW}),
p as (update ${database.name(upload.table.root)} p set sys_updated_on = made.now, sys_updated_by = $2, sys_mod_count = p.sys_mod_count + 1
  from made where p.sys_id = $3 returning p.sys_id),
t as (insert into ${database.name('sys_attachment')} (sys_id, sys_created_on, sys_created_by, sys_updated_on, sys_updated_by, sys_mod_count,
    table_name, table_sys_id, file_name, content_type, size_bytes, size_compressed, compressed, chunk_size_bytes, hash, state)
  select $1, coalesce($9::timestamp, made.now), $2, made.now, $2, 0, $4, p.sys_id, $5, $6, $7::integer, $7::integer, false, ${CHUNK_BYTES}, $8, 'available' from p, made returning *)
select true, ${projection.select} from t`,
    [
      stored.sysId,
      caller.userName,
      upload.tableSysId,
      upload.table.name,
      upload.fileName,
      upload.contentType,
      String(stored.size),
      stored.hash,
      upload.createdOn ?? null,
    ],
  )
  return row
}

/** Cuts a stream of pieces of any length into chunks of one length. A chunk is valid until the next one is asked for. */
async function* inChunks(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  try {
    yield* (pieces instanceof ReadableStream ? filledChunks(pieces) : undefined) ?? cutChunks(pieces)
  } catch (error) {
    throw error instanceof Error && 'status' in error ? error : brokenUpload()
  }
}

/** A byte stream fills our own buffer; undefined when it is none, which only asking tells. */
function filledChunks(stream: ReadableStream<Uint8Array>): AsyncGenerator<Buffer> | undefined {
  let reader: ReadableStreamBYOBReader
  try {
    reader = stream.getReader({ mode: 'byob' })
  } catch {
    return undefined
  }
  return readFull(reader)
}

async function* readFull(reader: ReadableStreamBYOBReader): AsyncGenerator<Buffer> {
  let chunk = new ArrayBuffer(CHUNK_BYTES)
  try {
    for (;;) {
      let length = 0
      let ended = false
      while (!ended && length < CHUNK_BYTES) {
        const { done, value } = await reader.read(new Uint8Array(chunk, length))
        if (value) chunk = value.buffer
        length += value?.byteLength ?? 0
        ended = done
      }
      if (length > 0) yield Buffer.from(chunk, 0, length)
      if (ended) return
    }
  } finally {
    // Where the end was reached this does nothing.
    await reader.cancel().catch(() => {})
  }
}

async function* cutChunks(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES)
  let length = 0
  for await (let piece of pieces) {
    while (length + piece.length >= CHUNK_BYTES) {
      const taken = CHUNK_BYTES - length
      chunk.set(piece.subarray(0, taken), length)
      yield chunk
      piece = piece.subarray(taken)
      length = 0
    }
    chunk.set(piece, length)
    length += piece.length
  }
  if (length > 0) yield chunk.subarray(0, length)
}

/** The bytes of an attachment, one chunk in memory at a time and no connection held in between. */
export function readAttachmentBytes({ database }: Pick<Store, 'database'>, sysId: string): ReadableStream<Uint8Array> {
  let position = 0
  return new ReadableStream(
    {
      pull: async controller => {
        const chunk = await database.readBytes(
          `select data from ${database.name('sys_attachment_doc')} where sys_attachment = $1 and position = $2`,
          [sysId, position],
        )
        position += 1
        if (chunk) controller.enqueue(chunk)
        else controller.close()
      },
    },
    { highWaterMark: 1 },
  )
}

/** Deletes a file and its bytes; false where it was not there. */
export async function deleteAttachment({ database }: Pick<Store, 'database'>, sysId: string): Promise<boolean> {
  const rows = await database.run(
    `with t as (delete from ${database.name('sys_attachment')} where sys_id = $1 returning sys_id),
d as (delete from ${database.name('sys_attachment_doc')} where sys_attachment in (select sys_id from t))
select sys_id from t`,
    [sysId],
  )
  return rows.length > 0
}

/** Gives a file another name; false where it has it already, or is not there. */
export async function renameAttachment(
  { database }: Pick<Store, 'database'>,
  caller: Caller,
  sysId: string,
  fileName: string,
): Promise<boolean> {
  const rows = await database.run(
    `with made as (select ${DATABASE_NOW})
update ${database.name('sys_attachment')} t set file_name = $2, sys_updated_on = made.now, sys_updated_by = $3, sys_mod_count = t.sys_mod_count + 1
from made where t.sys_id = $1 and t.file_name is distinct from $2 returning t.sys_id`,
    [sysId, fileName, caller.userName],
  )
  return rows.length > 0
}
