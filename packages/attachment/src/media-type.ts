import { extname } from 'node:path'
import { MIMEType } from 'node:util'
import mime from 'mime'

const UNKNOWN = 'application/octet-stream'
const LONGEST = 100

/**
 * The media type of a file: the one that was told, or where none was, or no such one, the one that its name's extension stands for.
 * Without either it is `application/octet-stream`.
 * @example mediaTypeOf('report.pdf') // 'application/pdf'
 * @example mediaTypeOf('a.txt', 'Text/Plain;charset=utf-8') // 'text/plain; charset=utf-8'
 */
export function mediaTypeOf(name: string, told?: string | null): string {
  return readMediaType(told ?? '') ?? guessed(name)
}

/**
 * A media type as it goes into a header, with its parameters as far as they are well-formed; undefined for what is none. Read as browsers
 * do (WHATWG MIME Sniffing, section 4): `application/pdf; name=a b.pdf` is one, `text` is not.
 */
export function readMediaType(text: string): string | undefined {
  let type: MIMEType
  try {
    type = new MIMEType(text)
  } catch {
    return undefined
  }
  const { essence, params } = type
  if (essence.length > LONGEST || essence.includes('*')) return undefined
  const whole = `${essence}; ${params}`
  // A file is not to be lost because of what is said beside its type.
  return String(params) !== '' && whole.length <= LONGEST && /^[\x20-\x7e]+$/.test(whole) ? whole : essence
}

function guessed(name: string): string {
  const extension = extname(name)
  // The library takes a name without a dot for an extension.
  return (extension && mime.getType(extension)) || UNKNOWN
}
