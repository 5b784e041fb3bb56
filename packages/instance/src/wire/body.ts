import { noContentType, notJson, notReadable, notXml, tooDeep, tooLarge, unsupportedMediaType } from '../refusals/platform.ts'
import { otherCharset } from './charset.ts'
import { readXml } from './xml.ts'

/** Property `glide.rest.max_content_length`: 10 MB (contract servicenow-core.md 2.4). */
const MOST_BYTES = 10 * 1024 * 1024

const DEEPEST = 50

/** The object of a request, from JSON or XML; of several records only the first counts (contract servicenow-core.md 2.1). */
export async function readObject(request: Request): Promise<Record<string, unknown>> {
  if (request.headers.get('content-length') === '0') return {}
  const type = request.headers.get('content-type')
  if (type === null) {
    // A request without a body needs no type.
    if (request.body === null || (await readBodyText(request, MOST_BYTES)) === '') return {}
    throw noContentType()
  }
  const read = READERS.get(type.split(';', 1)[0]!.trim().toLowerCase())
  if (!read) {
    if (request.body === null) return {}
    throw unsupportedMediaType()
  }
  const text = await readBodyText(request, MOST_BYTES)
  return text.trim() === '' ? {} : read(text)
}

const READERS: ReadonlyMap<string, (text: string) => Record<string, unknown>> = new Map([
  ['application/json', fromJson],
  ['text/json', fromJson],
  ['application/xml', fromXml],
  ['text/xml', fromXml],
])

function fromJson(text: string): Record<string, unknown> {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    throw notJson()
  }
  const first: unknown = Array.isArray(parsed) ? parsed[0] : parsed
  // What some clients send for "nothing".
  if (first === null) return {}
  if (typeof first !== 'object' || Array.isArray(first)) throw notJson()
  for (const value of Object.values(first)) if (typeof value === 'object' && value !== null) holdShallow(value, 1)
  return first as Record<string, unknown>
}

function holdShallow(value: object, depth: number): void {
  if (depth > DEEPEST) throw tooDeep()
  for (const one of Object.values(value)) if (typeof one === 'object' && one !== null) holdShallow(one, depth + 1)
}

/** `<request><entry><short_description>x</short_description></entry></request>`, or the fields without an entry around them. */
function fromXml(text: string): Record<string, unknown> {
  let value: unknown
  try {
    value = readXml(text).value
  } catch (error) {
    throw notXml((error as Error).message)
  }
  if (typeof value === 'string') return {}
  const { entry, ...others } = value as Record<string, unknown>
  if (entry === undefined || Object.keys(others).length > 0) return value as Record<string, unknown>
  const first: unknown = Array.isArray(entry) ? entry[0] : entry
  return typeof first === 'string' ? {} : (first as Record<string, unknown>)
}

/** The body as text, unpacked, and never more of it in memory than it may have. */
export async function readBodyText(request: Request, most: number): Promise<string> {
  const announced = Number(request.headers.get('content-length') ?? 0)
  if (announced > most) {
    await swallow(request.body ?? [])
    throw tooLarge(announced, most)
  }
  const decoder = decoderOf(request)
  const packing = request.headers.get('content-encoding')?.trim().toLowerCase() ?? 'identity'
  if (packing === 'identity' && decoder === undefined && announced > 0) return request.text()
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of decompress(request, packing)) {
    size += part.byteLength
    if (size <= most) parts.push(part)
    else if (packing !== 'identity' || size > MOST_SWALLOWED) break
  }
  if (size > most) throw tooLarge(size, most)
  return (decoder ?? new TextDecoder()).decode(parts.length === 1 ? parts[0] : Buffer.concat(parts))
}

/** A caller who is still sending does not listen, so what is too large is taken in and forgotten before it is refused; up to this much. */
const MOST_SWALLOWED = 256 * 1024 * 1024

/** Reads a body to its end, 256 MiB of it at most, and throws it away; a caller who is gone is no error. */
export async function swallow(body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void> {
  let size = 0
  try {
    for await (const part of body) {
      size += part.byteLength
      if (size > MOST_SWALLOWED) return
    }
  } catch {
    // The caller is gone; nobody waits for the refusal.
  }
}

async function* decompress({ body }: Request, packing: string): AsyncGenerator<Uint8Array> {
  if (packing === 'identity') return yield* body ?? []
  if (packing !== 'gzip' && packing !== 'x-gzip') throw unsupportedMediaType('A request may be compressed with gzip, nothing else')
  if (body === null) return
  try {
    yield* body.pipeThrough(new DecompressionStream('gzip') as unknown as TransformStream<Uint8Array, Uint8Array>)
  } catch {
    throw notReadable('The body is not gzip')
  }
}

/** A decoder for a charset other than UTF-8, which is what bodies are without one. */
function decoderOf(request: Request): InstanceType<typeof TextDecoder> | undefined {
  const charset = otherCharset(request.headers.get('content-type') ?? '')
  if (charset === undefined) return undefined
  try {
    return new TextDecoder(charset)
  } catch {
    throw unsupportedMediaType(`The charset ${charset} is not known`)
  }
}
