import { ServiceNowError } from '../error.ts'
import { couldNotTell, type Finding, notOk, ok } from './check.ts'
import type { Patient } from './patient.ts'
import { SIGN_IN_REMEDIES, signInKindOf, WRONG_CLIENT } from './sign-in-remedies.ts'

const WRONG_PLACE = 'Check the address: it is the host name of the instance alone, such as dev12345.service-now.com.'
const LATER = 'Try again later.'

/**
 * Whether the user was signed in. Not being refused proves nothing, since many things that are no instance refuse nobody. It is proven
 * when the answer has the form of the Table API, names nobody else, and is not what somebody who does not exist is answered too.
 */
export async function checkSignIn(patient: Patient): Promise<Finding> {
  const outcome = await patient.askWho()
  const wrong = outcome instanceof ServiceNowError ? failed(patient, outcome) : listed(patient, outcome.result)
  return wrong ?? (await compareWithStranger(patient))
}

function failed(patient: Patient, error: ServiceNowError): Finding | undefined {
  const { kind, action, status, reason, detail = kind } = error
  const isToken = action === 'sign-in'
  if (kind === 'unauthorised' || (isToken && kind === 'invalid')) return refused(patient, error)
  if (kind === 'asleep') return notOk(detail, 'Wake a developer instance at developer.servicenow.com.')
  if (isToken && (kind === 'broken-answer' || status === 404)) return notOk(`no token: ${detail}`, WRONG_PLACE)
  if (kind === 'broken-answer') return notOk(`what answers is not the Table API: ${detail}`, WRONG_PLACE)
  if (!['forbidden', 'not-found', 'invalid', 'refused'].includes(kind)) return couldNotTell(detail, LATER)
  // Whoever is refused a right was known, if it is an instance that refuses.
  return reason === undefined || isToken
    ? notOk(`status ${status}, but not in the form in which an instance refuses: ${detail}`, WRONG_PLACE)
    : undefined
}

function refused(patient: Patient, { action, detail = '' }: ServiceNowError): Finding {
  const { token, api } = SIGN_IN_REMEDIES[signInKindOf(patient.options.signIn)]
  if (action !== 'sign-in') return notOk(detail, api)
  return notOk(`no token: ${detail}`, detail.includes('invalid_client') ? `${WRONG_CLIENT} ${token}` : token)
}

function listed({ options: { signIn } }: Patient, result: unknown): Finding | undefined {
  if (!Array.isArray(result) || !result.every(isRecord))
    return notOk('what answers is not the Table API: the result is no list of records', WRONG_PLACE)
  const asked = 'userName' in signIn ? signIn.userName : undefined
  const name = result.length === 1 ? result[0]?.user_name : undefined
  if (!asked || typeof name !== 'string' || sameName(name, asked)) return undefined
  return notOk(
    `it answers as the user ${name}, not as ${asked}`,
    'Give the user name as it is in the User ID (user_name) of the user’s record.',
  )
}

const isRecord = (row: unknown): row is Record<string, unknown> => typeof (row as { sys_id?: unknown } | null)?.sys_id === 'string'

/** ServiceNow does not mind upper and lower case in user names. */
const sameName = (one: string, other: string) => one.trim().toLowerCase() === other.trim().toLowerCase()

/** How the instance answers somebody who does not exist. */
async function compareWithStranger(patient: Patient): Promise<Finding> {
  const accepted = ok(`accepted (${signInKindOf(patient.options.signIn)})`)
  const stranger = await patient.knockAsStranger()
  // Nobody can make up a certificate: only a record of its own shows that this one stands for a user.
  if (!stranger)
    return (await patient.readUser())?.user_name
      ? accepted
      : couldNotTell('whose the certificate is was not to be seen', SIGN_IN_REMEDIES.certificate.api)
  if (stranger.status === 401) return accepted
  if (stranger.status < 300) return notOk('it lets in credentials that nobody has: that is not the API of an instance', WRONG_PLACE)
  return couldNotTell(`it does not refuse credentials that nobody has (status ${stranger.status})`, LATER)
}
