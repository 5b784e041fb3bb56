import { randomUUID } from 'node:crypto'

/**
 * What every answer carries (contract servicenow-core.md 2.3). No session cookies: every request signs in for itself.
 * @param now of the instance's clock, in milliseconds
 */
export function finish(
  answer: Response,
  { signedIn, now, more }: { signedIn: boolean; now: number; more: Readonly<Record<string, string>> },
): Response {
  const { headers } = answer
  for (const [name, value] of Object.entries(more)) headers.set(name, value)
  headers.set('Date', imfDate(now))
  headers.set('Server', 'ServiceNow')
  headers.set('X-Is-Logged-In', String(signedIn))
  headers.set('X-Transaction-ID', randomUUID().slice(-12))
  headers.set('Pragma', 'no-store,no-cache')
  headers.set('Cache-Control', 'no-cache,no-store,must-revalidate,max-age=-1')
  headers.set('Expires', '0')
  headers.set('Strict-Transport-Security', 'max-age=63072000; includeSubDomains')
  headers.set('X-Content-Type-Options', 'nosniff')
  return answer
}

/** `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 section 5.6.7, IMF-fixdate). */
export function imfDate(now: number): string {
  return new Date(now).toUTCString()
}
