import { randomUUID } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { type AttachmentDetails, decodeAttachment } from '../attachments/incoming-attachment.ts'
import { type CallOptions, type CallSettings, call } from '../calling/call.ts'
import { ConnectError } from '../calling/connect-error.ts'

/** An attachment as the operator has it, decoded. */
export interface Attachment extends AttachmentDetails {
  bytes: Uint8Array
}

/** GET /GetAttachment/{id}, into memory. */
export async function getAttachment(settings: CallSettings, id: string, options?: CallOptions): Promise<Attachment> {
  const read = async (chunks: AsyncIterable<Uint8Array>) => {
    const pieces: Uint8Array[] = []
    const details = await decodeAttachment(chunks, piece => {
      pieces.push(piece)
    })
    return { ...details, bytes: new Uint8Array(Buffer.concat(pieces)) }
  }
  return await call(settings, { method: 'GET', path: attachmentPath(id), repeat: 'read', read }, options)
}

/**
 * GET /GetAttachment/{id}, written on as it arrives. A file appears under its name only when it is whole and on disk, and the
 * download is repeated like any other read. A stream is closed when all is written and aborted when something fails; once
 * something was written to it the download is not repeated, because that cannot be taken back.
 */
export async function saveAttachment(
  settings: CallSettings,
  id: string,
  to: string | WritableStream<Uint8Array>,
  options?: CallOptions,
): Promise<AttachmentDetails> {
  const path = attachmentPath(id)
  if (typeof to === 'string') {
    return await call(settings, { method: 'GET', path, repeat: 'read', read: chunks => saveToFile(chunks, to) }, options)
  }
  const writer = to.getWriter()
  let begun = false
  const read = async (chunks: AsyncIterable<Uint8Array>) => {
    try {
      return await decodeAttachment(chunks, async bytes => {
        begun = true
        await writer.write(bytes).catch(throwNotSaved)
      })
    } catch (error) {
      throw begun ? brokenOff(error) : error
    }
  }
  try {
    const details = await call(settings, { method: 'GET', path, repeat: 'read', read }, options)
    await writer.close().catch(throwNotSaved)
    return details
  } catch (error) {
    await writer.abort(error).catch(() => undefined)
    throw error
  } finally {
    writer.releaseLock()
  }
}

async function saveToFile(chunks: AsyncIterable<Uint8Array>, path: string): Promise<AttachmentDetails> {
  const unfinished = `${path}.${randomUUID()}.part`
  try {
    const file = await open(unfinished, 'wx').catch(throwNotSaved)
    let details: AttachmentDetails
    try {
      details = await decodeAttachment(chunks, async bytes => {
        await file.writeFile(bytes).catch(throwNotSaved)
      })
      await file.sync().catch(throwNotSaved)
    } finally {
      await file.close()
    }
    await rename(unfinished, path).catch(throwNotSaved)
    return details
  } catch (error) {
    await rm(unfinished, { force: true })
    throw error
  }
}

function brokenOff(cause: unknown): unknown {
  if (cause instanceof ConnectError && !cause.retryable) return cause
  const message = 'The attachment broke off after a part of it was written to the stream'
  return new ConnectError({ status: 0, code: 'answer_lost', message, retryable: false, cause })
}

function throwNotSaved(cause: unknown): never {
  const why = cause instanceof Error ? cause.message : String(cause)
  throw new ConnectError({
    status: 0,
    code: 'attachment_not_saved',
    message: `The attachment cannot be written: ${why}`,
    retryable: false,
    cause,
  })
}

function attachmentPath(id: string): string {
  if (id === '') throw new TypeError('an attachment needs its attachment_id')
  return `/GetAttachment/${encodeURIComponent(id)}`
}
