import { buffer } from 'node:stream/consumers'
import { NotBase64 } from '@deskbridge/attachment'
import { type Action, ServiceNowError } from '@deskbridge/servicenow'
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js'
import { binaryFields, bytesIn } from '../catalogue/bytes-in.ts'

/** Files of an assistant: base64 on the way in, a resource on the way out. Larger ones are for the command line. */

const LARGEST = 2 * 1024 * 1024

/** The input with its base64 made bytes. @throws ServiceNowError kind `invalid` */
export function filesIn(row: Action, input: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const withBytes = decoded(row, input)
  for (const field of binaryFields(row.input, 'input')) {
    const { byteLength = 0 } = (withBytes[field] ?? {}) as { byteLength?: number }
    if (byteLength > LARGEST) throw invalid(row, `${field}: ${byteLength} bytes; ${LARGEST} at most, use the command line for more`)
  }
  return withBytes
}

function decoded(row: Action, input: Readonly<Record<string, unknown>>): Record<string, unknown> {
  try {
    return bytesIn(row, input)
  } catch (error) {
    throw error instanceof NotBase64 ? invalid(row, error.message) : error
  }
}

/** The answer without its bytes, and the bytes as content; undefined where the answer has none. */
export async function readBytesOut(row: Action, answer: Readonly<Record<string, unknown>>): Promise<CallToolResult | undefined> {
  const [field] = binaryFields(row.output, 'output')
  if (field === undefined) return undefined
  const { [field]: body, ...rest } = answer
  const about = rest as { size?: number; contentType?: string; name?: string }
  const stream = body as ReadableStream<Uint8Array>
  if ((about.size ?? 0) > LARGEST) {
    await stream.cancel()
    throw invalid(
      row,
      `the file has ${about.size} bytes; ${LARGEST} at most come through here: "deskbridge action run ${row.name} --output FILE" takes any`,
    )
  }
  const bytes = await buffer(stream)
  const type = about.contentType ?? 'application/octet-stream'
  const uri = `deskbridge:///${encodeURIComponent(about.name ?? 'file')}`
  const resource = type.startsWith('text/')
    ? { uri, mimeType: type, text: bytes.toString('utf8') }
    : { uri, mimeType: type, blob: bytes.toString('base64') }
  return {
    content: [
      { type: 'text', text: JSON.stringify(about) },
      { type: 'resource', resource },
    ],
  }
}

function invalid({ name }: Action, detail: string): ServiceNowError {
  return new ServiceNowError({ kind: 'invalid', action: name, written: 'no', detail })
}
