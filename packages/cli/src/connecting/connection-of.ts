import { readFileSync } from 'node:fs'
import {
  type Connection,
  type ConnectionOptions,
  ConnectionProblem,
  CREDENTIALS,
  type CredentialValues,
  connect,
  connectionOptions,
  credentialsOf,
  KeyProblem,
  ServiceNowError,
} from '@deskbridge/servicenow'
import { CannotStart } from '../process/cannot-start.ts'
import { openSavedConnections } from './saved-connections.ts'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The connection a command works with: the saved one of that name, else the one that the environment variables
 * SERVICENOW_INSTANCE_URL, SERVICENOW_USERNAME, SERVICENOW_PASSWORD, SERVICENOW_CLIENT_ID, SERVICENOW_CLIENT_SECRET, … describe.
 * @throws CannotStart with a sentence that says what is missing or wrong
 */
export async function openConnection(name: string | undefined, environment: Environment = process.env): Promise<Connection> {
  return runOrExplain(async () => connect(await readOptions(name, environment)))
}

/** The same as what `connect` takes, for whoever looks at the connection itself. */
export async function readOptions(name: string | undefined, environment: Environment): Promise<ConnectionOptions> {
  if (name !== undefined) return (await openSavedConnections(environment)).readOptions(name)
  const url = environment.SERVICENOW_INSTANCE_URL
  if (!url)
    throw new CannotStart(
      'Which instance? Name a saved connection with --connection NAME ("deskbridge connection list" shows them), or set SERVICENOW_INSTANCE_URL and the credentials.',
    )
  return connectionOptions(url, credentialsOf(readCredentials(environment)))
}

/** Those that the environment holds; a certificate or a key is a file there. @throws CannotStart for a file that cannot be read */
export function readCredentials(environment: Environment): CredentialValues {
  const given = CREDENTIALS.flatMap(({ name, variable, file }) => {
    const text = environment[variable]
    return text ? [[name, file ? readGivenFile(text, variable) : text] as const] : []
  })
  return Object.fromEntries(given)
}

export function readGivenFile(path: string, what: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new CannotStart(`${what}: ${path} cannot be read: ${(error as Error).message}`)
  }
}

/** Turns what a person can do something about into a sentence. */
export async function runOrExplain<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof ServiceNowError && error.kind === 'invalid') throw new CannotStart(`${error.detail ?? error.message}.`)
    throw error instanceof ConnectionProblem || error instanceof KeyProblem ? new CannotStart(error.message) : error
  }
}
