import type { UploadContent } from './call.ts'
import type { TimeLimit } from './time-limit.ts'

/** Pieces in which bytes that are in memory go out, so that a slow line still shows that something moves. */
const PIECE = 64 * 1024

export interface UploadStream {
  body: ReadableStream<Uint8Array>
  size: number | undefined
  /** The attempt is over: the source is let go, so that a file does not stay open. */
  end(): void
}

/**
 * The body to send, touching the time limit with every piece that the network takes: only silence ends an upload. A source that
 * fills its reader's buffer (a byte stream) stays one, so that an instance in process reads a large file with one buffer.
 */
export function uploadStream(upload: UploadContent, limit: TimeLimit): UploadStream {
  const { source, size } = sourceOf(upload)
  const { reader, fills, read } = readerOf(source)
  let sent = 0
  let ended = false
  const end = () => {
    ended = true
    reader.cancel().catch(() => {})
  }
  const pull = async (controller: ReadableByteStreamController | ReadableStreamDefaultController<Uint8Array>) => {
    limit.touch()
    const asked = 'byobRequest' in controller ? controller.byobRequest : null
    const { done, value } = await read((asked?.view as Uint8Array<ArrayBuffer> | undefined) ?? undefined)
    limit.touch()
    sent += value?.byteLength ?? 0
    // Too much or too little would leave a cut file under a whole file's name; so would a clean end of what was given up.
    if (ended) controller.error(new Error('the upload was given up'))
    else if (size !== undefined && (done ? sent !== size : sent > size)) {
      controller.error(new Error(`the file has ${done ? sent : `more than ${size}`} bytes, ${size} were announced`))
      end()
    } else {
      if (done) controller.close()
      if (asked) asked.respondWithNewView(value!)
      else if (!done) controller.enqueue(value as Uint8Array<ArrayBuffer>)
    }
  }
  const body = fills
    ? (new ReadableStream({ type: 'bytes', pull, cancel: end }) as ReadableStream<Uint8Array>)
    : new ReadableStream<Uint8Array>({ pull, cancel: end }, { highWaterMark: 0 })
  return { body, size, end }
}

/** How a source is read: into the buffer that is given, where it can do that. */
function readerOf(source: ReadableStream<Uint8Array>) {
  const reader = fillingReader(source)
  if (reader) return { reader, fills: true, read: (into: ArrayBufferView<ArrayBuffer> = new Uint8Array(PIECE)) => reader.read(into) }
  const plain = source.getReader()
  return { reader: plain, fills: false, read: () => plain.read() }
}

/** Only a byte stream has one, and only asking tells. */
function fillingReader(source: ReadableStream<Uint8Array>): ReadableStreamBYOBReader | undefined {
  try {
    return source.getReader({ mode: 'byob' })
  } catch {
    return undefined
  }
}

function sourceOf({ body, size }: UploadContent): { source: ReadableStream<Uint8Array>; size: number | undefined } {
  if (body instanceof ReadableStream) return { source: body, size }
  if (body instanceof Blob) return { source: body.stream(), size: body.size }
  return { source: inPieces(body), size: body.byteLength }
}

function inPieces(bytes: Uint8Array): ReadableStream<Uint8Array> {
  let at = 0
  return new ReadableStream(
    {
      pull(controller) {
        if (at >= bytes.byteLength) return controller.close()
        controller.enqueue(bytes.subarray(at, at + PIECE))
        at += PIECE
      },
    },
    { highWaterMark: 0 },
  )
}
