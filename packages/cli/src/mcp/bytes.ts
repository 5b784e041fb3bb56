import { buffer } from 'node:stream/consumers'
import { type Action, jsonSchema, ServiceNowError } from '@deskbridge/servicenow'
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js'

/** Files of an assistant: base64 on the way in, a resource on the way out. Larger ones are for the command line. */

const LARGEST = 2 * 1024 * 1024

/** The input with its base64 made bytes. @throws ServiceNowError kind `invalid` */
export function bytesIn(row: Action, input: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const binary = binaryFields(row.input, 'input').filter(field => typeof input[field] === 'string')
  return { ...input, ...Object.fromEntries(binary.map(field => [field, decoded(row, field, input[field] as string)])) }
}

function decoded(row: Action, field: string, text: string): Uint8Array {
  const bytes = Buffer.from(text, 'base64')
  // Node skips what is no base64; a file must not lose a byte because of it.
  if (bytes.toString('base64').replace(/=+$/, '') !== text.replace(/\s/g, '').replace(/=+$/, ''))
    throw invalid(row, `${field}: it is not base64`)
  if (bytes.byteLength > LARGEST)
    throw invalid(row, `${field}: ${bytes.byteLength} bytes; ${LARGEST} at most, use the command line for more`)
  return new Uint8Array(bytes)
}

/** The answer without its bytes, and the bytes as content; undefined where the answer has none. */
export async function bytesOut(row: Action, answer: Readonly<Record<string, unknown>>): Promise<CallToolResult | undefined> {
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

function binaryFields(schema: Action['input'], io: 'input' | 'output'): string[] {
  return Object.entries(jsonSchema(schema, io).properties ?? {}).flatMap(([name, { format }]) => (format === 'binary' ? [name] : []))
}

function invalid({ name }: Action, detail: string): ServiceNowError {
  return new ServiceNowError({ kind: 'invalid', action: name, written: 'no', detail })
}
