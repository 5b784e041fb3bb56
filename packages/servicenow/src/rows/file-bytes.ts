import { z } from 'zod'
import type { Sender } from '../performing/sender.ts'

/** The bytes of a file in inputs and outputs; never held as one value. */

/** By this the command line takes a file, and an assistant's tool base64, where the SDK takes a stream. */
export const BYTES = { format: 'binary' } as const

export const byteStream = z
  .custom<ReadableStream<Uint8Array>>(given => given instanceof ReadableStream, 'a ReadableStream of bytes')
  .meta(BYTES)

/** The same bytes, ending with an error where they are not as many as the instance said. */
export function withSizeChecked(sender: Sender, source: ReadableStream<Uint8Array>, size: number): ReadableStream<Uint8Array> {
  const reader = source.getReader()
  let received = 0
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await reader.read()
        if (!done) {
          received += value.byteLength
          controller.enqueue(value)
        } else if (received === size) controller.close()
        else controller.error(sender.failure('broken-answer', `the file has ${size} bytes, ${received} arrived`))
      },
      cancel: reason => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  )
}
