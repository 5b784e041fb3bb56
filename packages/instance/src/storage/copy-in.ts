import { pipeline } from 'node:stream/promises'
import { from } from 'pg-copy-streams'
import type { Transaction } from './database.ts'

/** What a column of type text, integer or bytea takes. */
type Value = string | number | Buffer

/** PostgreSQL, "COPY", section Binary Format: signature, flags, length of the header's extension. */
const HEAD = Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), Buffer.alloc(8)])
const END = Buffer.from([0xff, 0xff])

/**
 * Writes rows as they come, by `COPY`: a value goes to the socket as it is, where a parameter of a statement is copied three
 * times on the way (80 MiB of them leave 400 MB to collect). A row's buffers are free again when the next row is asked for.
 * @param columns already quoted where they must be
 */
export async function copyIn(
  { client }: Transaction,
  table: string,
  columns: readonly string[],
  rows: AsyncIterable<readonly Value[]>,
): Promise<void> {
  await pipeline(binary(rows), client.query(from(`copy ${table} (${columns.join(', ')}) from stdin (format binary)`)))
}

async function* binary(rows: AsyncIterable<readonly Value[]>): AsyncGenerator<Buffer> {
  yield HEAD
  for await (const row of rows) {
    yield short(row.length)
    for (const value of row) {
      const bytes = typeof value === 'number' ? long(value) : typeof value === 'string' ? Buffer.from(value) : value
      yield long(bytes.length)
      yield bytes
    }
  }
  yield END
}

function short(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeInt16BE(value)
  return bytes
}

function long(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}
