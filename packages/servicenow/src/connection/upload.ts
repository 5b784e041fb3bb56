import type { Upload } from './call.ts'
import type { TimeLimit } from './time-limit.ts'

/** Pieces in which bytes that are in memory go out, so that a slow line still shows that something moves. */
const PIECE = 64 * 1024

/** The body to send, touching the time limit with every piece that the network takes: only silence ends an upload. */
export function uploadStream(upload: Upload, limit: TimeLimit): { body: ReadableStream<Uint8Array>; size: number | undefined } {
  const { source, size } = sourceOf(upload)
  const reader = source.getReader()
  let sent = 0
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        limit.touch()
        const { done, value } = await reader.read()
        limit.touch()
        sent += value?.byteLength ?? 0
        // Too much or too little would leave a cut file under a whole file's name.
        if (size !== undefined && (done ? sent !== size : sent > size)) {
          await reader.cancel().catch(() => {})
          controller.error(new Error(`the file has ${done ? sent : `more than ${size}`} bytes, ${size} were announced`))
        } else if (done) controller.close()
        else controller.enqueue(value)
      },
      cancel: reason => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  )
  return { body, size }
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
