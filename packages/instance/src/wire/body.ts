import { noContentType, notJson, tooLarge, unsupportedMediaType } from '../refusals/platform.ts'

/** Property `glide.rest.max_content_length`: 10 MB (contract servicenow-core.md 2.4). */
const MOST_BYTES = 10 * 1024 * 1024

/** The JSON object of a request; of several records only the first counts (contract servicenow-core.md 2.1). */
export async function readObject(request: Request): Promise<Record<string, unknown>> {
  const text = await readJsonText(request)
  if (text.trim() === '') return {}
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    throw notJson()
  }
  const first: unknown = Array.isArray(parsed) ? parsed[0] : parsed
  if (typeof first !== 'object' || first === null || Array.isArray(first)) throw notJson()
  return first as Record<string, unknown>
}

async function readJsonText(request: Request): Promise<string> {
  const type = request.headers.get('content-type')
  if (type === null) {
    if (request.body === null) return ''
    throw noContentType()
  }
  const kind = type.split(';', 1)[0]!.trim().toLowerCase()
  if (kind.endsWith('/xml')) throw unsupportedMediaType('XML is not implemented in the practice instance')
  if (kind !== 'application/json' && kind !== 'text/json') throw unsupportedMediaType()
  return readText(request, MOST_BYTES)
}

/** The body as text, refused as soon as it is larger than it may be. */
export async function readText(request: Request, most: number): Promise<string> {
  const announced = Number(request.headers.get('content-length') ?? 0)
  if (announced > most) throw tooLarge(announced, most)
  if (announced > 0) return request.text()
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of request.body ?? []) {
    size += part.byteLength
    if (size > most) throw tooLarge(size, most)
    parts.push(part)
  }
  return new TextDecoder().decode(parts.length === 1 ? parts[0] : Buffer.concat(parts))
}
