import { assertUtf8 } from './charset.ts'
import { ExchangeError } from './errors.ts'

/** Reads a body that is text of this type, in UTF-8 and of at most so many bytes. */
export async function readText(request: Request, type: string, longest: number): Promise<string> {
  const given = request.headers.get('content-type') ?? ''
  if (given.split(';')[0]!.trim().toLowerCase() !== type)
    throw new ExchangeError('unsupported_media_type', `This takes ${type}${given ? `, not ${given.slice(0, 100)}` : ''}.`, {
      hint: `Send "Content-Type: ${type}".`,
    })
  assertUtf8(given)
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of request.body ?? []) {
    size += piece.length
    if (size > longest) throw new ExchangeError('too_large', `The body is longer than ${longest} bytes.`)
    pieces.push(piece)
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(pieces))
  } catch {
    throw new ExchangeError('unsupported_media_type', 'The body is not in UTF-8.', { hint: 'Save the file as UTF-8.' })
  }
}
