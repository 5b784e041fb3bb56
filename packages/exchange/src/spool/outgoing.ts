/** In bytes, a multiple of three, so that every piece but the last ends on a whole base64 group. */
const PIECE = 192 * 1024

/**
 * Writes an attachment as JSON while its bytes stream in: `{"name":…,"content":"<base64>","content_type":…}`, with
 * `content` after the name and before all else. It reads on only when asked to. When the source fails the stream
 * fails, so that the connection is cut: a partner never gets a short file that looks whole.
 */
export function attachmentBody(head: Record<string, string>, bytes: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  if (Object.hasOwn(head, 'content')) throw new TypeError('The content of an attachment comes from its bytes')
  const { name, ...rest } = head
  const reader = bytes.getReader()
  let prefix = name === undefined ? '{"content":"' : `{"name":${JSON.stringify(name)},"content":"`
  const suffix = Object.entries(rest).map(([member, value]) => `,${JSON.stringify(member)}:${JSON.stringify(value)}`)
  let waiting: Buffer = Buffer.alloc(0)
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        while (waiting.length < 3) {
          const { done, value } = await reader.read()
          if (done) {
            controller.enqueue(Buffer.from(`${prefix}${waiting.toString('base64')}"${suffix.join('')}}`))
            return controller.close()
          }
          const next = Buffer.from(value.buffer, value.byteOffset, value.byteLength)
          waiting = waiting.length === 0 ? next : Buffer.concat([waiting, next])
        }
        const length = Math.min(PIECE, waiting.length - (waiting.length % 3))
        controller.enqueue(Buffer.from(prefix + waiting.toString('base64', 0, length)))
        prefix = ''
        waiting = waiting.subarray(length)
      },
      cancel: reason => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  )
}
