import { Base64Decoder, NotBase64 } from '@deskbridge/attachment'
import { type Action, jsonSchema } from '@deskbridge/servicenow'

/** Files in an input that came as JSON: base64, by the rule of the Connect API. */

/** The input with its base64 made bytes. @throws NotBase64 that names the field */
export function bytesIn(row: Pick<Action, 'input'>, input: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const binary = binaryFields(row.input, 'input').filter(field => typeof input[field] === 'string')
  return { ...input, ...Object.fromEntries(binary.map(field => [field, decodeBytes(field, input[field] as string)])) }
}

export function binaryFields(schema: Action['input'], io: 'input' | 'output'): string[] {
  return Object.entries(jsonSchema(schema, io).properties ?? {}).flatMap(([name, { format }]) => (format === 'binary' ? [name] : []))
}

function decodeBytes(field: string, text: string): Uint8Array {
  const decoder = new Base64Decoder()
  try {
    const bytes = new Uint8Array(decoder.decode(Buffer.from(text)))
    decoder.finish()
    return bytes
  } catch (error) {
    if (error instanceof NotBase64) error.message = `${field} ${error.message}`
    throw error
  }
}
