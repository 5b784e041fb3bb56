import type { Upload } from './call.ts'
import type { TimeLimit } from './time-limit.ts'

/** Pieces in which bytes that are in memory go out, so that a slow line still shows that something moves. */
const PIECE = 64 * 1024

export interface UploadStream {
  body: ReadableStream<Uint8Array>
  size: number | undefined
  /** The attempt is over: the source is let go, so that a file does not stay open. */
  end(): void
}

/** The body to send, touching the time limit with every piece that the network takes: only silence ends an upload. */
export function uploadStream(upload: Upload, limit: TimeLimit): UploadStream {
  const { source, size } = sourceOf(upload)
  const reader = source.getReader()
  let sent = 0
  let ended = false
  const end = () => {
    ended = true
    reader.cancel().catch(() => {})
  }
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        limit.touch()
        const { done, value } = await reader.read()
        limit.touch()
        sent += value?.byteLength ?? 0
        // Too much or too little would leave a cut file under a whole file's name; so would a clean end of what was given up.
        if (ended) controller.error(new Error('the upload was given up'))
        else if (size !== undefined && (done ? sent !== size : sent > size)) {
          controller.error(new Error(`the file has ${done ? sent : `more than ${size}`} bytes, ${size} were announced`))
          end()
        } else if (done) controller.close()
        else controller.enqueue(value)
      },
      cancel: end,
    },
    { highWaterMark: 0 },
  )
  return { body, size, end }
}

function sourceOf({ body, size }: Upload): { source: ReadableStream<Uint8Array>; size: number | undefined } {
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
