import { nearestNames } from './nearest-names.ts'

/** Options that cannot be used; the message says in a sentence why. */
export class OptionsProblem extends TypeError {}

const text = 'a text'
const number = 'a number'

/** What an instance is opened with, by the word for its type. */
const OPTIONS: Readonly<Record<string, string>> = {
  databaseUrl: text,
  folder: text,
  schema: text,
  baseUrl: text,
  demo: 'true or false',
  seed: 'an object',
  businessRules: 'a list',
  // Of a server, which `startInstance` takes with them.
  port: number,
  host: text,
  keepAliveMs: number,
}

const WORDS: Readonly<Record<string, string>> = { string: text, number, boolean: 'true or false', object: 'an object' }

/** Refuses options that would be dropped in silence: what has another name, another type, or no effect beside another. */
export function assertOptions(options: object): void {
  for (const [name, value] of Object.entries(options)) {
    const wanted = OPTIONS[name]
    if (wanted === undefined) throw new OptionsProblem(`${name} is no option of an instance${nearestNames(name, Object.keys(OPTIONS))}`)
    const is = Array.isArray(value) ? 'a list' : WORDS[typeof value]
    if (value !== undefined && is !== wanted)
      throw new OptionsProblem(`${name} has to be ${wanted}, and is ${JSON.stringify(value) ?? typeof value}`)
  }
  const { databaseUrl, folder } = options as { databaseUrl?: string; folder?: string }
  if (databaseUrl !== undefined && folder !== undefined)
    throw new OptionsProblem('databaseUrl and folder are two places for the same records: give one of them')
}
