import { Refusal } from './refusal.ts'

/** What every API refuses alike (contract servicenow-core.md 2.1, 2.2, 2.4). */

export const notAuthenticated = () =>
  new Refusal(401, 'User Not Authenticated', 'Required to provide Auth information', { 'WWW-Authenticate': 'BASIC realm="Service-now"' })

export const unknownUri = () => new Refusal(400, 'Requested URI does not represent any resource')

export const pathNotPlain = (what: string) => new Refusal(400, 'Requested URI does not represent any resource', `Its path has ${what}`)

export const methodNotSupported = () => new Refusal(405, 'Method not supported')

export const notAcceptable = (detail: string | null = null) => new Refusal(406, 'Not acceptable', detail)

export const unsupportedMediaType = (detail: string | null = null) => new Refusal(415, 'Unsupported media type', detail)

export const noContentType = () =>
  new Refusal(400, 'Exception while reading request', 'Verify Request body and Content-type headers. Not able to parse request')

export const notJson = () => new Refusal(400, 'Exception while reading request', 'The payload is not valid JSON.')

export const notXml = (why: string) =>
  new Refusal(400, 'Exception while reading request', `The payload is not valid XML. ${why.slice(0, 200)}`)

export const notReadable = (detail: string) => new Refusal(400, 'Exception while reading request', detail)

export const tooDeep = () => notReadable('The payload is nested too deeply.')

export const tooLarge = (size: number | string, most: number) =>
  new Refusal(
    400,
    'Exception while reading request',
    `Rejected large REST payload with content-length = ${size} bytes. Max allowed: ${most} bytes.`,
  )

/** Contract servicenow-core.md 2.7. */
export const rateLimitExceeded = (limit: number, api: string, headers: Readonly<Record<string, string>>) =>
  new Refusal(429, 'Rate limit exceeded', `Rate limit of ${limit} requests per hour for ${api} exceeded`, headers)

/** Not ServiceNow's words: passwords are checked one at a time here, and a flood of wrong ones must end somewhere. */
export const tooManySignIns = () =>
  new Refusal(429, 'Too many sign-ins', 'Too many passwords are being checked at this moment; send the request again', {
    'Retry-After': '1',
  })

/** A rule for a whole API (`REST_Endpoint`) lets its caller not pass. */
export const apiForbidden = (headers: Readonly<Record<string, string>> = {}) =>
  new Refusal(403, 'User Not Authorized', 'Failed API level ACL Validation', headers)

/** Not ServiceNow's: a ServiceNow API that the practice instance knows of, and does not have. */
export const notImplemented = (what: string) => new Refusal(501, 'Not implemented', `${what} is not implemented in the practice instance`)
