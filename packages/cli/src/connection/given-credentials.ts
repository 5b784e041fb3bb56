import { CREDENTIALS, type CredentialValues, missingFrom } from '@deskbridge/servicenow'
import { readCredentials, readGivenFile } from '../connecting/connection-of.ts'
import { askPerson } from '../process/ask-person.ts'
import { CannotStart } from '../process/cannot-start.ts'

/** `--user-name`, `--client-id`, `--certificate`, …: all but the secrets, which every user of the machine could read in its list of processes. */
export const CREDENTIAL_OPTIONS = Object.fromEntries(
  CREDENTIALS.filter(({ secret, file }) => !secret || file).map(({ name }) => [optionOf(name), { type: 'string' }] as const),
)

export const SOURCES = `A secret is never an argument. It is asked for on the terminal, or read from the environment
(${CREDENTIALS.map(({ variable }) => variable).join(', ')}),
or with --stdin from standard input as JSON: {"password":"…"}; names: ${CREDENTIALS.map(({ name }) => name).join(', ')}.`

export interface Given {
  way: string
  values: CredentialValues
}

/**
 * The credentials that a person gives to a command: options, then standard input, then the environment, then questions.
 * @throws CannotStart naming what is missing
 */
export async function readGivenCredentials(options: Readonly<Record<string, unknown>>, environment = process.env): Promise<Given> {
  const stdin = options.stdin === true ? await readFromStdin() : {}
  const given = { ...stdin, ...credentialsInOptions(options) }
  const all = { ...readCredentials(environment), ...given }
  // What is given here decides the way; the environment fills in what that needs, and nothing else.
  const { way } = missingFrom(Object.keys(given).length > 0 ? given : all, options.way as string | undefined)
  const needed = new Set(missingFrom(given, way).missing.map(({ name }) => name))
  const values: CredentialValues = { ...given, ...Object.fromEntries(Object.entries(all).filter(([name]) => needed.has(name as never))) }
  const { missing } = missingFrom(values, way)
  if (missing.length > 0 && (!process.stdin.isTTY || options.stdin === true)) {
    const how = missing.map(({ about, variable }) => `the ${about} (${variable})`).join(' and ')
    throw new CannotStart(`${way} needs ${how}. This is no terminal to ask on: set the environment variable, or use --stdin.`)
  }
  for (const credential of missing) {
    const answer = await askPerson(credential.about, credential.secret === true && !credential.file)
    values[credential.name] = credential.file ? readGivenFile(answer, credential.about) : answer
  }
  return { way, values }
}

function credentialsInOptions(options: Readonly<Record<string, unknown>>): CredentialValues {
  const given = CREDENTIALS.flatMap(({ name, file }) => {
    const text = options[optionOf(name)]
    return typeof text === 'string' ? [[name, file ? readGivenFile(text, `--${optionOf(name)}`) : text] as const] : []
  })
  return Object.fromEntries(given)
}

async function readFromStdin(): Promise<CredentialValues> {
  let text = ''
  for await (const piece of process.stdin.setEncoding('utf8')) text += piece
  let values: unknown
  try {
    values = JSON.parse(text)
  } catch {}
  const known = new Set<string>(CREDENTIALS.map(({ name }) => name))
  if (!(values instanceof Object) || Object.entries(values).some(([name, value]) => !known.has(name) || typeof value !== 'string'))
    throw new CannotStart(`Standard input must be a JSON object with texts named ${[...known].join(', ')}.`)
  return values as CredentialValues
}

function optionOf(name: string): string {
  return name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)
}
