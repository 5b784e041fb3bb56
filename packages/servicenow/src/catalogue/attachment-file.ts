import { mediaTypeOf } from '@deskbridge/attachment'
import { z } from 'zod'
import { action } from '../performing/action.ts'
import { EXAMPLE_FILE, metadata, metadataFrom, metadataOfHeader, newMetadataFrom } from '../rows/attachment-metadata.ts'
import { BYTES, byteStream, withSizeChecked } from '../rows/file-bytes.ts'
import * as input from '../rows/input.ts'
import { ATTACHMENT_NEEDS } from '../rows/needs.ts'

/** The bytes of attachments, streamed both ways; never held as one value. */

const downloadInput = z.strictObject({ sysId: input.sysId })

const uploadInput = z.strictObject({
  table: input.tableName,
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

export const attachmentFileActions = [
  action({
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
    perform: async (sender, call, { sysId }) => {
      const { headers, body } = await sender.send(call)
      const source = body as ReadableStream<Uint8Array>
      try {
        const told = metadataOfHeader(headers.get('x-attachment-metadata'))
        const about = metadataFrom(sender, told ?? (await sender.send({ method: 'GET', path: `/api/now/attachment/${sysId}` })).result)
        const size = Number(about.size_bytes)
        return { name: about.file_name, contentType: about.content_type, size, body: withSizeChecked(sender, source, size) }
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
  }),
  action({
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
    perform: async (sender, call) => newMetadataFrom(sender, (await sender.send(call)).result),
    example: {
      input: {
        table: EXAMPLE_FILE.table_name,
        sysId: EXAMPLE_FILE.table_sys_id,
        name: EXAMPLE_FILE.file_name,
        contentType: EXAMPLE_FILE.content_type,
        body: new Uint8Array([0x89, 0x50, 0x4e, 0x47]),
      },
      output: EXAMPLE_FILE,
    },
    source: 'Attachment API, POST /now/attachment/file (servicenow-core 4)',
    repeat: { probe: 'attachment.list of the record, and compare name, size and, where the instance has it, hash.' },
  }),
] as const
