import { assertUtf8 } from '../platform/charset.ts'
import { ExchangeError } from '../platform/errors.ts'

const LONGEST_REQUEST = 8_192

/** A client's id and secret, as it gave them. */
export interface ClientCredentials {
  clientId: string
  clientSecret: string
}

const BASIC = { 'www-authenticate': 'Basic realm="Deskbridge", charset="UTF-8"' }

/** The refusal that RFC 6749, section 5.2 asks for when a client is not who it says. */
export const invalidClient = (message: string) => new ExchangeError('invalid_client', message, { headers: BASIC })

const invalidRequest = (message: string) => new ExchangeError('invalid_request', message)

/**
 * Reads a client-credentials request (RFC 6749, sections 2.3.1 and 4.4.2): `grant_type` in the query, as KPN has it
 * (contract connect-api 3.3), or in the form; the credentials in the form or as HTTP Basic, never in the URL.
 */
export async function readTokenRequest(request: Request): Promise<ClientCredentials> {
  const query = withoutEmpty(new URL(request.url).searchParams)
  if (query.has('client_secret')) throw invalidRequest('client_secret must not be in the URL; send it in the body.')
  const form = await readForm(request)
  for (const name of ['grant_type', 'client_id', 'client_secret'])
    if (form.getAll(name).length > 1 || query.getAll(name).length > 1 || new Set([...form.getAll(name), ...query.getAll(name)]).size > 1)
      throw invalidRequest(`${name} is given more than once.`)
  const grantType = form.get('grant_type') ?? query.get('grant_type')
  if (!grantType) throw invalidRequest('grant_type is missing.')
  if (grantType !== 'client_credentials')
    throw new ExchangeError('unsupported_grant_type', `grant_type "${grantType.slice(0, 60)}" is not supported; client_credentials is.`)
  return credentials(request.headers.get('authorization'), form)
}

/** Reads a revocation (RFC 7009, section 2.1): the token in the form, the client's credentials as for a token request. */
export async function readRevocation(request: Request): Promise<ClientCredentials & { token: string }> {
  const form = await readForm(request)
  const [token, ...more] = form.getAll('token')
  if (!token) throw invalidRequest('token is missing.')
  if (more.length) throw invalidRequest('token is given more than once.')
  return { token, ...credentials(request.headers.get('authorization'), form) }
}

async function readForm(request: Request): Promise<URLSearchParams> {
  const type = request.headers.get('content-type') ?? ''
  if (Number(request.headers.get('content-length') ?? 0) > LONGEST_REQUEST)
    throw invalidRequest(`The body is longer than ${LONGEST_REQUEST} bytes.`)
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of request.body ?? []) {
    size += piece.length
    if (size > LONGEST_REQUEST) throw invalidRequest(`The body is longer than ${LONGEST_REQUEST} bytes.`)
    pieces.push(piece)
  }
  if (size && !/^application\/x-www-form-urlencoded\s*(;|$)/i.test(type))
    throw invalidRequest(`The body must be application/x-www-form-urlencoded${type ? `, not ${type.slice(0, 100)}` : ''}.`)
  const text = Buffer.concat(pieces).toString('utf8')
  // Some stock clients say ISO-8859-1 of every form; as long as only ASCII is in it, that makes no difference.
  if (/[^\t\n\r -~]|%[89a-f]/i.test(text)) assertUtf8(type)
  return withoutEmpty(new URLSearchParams(text))
}

/** RFC 6749, section 3.2: a parameter that is sent without a value counts as left out. */
function withoutEmpty(parameters: URLSearchParams): URLSearchParams {
  return new URLSearchParams([...parameters].filter(([, value]) => value.trim() !== ''))
}

function credentials(authorization: string | null, form: URLSearchParams): ClientCredentials {
  const inForm = { clientId: form.get('client_id'), clientSecret: form.get('client_secret') }
  if (!authorization?.trim()) {
    if (!inForm.clientId) throw invalidClient('client_id is missing.')
    if (!inForm.clientSecret) throw invalidClient('client_secret is missing.')
    return { clientId: inForm.clientId, clientSecret: inForm.clientSecret }
  }
  const basic = readBasic(authorization)
  if (!basic) throw invalidClient('The Authorization header is not HTTP Basic with a client id and secret.')
  const clientId = formDecoded(basic.name)
  if (inForm.clientSecret !== null || (inForm.clientId !== null && inForm.clientId !== clientId))
    throw invalidRequest('Client credentials are given twice, in the header and in the body.')
  return { clientId, clientSecret: formDecoded(basic.password) }
}

/** The name and password of an HTTP Basic header, if it is one. */
export function readBasic(authorization: string): { name: string; password: string } | undefined {
  const encoded = /^basic +([A-Za-z0-9+/]+=*) *$/i.exec(authorization)?.[1]
  if (!encoded) return undefined
  const text = Buffer.from(encoded, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  return colon < 0 ? undefined : { name: text.slice(0, colon), password: text.slice(colon + 1) }
}

/** RFC 6749, section 2.3.1: both parts of the Basic header are form-encoded first. */
function formDecoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}
