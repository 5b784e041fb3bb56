import { isIP } from 'node:net'
import { ServiceNowError } from '../error.ts'
import type { InstanceCall } from './call.ts'

/** Longest URL in bytes: 8182 worked, 8347 was answered with 414 (servicenow-core 2.1, measured). */
const LONGEST_URL = 8192

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/

/** The name of an instance, as it stands before `.service-now.com`. */
const INSTANCE_NAME = /^[a-z][a-z0-9-]*$/i

/** A scheme, or two where one was pasted behind another; of `https:` also without its slashes. */
const SCHEME = /^(?:(https?(?=:)|[a-z][a-z0-9+.-]*(?=:\/\/)):?[/\\]*)*/i

/**
 * Understands what people paste as the address of an instance: with or without a scheme, in any case, with blanks around it, or copied
 * from the browser's address bar (`dev12345.service-now.com/nav_to.do?uri=…`). What stands after the host is no part of the address: an
 * instance has its APIs at `/api`. A name alone, `dev12345`, is `dev12345.service-now.com`. Without a scheme it is https, on this machine http.
 * @returns scheme and host, with the port where it is not the scheme's own; no path, no trailing slash.
 * @throws ServiceNowError kind `invalid`, naming what is wrong; its text never repeats what was given.
 * @example
 * understandAddress('dev12345') // → 'https://dev12345.service-now.com'
 * understandAddress('https://desk.example:8443/now/nav/ui') // → 'https://desk.example:8443'
 */
export function understandAddress(address: string): string {
  const trimmed = address.trim()
  const [before = '', scheme = ''] = SCHEME.exec(trimmed) ?? []
  if (scheme && !/^https?$/i.test(scheme)) throw wrongAddress('it must begin with https:// or http://')
  const rest = trimmed.slice(before.length).replace(/^[/\\]+/, '')
  if (!URL.canParse(`https://${rest}`)) throw wrongAddress('it is not a URL')
  const { username, password, hostname } = new URL(`https://${rest}`)
  if (username || password) throw wrongAddress('put the user name and password into signIn, not into the address')
  const host = hostname.replace(/\.$/, '')
  const typed = rest.split(/[/\\?#]/, 1)[0]!.replace(/\.$/, '')
  // A URL takes a bare number, or 0x7f.1, for an IP address.
  if (!host.split('.').every(Boolean) || (isIP(host) === 4 && !typed.startsWith(host))) throw wrongAddress('it is not a host name')
  // Read by the scheme that it has in the end: each leaves out its own port.
  const url = new URL(`${scheme || (LOOPBACK.test(host) ? 'http' : 'https')}://${rest}`)
  url.hostname = !scheme && INSTANCE_NAME.test(typed) && host !== 'localhost' ? `${host}.service-now.com` : host
  return url.origin
}

function wrongAddress(why: string): ServiceNowError {
  return new ServiceNowError({ kind: 'invalid', action: 'connect', written: 'no', detail: `baseUrl: ${why}` })
}

/**
 * The full URL of a call.
 * @throws ServiceNowError kind `too-large` when it is over 8192 bytes, before anything is sent.
 */
export function urlOf(baseUrl: string, call: InstanceCall, action: string): string {
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
