import { pathNotPlain } from '../refusals/platform.ts'

/**
 * Refuses an address whose path a proxy may read as another one: with dot segments or slashes, however they are written, or with bytes
 * that are no text. Looked for in what the caller wrote; a URL object has tidied it up already.
 */
export function assertPlainPath(target: string): void {
  const path = target.replace(/^https?:\/\/[^/?#]*/i, '').replace(/[?#].*$/s, '')
  if (!/%|\/\.|\\/.test(path)) return
  if (/%2f|%5c|\\/i.test(path)) throw pathNotPlain('an encoded slash or a backslash')
  const parts = path
    .replace(/%2e/gi, '.')
    .split('/')
    .map(part => part.replace(/;.*/s, ''))
  if (parts.includes('.') || parts.includes('..')) throw pathNotPlain('a dot segment')
  try {
    decodeURIComponent(path)
  } catch {
    throw pathNotPlain('a percent sign that does not begin the UTF-8 bytes of a character')
  }
}
