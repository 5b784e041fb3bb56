import { ServiceNowError } from '../error.ts'
import type { Call } from './call.ts'

/** Longest URL in bytes: 8182 worked, 8347 was answered with 414 (servicenow-core 2.1, measured). */
const LONGEST_URL = 8192

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?(\/|$)/i

/**
 * Understands what people paste as the address of an instance: with or without a scheme, with a trailing slash, or copied from the
 * browser's address bar (`…/nav_to.do?uri=…`, `…/now/nav/ui/…`). Without a scheme it is https, on this machine http.
 * @returns scheme, host and, for an instance behind a prefix, the path; no trailing slash.
 * @throws ServiceNowError kind `invalid`, naming what is wrong.
 */
export function understandAddress(address: string): string {
  const trimmed = address.trim()
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed) ? trimmed : `${LOOPBACK.test(trimmed) ? 'http' : 'https'}://${trimmed}`
  if (!URL.canParse(text)) throw wrongAddress('it is not a URL')
  const url = new URL(text)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw wrongAddress('it must begin with https:// or http://')
  if (url.username || url.password) throw wrongAddress('put the user name and password into signIn, not into the address')
  const copiedFromBrowser = /\.do$|^\/now(\/|$)/.test(url.pathname)
  return url.origin + (copiedFromBrowser ? '' : url.pathname.replace(/\/+$/, ''))
}

function wrongAddress(why: string): ServiceNowError {
  return new ServiceNowError({ kind: 'invalid', action: 'connect', written: 'no', detail: `baseUrl: ${why}` })
}

/**
 * The full URL of a call.
 * @throws ServiceNowError kind `too-large` when it is over 8192 bytes, before anything is sent.
 */
export function urlOf(baseUrl: string, call: Call, action: string): string {
  let url = baseUrl + call.path
  let separator = '?'
  for (const name in call.parameters) {
    const value = call.parameters[name]
    if (value === undefined) continue
    url += `${separator}${name}=${encoded(String(value), name, action)}`
    separator = '&'
  }
  // What is encoded is ASCII, so the length in characters is the length in bytes.
  if (url.length <= LONGEST_URL) return url
  const detail = `the request's URL would have ${url.length} bytes, an instance takes ${LONGEST_URL}: ask for fewer records or fields at once`
  throw new ServiceNowError({ kind: 'too-large', action, written: 'no', detail })
}

function encoded(value: string, name: string, action: string): string {
  // A comma may stand in a query as it is (RFC 3986, 3.4); a list of 200 ids is 400 bytes shorter so.
  if (value.isWellFormed()) return encodeURIComponent(value).replaceAll('%2C', ',')
  throw new ServiceNowError({ kind: 'invalid', action, written: 'no', detail: `${name}: half of a surrogate pair cannot be sent` })
}
