import { randomUUID } from 'node:crypto'
import { createWriteStream, openAsBlob } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { basename } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Action, ServiceNowError } from '@deskbridge/servicenow'
import { throwUnlessOutputEnds } from '../process/nobody-reads.ts'
import { WrongUse } from '../process/wrong-use.ts'
import type { Flag } from './flags.ts'

/** Files on their way into and out of an action, streamed. */

/** The bytes of --file, and its name where the action wants to know it and was not told. */
export async function readFileInput(row: Action, flags: readonly Flag[], path: string, given: Readonly<Record<string, unknown>>) {
  const bytes = flags.find(({ kind }) => kind === 'file')
  if (!bytes) throw new WrongUse(`${row.name} takes no --file.`)
  const wants = (field: string) => given[field] === undefined && flags.some(one => one.field === field)
  return {
    ...(wants('name') && path !== '-' ? { name: basename(path) } : {}),
    [bytes.field]: path === '-' ? Readable.toWeb(process.stdin) : await openBlob(path),
  }
}

/** A blob is read piece by piece, and again when the instance asks to come later. */
async function openBlob(path: string): Promise<Blob> {
  try {
    return await openAsBlob(path)
  } catch (error) {
    throw new WrongUse(`--file: ${path} cannot be read: ${(error as Error).message}`)
  }
}

/** Writes a body to a file, or with - to standard output. A file has its name only once it is whole. */
export async function writeOutput(path: string, body: ReadableStream<Uint8Array>): Promise<void> {
  if (path === '-') return pipeline(Readable.fromWeb(body as never), process.stdout, { end: false }).catch(throwUnlessOutputEnds)
  // In a folder that others share nobody can have made this before.
  const partly = `${path}.${randomUUID()}.part`
  try {
    await pipeline(Readable.fromWeb(body as never), createWriteStream(partly, { flags: 'wx' }))
    await rename(partly, path)
  } catch (error) {
    await rm(partly, { force: true })
    throw error instanceof ServiceNowError ? error : new WrongUse(`--output: ${path} cannot be written: ${(error as Error).message}`)
  }
}
