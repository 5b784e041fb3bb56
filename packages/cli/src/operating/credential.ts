import { askPerson } from '../process/ask-person.ts'
import { askSecret } from '../process/ask-secret.ts'
import { CannotStart } from '../process/cannot-start.ts'
import { WrongUse } from '../process/wrong-use.ts'
import { readSavedToken } from './saved-tokens.ts'

/** What the operator’s API is asked with, and where it came from in words. */
export interface SignedIn {
  authorization: string
  from: string
}

/**
 * A person’s password where one signs in or only a person may; else the token of DESKBRIDGE_OPERATOR_TOKEN, else the one that is saved for
 * this exchange.
 * @throws CannotStart, WrongUse with what to do where there is none
 */
export async function findCredential(
  url: string,
  { email, person }: { email?: string | undefined; person?: boolean | undefined },
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<SignedIn> {
  if (email !== undefined || person) return signInAs(email ?? (await askEmail()))
  const given = environment.DESKBRIDGE_OPERATOR_TOKEN
  if (given) return { authorization: `Bearer ${given}`, from: 'the token of DESKBRIDGE_OPERATOR_TOKEN' }
  const saved = readSavedToken(url)
  if (saved) return { authorization: `Bearer ${saved.token}`, from: `the token saved in ${saved.path}` }
  throw new CannotStart(
    `No token for ${url}. Set DESKBRIDGE_OPERATOR_TOKEN, save one with "deskbridge operator token add NAME --save", or sign in as a person with --as EMAIL.`,
  )
}

async function signInAs(email: string): Promise<SignedIn> {
  const password = await askSecret(`Password of ${email}`)
  return { authorization: `Basic ${Buffer.from(`${email}:${password}`).toString('base64')}`, from: `the password of ${email}` }
}

function askEmail(): Promise<string> {
  if (process.stdin.isTTY) return askPerson('Your e-mail address', false)
  throw new WrongUse('--as is missing: who may enter is changed by a person of the operator. Name yourself with --as EMAIL.')
}
