import { createPrivateKey, X509Certificate } from 'node:crypto'
import type { ConnectionOptions } from '../connection/connection.ts'
import { ServiceNowError } from '../error.ts'
import {
  CREDENTIALS,
  type Credential,
  type CredentialName,
  type CredentialValues,
  SIGN_IN_WAYS,
  type SignInWay,
  type Way,
  WITH_ANY_WAY,
} from './sign-in-ways.ts'

/** A way of signing in with all that it needs. Holds secrets: sealed wherever it is kept, and never shown. */
export interface Credentials {
  readonly way: Way
  readonly values: CredentialValues
}

/**
 * Checks that a way has all that it needs and nothing that it does not know. Without a way it is found by what is given.
 * @throws ServiceNowError kind `invalid`, naming what is missing; never a value.
 * @example
 * credentialsOf({ clientId: 'c-1', clientSecret: 's-1' }).way // → 'client-credentials'
 */
export function credentialsOf(given: CredentialValues, way: string | undefined = wayFor(given)): Credentials {
  const values = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined && value !== '')) as CredentialValues
  const row = SIGN_IN_WAYS.find(one => one.way === way)
  if (!row) throw wrong(`there is no way "${way}"; the ways are ${SIGN_IN_WAYS.map(one => one.way).join(', ')}`)
  const missing = row.needs.filter(name => !values[name])
  if (missing.length > 0) throw wrong(`${row.way} needs the ${missing.map(aboutOf).join(' and the ')}`)
  const known = new Set<string>([...row.needs, ...WITH_ANY_WAY])
  const stray = Object.keys(values).filter(name => !known.has(name))
  if (stray.length > 0) throw wrong(`${row.way} has no use for the ${stray.map(name => aboutOf(name as CredentialName)).join(' and the ')}`)
  if (Boolean(values.certificate) !== Boolean(values.certificateKey))
    throw wrong('a client certificate and its private key belong together')
  const odd = CREDENTIALS.find(({ name, file }) => !file && !/^\P{Cc}*$/u.test(values[name]?.toWellFormed() ?? ''))
  if (odd) throw wrong(`the ${odd.about} has a character that cannot be typed`)
  checkCertificate(values)
  return { way: row.way, values }
}

/**
 * The way that is given or found, and what it still needs.
 * @example
 * missingFrom({ userName: 'deskbridge' }).missing.map(({ about }) => about) // → ['password']
 */
export function missingFrom(
  given: CredentialValues,
  way: string | undefined = wayFor(given),
): { way: string; missing: readonly Credential[] } {
  const needs = (SIGN_IN_WAYS as readonly SignInWay[]).find(one => one.way === way)?.needs ?? []
  return { way, missing: CREDENTIALS.filter(({ name }) => needs.includes(name) && !given[name]) }
}

/**
 * What `connect` takes for them.
 * @example
 * const connection = connect(connectionOptions(baseUrl, credentialsOf({ userName, password })))
 * const user = await serviceNow(connection).user.current()
 * user.user_name // → userName
 */
export function connectionOptions(baseUrl: string, { way, values }: Credentials): ConnectionOptions {
  const { certificate, certificateKey: key, passphrase, ca } = values
  const signIn = (SIGN_IN_WAYS as readonly SignInWay[]).find(one => one.way === way)!.signIn(values)
  return { baseUrl, signIn, ...(certificate || ca ? { tls: { certificate, key, passphrase, ca } } : {}) }
}

/** Who signs in, without any secret: a user name, a client ID or a certificate's subject. */
export function whoOf({ way, values }: Credentials): string {
  if (values.userName) return values.userName
  if (values.clientId) return `client ${values.clientId}`
  return way === 'certificate' ? new X509Certificate(values.certificate ?? '').subject.replace(/\p{Cc}/gu, ' ') : 'the user of the API key'
}

/** The way that has a use for all that is given and misses the least; `basic` where nothing is. */
function wayFor(given: CredentialValues): Way {
  const names = (Object.keys(given) as CredentialName[]).filter(
    name => given[name] && (name === 'certificate' || !WITH_ANY_WAY.includes(name)),
  )
  if (names.length === 0) return 'basic'
  const cost = ({ needs }: SignInWay) => {
    const stray = names.filter(name => !needs.includes(name) && !WITH_ANY_WAY.includes(name)).length
    return stray * 100 + needs.filter(name => !given[name]).length
  }
  return [...SIGN_IN_WAYS].sort((a, b) => cost(a) - cost(b) || b.needs.length - a.needs.length)[0]!.way
}

function checkCertificate({ certificate, certificateKey, passphrase, ca }: CredentialValues): void {
  try {
    if (ca) new X509Certificate(ca)
    if (!certificate || !certificateKey) return
    const key = createPrivateKey({ key: certificateKey, ...(passphrase ? { passphrase } : {}) })
    if (new X509Certificate(certificate).checkPrivateKey(key)) return
  } catch {
    throw wrong('the certificate, its private key or the authority is not readable PEM, or the passphrase is wrong')
  }
  throw wrong('the client certificate belongs to another private key')
}

const aboutOf = (name: CredentialName) => CREDENTIALS.find(one => one.name === name)?.about ?? name

function wrong(detail: string): ServiceNowError {
  return new ServiceNowError({ kind: 'invalid', action: 'connect', written: 'no', detail: `sign-in: ${detail}` })
}
