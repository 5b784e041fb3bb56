import { ExchangeError } from './errors.ts'

/** The path of a request as its caller wrote it: a URL object has tidied it up already, and would hide where it leads. */
export const writtenPath = (target: string): string => target.replace(/^https?:\/\/[^/?#]*/i, '').replace(/[?#].*$/s, '')

/**
 * Refuses a path that somebody on the way may read as another one: with dot segments, however they are written, or with bytes that are
 * no text. A proxy's rules go by what is written; what is answered must be what they saw.
 * @throws ExchangeError invalid_path
 */
export function assertPlainPath(path: string): void {
  if (!/%|\/\.|\\/.test(path)) return
  const parts = path
    .replace(/%2e/gi, '.')
    .split(/\/|\\|%2f|%5c/i)
    .map(part => part.replace(/;.*/s, ''))
  if (parts.includes('.') || parts.includes('..')) throw wrong('has a dot segment')
  try {
    decodeURIComponent(path)
  } catch {
    throw wrong('has a percent sign that does not begin the UTF-8 bytes of a character')
  }
}

/**
 * Refuses a path that has parts of its route written otherwise, such as `/oper%61tor`. Only a parameter may be percent-encoded.
 * @param route as `/GetAttachment/:attachment_id`
 * @throws ExchangeError no_such_path
 */
export function assertWrittenAs(route: string, path: string): void {
  const wanted = route.split('/')
  const given = path.split('/')
  if (given.length !== wanted.length || !wanted.every((part, at) => part.startsWith(':') || part === given[at])) throw noSuchPath(path)
}

/** @throws nothing: gives what to throw, which says more where an encoded slash is the cause */
export const noSuchPath = (path: string): ExchangeError =>
  /%2f|%5c|\\/i.test(path)
    ? wrong('has an encoded slash or a backslash')
    : new ExchangeError('no_such_path', `There is nothing at ${path.slice(0, 200)}.`)

const wrong = (what: string) => new ExchangeError('invalid_path', `The path of the address ${what}.`)
