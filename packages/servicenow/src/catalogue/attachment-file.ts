import { mediaTypeOf } from '@deskbridge/attachment'
import { z } from 'zod'
import { action } from '../performing/action.ts'
import type { Asking } from '../performing/asking.ts'
import { type AttachmentMetadata, metadata, metadataOfHeader, readMetadata, readNewMetadata } from '../rows/attachment-metadata.ts'
import * as input from '../rows/input.ts'
import { ATTACHMENT_NEEDS } from '../rows/needs.ts'

/** The bytes of attachments, streamed both ways; never held as one value. */

/** By this the command line takes a file, and an assistant's tool base64, where the SDK takes a stream. */
const BYTES = { format: 'binary' } as const

const byteStream = z.custom<ReadableStream<Uint8Array>>(given => given instanceof ReadableStream, 'a ReadableStream of bytes').meta(BYTES)

const downloadInput = z.strictObject({ sysId: input.sysId })

export const downloadAction = action({
  name: 'attachment.download',
  title: 'Download an attachment',
  whenToUse: 'To read the bytes of one file as a stream. The stream ends with an error when the file arrives cut.',
  effect: 'reads',
  shape: 'own',
  needs: ATTACHMENT_NEEDS,
  paging: 'none',
  input: downloadInput,
  output: z.object({
    name: z.string(),
    contentType: z.string(),
    size: z.int().describe('Bytes.'),
    body: byteStream.describe('Read it to its end, or cancel it.'),
  }),
  request: ({ sysId }) => ({ method: 'GET', path: `/api/now/attachment/${sysId}/file`, answer: 'bytes' }),
  perform: async (ask, call, { sysId }) => {
    const { headers, body } = await ask.send(call)
    const source = body as ReadableStream<Uint8Array>
    try {
      const told = metadataOfHeader(headers.get('x-attachment-metadata'))
      const about = readMetadata(ask, told ?? (await ask.send({ method: 'GET', path: `/api/now/attachment/${sysId}` })).result)
      const size = Number(about.size_bytes)
      return { name: about.file_name, contentType: about.content_type, size, body: whole(ask, source, size) }
    } catch (error) {
      await source.cancel(error).catch(() => {})
      throw error
    }
  },
  example: {
    input: { sysId: '6ea10fe64f411200adf9f8e18110c739' },
    output: { name: 'screenshot.png', contentType: 'image/png', size: 36597, body: new ReadableStream<Uint8Array>() },
  },
  source: 'Attachment API, GET /now/attachment/{sys_id}/file (servicenow-core 4)',
  repeat: 'safe',
})

/** The same bytes, ending with an error where they are not as many as the instance said. */
function whole(ask: Asking, source: ReadableStream<Uint8Array>, size: number): ReadableStream<Uint8Array> {
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
        else controller.error(ask.failure('broken-answer', `the file has ${size} bytes, ${received} arrived`))
      },
      cancel: reason => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  )
}

const uploadInput = z.strictObject({
  table: input.table,
  sysId: input.sysId,
  name: z
    .string()
    .min(1)
    .max(255)
    .regex(/^[^\u0000-\u001f\u007f]+$/, 'no control characters')
    .describe('File name with its extension; which ones are allowed is a property of the instance.'),
  contentType: z.string().optional().describe('Media type, such as image/png. Left out, or none: that of the extension of the name.'),
  body: z
    .custom<ReadableStream<Uint8Array> | Blob | Uint8Array>(
      given => given instanceof ReadableStream || given instanceof Blob || given instanceof Uint8Array,
      'a ReadableStream of bytes, a Blob or a Uint8Array',
    )
    .meta(BYTES)
    .describe('The bytes. A stream can be sent once only, so it is never repeated.'),
  size: z.int().min(0).optional().describe('Bytes of a stream: sent as Content-Length, and the upload fails when it has fewer or more.'),
})

export function uploadAction(example: AttachmentMetadata) {
  return action({
    name: 'attachment.upload',
    title: 'Upload an attachment',
    whenToUse: 'To put a file at a record, streamed. ServiceNow takes 1,024 MB unless the instance says otherwise.',
    effect: 'changes',
    shape: 'own',
    needs: ATTACHMENT_NEEDS,
    paging: 'none',
    input: uploadInput,
    output: metadata,
    request: ({ table, sysId, name, contentType, body, size }) => ({
      method: 'POST',
      path: '/api/now/attachment/file',
      parameters: { table_name: table, table_sys_id: sysId, file_name: name },
      upload: { contentType: mediaTypeOf(name, contentType), body, size },
    }),
    perform: async (ask, call) => readNewMetadata(ask, (await ask.send(call)).result),
    example: {
      input: {
        table: example.table_name,
        sysId: example.table_sys_id,
        name: example.file_name,
        contentType: example.content_type,
        body: new Uint8Array([0x89, 0x50, 0x4e, 0x47]),
      },
      output: example,
    },
    source: 'Attachment API, POST /now/attachment/file (servicenow-core 4)',
    repeat: { probe: 'attachment.list of the record, and compare name, size and, where the instance has it, hash.' },
  })
}
