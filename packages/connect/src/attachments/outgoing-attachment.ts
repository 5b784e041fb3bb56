import { type FileHandle, open, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { mediaTypeOf } from '@deskbridge/attachment'
import { ConnectError } from '../calling/connect-error.ts'
import { fixedBody, type OutgoingBody } from '../calling/outgoing-body.ts'

/** A file to send along: where it lies, or its bytes. Without a `content_type`, or with an empty one, it is that of the name's extension. */
export type OutgoingAttachment =
  | { path: string; name?: string; content_type?: string | null | undefined }
  | { bytes: Uint8Array; name: string; content_type?: string | null | undefined }

/** All attachments of one message together, before base64 (KPN's portal page, contract 3.1: "80 MB"). */
export const ATTACHMENT_LIMIT = 80 * 1024 * 1024

/** A multiple of three, so that each piece becomes base64 without padding and the pieces can be put one after the other. */
const PIECE = 48 * 1024

/**
 * The JSON body of a message. Without attachments it is a string; with them it is a stream that holds one piece of one file at a
 * time, whatever their size.
 * @throws ConnectError `attachments_too_large`, `attachment_unreadable`.
 */
export async function prepareBody(fields: object, attachments: readonly OutgoingAttachment[] = []): Promise<OutgoingBody> {
  const json = JSON.stringify(fields)
  if (attachments.length === 0) return fixedBody(json)
  const sources = await Promise.all(attachments.map(prepareSource))
  const size = sources.reduce((sum, { size }) => sum + size, 0)
  if (size > ATTACHMENT_LIMIT) {
    throw problem('attachments_too_large', `The attachments are ${size} bytes; one message carries at most ${ATTACHMENT_LIMIT}`)
  }
  const parts = bodyParts(json, sources)
  return {
    open: progress => streamOf(parts, progress),
    length: parts.reduce((sum, part) => sum + (typeof part === 'string' ? Buffer.byteLength(part) : 4 * Math.ceil(part.size / 3)), 0),
  }
}

interface Source {
  name: string
  content_type: string
  size: number
  pieces(): AsyncIterable<Uint8Array> | Iterable<Uint8Array>
}

function bodyParts(json: string, sources: Source[]): (string | Source)[] {
  const parts: (string | Source)[] = []
  let before = `${json.slice(0, -1)}${json === '{}' ? '' : ','}"attachments":[`
  for (const prepareSource of sources) {
    const { name, content_type } = prepareSource
    parts.push(`${before}${JSON.stringify({ name, content_type }).slice(0, -1)},"content":"`, prepareSource)
    before = '"},'
  }
  parts.push('"}]}')
  return parts
}

async function prepareSource(attachment: OutgoingAttachment): Promise<Source> {
  return 'path' in attachment ? await readFileSource(attachment) : bytesSource(attachment)
}

function bytesSource({ bytes, name, content_type }: Extract<OutgoingAttachment, { bytes: Uint8Array }>): Source {
  function* pieces() {
    for (let at = 0; at < bytes.length; at += PIECE) yield bytes.subarray(at, at + PIECE)
  }
  return { name, content_type: mediaTypeOf(name, content_type), size: bytes.length, pieces }
}

async function readFileSource({
  path,
  name = basename(path),
  content_type,
}: Extract<OutgoingAttachment, { path: string }>): Promise<Source> {
  const before = await stat(path).catch(unreadable(path))
  if (!before.isFile()) throw problem('attachment_unreadable', `${path} is not a file`)
  async function* pieces() {
    const file = await open(path, 'r').catch(unreadable(path))
    try {
      const now = await file.stat()
      // A second attempt must carry the same bytes, or the service would take it for another message.
      if (now.size !== before.size || now.mtimeMs !== before.mtimeMs) throw changed(path)
      // One buffer for all pieces: each is encoded before the next is asked for.
      const piece = Buffer.allocUnsafe(Math.min(PIECE, before.size))
      for (let at = 0; at < before.size; at += PIECE) {
        yield await fillPiece(piece.subarray(0, before.size - at), file, at, path)
      }
    } finally {
      await file.close()
    }
  }
  return { name, content_type: mediaTypeOf(name, content_type), size: before.size, pieces }
}

async function fillPiece(piece: Buffer, file: FileHandle, at: number, path: string): Promise<Uint8Array> {
  let have = 0
  while (have < piece.length) {
    const { bytesRead } = await file.read(piece, have, piece.length - have, at + have).catch(unreadable(path))
    if (bytesRead === 0) throw changed(path)
    have += bytesRead
  }
  return piece
}

function streamOf(parts: (string | Source)[], progress: () => void): ReadableStream<Uint8Array> {
  const pieces = encodePieces(parts)
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        progress()
        const { done, value } = await pieces.next()
        if (done) controller.close()
        else controller.enqueue(value)
      },
      async cancel() {
        await pieces.return(undefined)
      },
    },
    { highWaterMark: 0 },
  )
}

async function* encodePieces(parts: (string | Source)[]): AsyncGenerator<Uint8Array, undefined> {
  for (const part of parts) {
    if (typeof part === 'string') {
      yield Buffer.from(part)
      continue
    }
    for await (const piece of part.pieces()) {
      yield Buffer.from(Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength).toString('base64'), 'latin1')
    }
  }
}

function changed(path: string): ConnectError {
  return problem('attachment_changed', `${path} was changed while it was being sent`)
}

function unreadable(path: string): (cause: Error) => never {
  return cause => {
    throw problem('attachment_unreadable', `${path} cannot be read: ${cause.message}`, cause)
  }
}

function problem(code: string, message: string, cause?: Error): ConnectError {
  return new ConnectError({ status: 0, code, message, retryable: false, cause })
}
