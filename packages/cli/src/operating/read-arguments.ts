import { parseArgs } from 'node:util'
import { didYouMean } from '../process/nearest.ts'
import { WrongUse } from '../process/wrong-use.ts'
import { COMMON_FLAGS, type Flag, type Flags, takesValue } from './flags.ts'
import type { SubCommand } from './sub-command.ts'

/** What was given to a sub-command, by the names of its row. */
export interface Arguments {
  names: Record<string, string>
  flags: Record<string, string | readonly string[] | boolean | undefined>
}

/** Reads what follows a sub-command. @throws WrongUse for what its row does not have, with the nearest that it has */
export function readArguments(row: SubCommand, args: readonly string[]): Arguments {
  const flags: Flags = { ...row.flags, ...COMMON_FLAGS }
  const { tokens } = parseArgs({ args: [...args], options: optionsOf(flags), strict: false, tokens: true, allowPositionals: true })
  const given: Record<string, string[]> = {}
  const positionals: string[] = []
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value)
    if (token.kind !== 'option') continue
    const flag = Object.hasOwn(flags, token.name) ? flags[token.name] : undefined
    if (!flag) throw new WrongUse(`There is no flag ${token.rawName}.${didYouMean(token.rawName, Object.keys(flags).map(dashed))}`)
    if (takesValue(flag) && (token.value === undefined || (!token.inlineValue && token.value.startsWith('--'))))
      throw new WrongUse(`${token.rawName} needs a value.`)
    if (!takesValue(flag) && token.value !== undefined) throw new WrongUse(`${token.rawName} takes no value.`)
    given[token.name] = [...(given[token.name] ?? []), token.value ?? '']
  }
  if (given.help) return { names: {}, flags: { help: true } }
  return { names: namesOf(row, positionals), flags: mapEntries(flags, (name, flag) => givenTo(name, flag, given[name])) }
}

function namesOf({ words, takes }: SubCommand, positionals: readonly string[]): Record<string, string> {
  const missing = takes.slice(positionals.length)
  if (missing.length) throw new WrongUse(`${missing.join(' and ')} ${missing.length > 1 ? 'are' : 'is'} missing after "${words}".`)
  // What was given is not repeated: it may be a secret.
  if (positionals.length > takes.length)
    throw new WrongUse(
      `"${words}" takes ${takes.length ? `${takes.join(' ')} and nothing more` : 'no name'}; a name with blanks stands in quotes.`,
    )
  const empty = takes.find((_, at) => positionals[at]?.trim() === '')
  if (empty) throw new WrongUse(`${empty} is empty.`)
  return Object.fromEntries(takes.map((name, at) => [name, positionals[at]!]))
}

function givenTo(name: string, flag: Flag, given: readonly string[] | undefined) {
  if (!takesValue(flag)) return given !== undefined
  if (flag.required && !given) throw new WrongUse(`${dashed(name)} is missing: ${flag.about}.`)
  if (!flag.many && given && given.length > 1) throw new WrongUse(`${dashed(name)} is given ${given.length} times; it takes one value.`)
  const values = given ?? []
  for (const value of values) {
    if (value.trim() === '') throw new WrongUse(`${dashed(name)} is empty.`)
    if (flag.choices && !flag.choices.includes(value))
      throw new WrongUse(`${dashed(name)} is ${flag.choices.join(' or ')}; not "${value}".${didYouMean(value, flag.choices)}`)
  }
  return flag.many ? values : values[0]
}

const dashed = (name: string) => `--${name}`

const optionsOf = (flags: Flags) =>
  mapEntries(flags, (name, flag) => ({
    type: takesValue(flag) ? ('string' as const) : ('boolean' as const),
    ...(name === 'help' ? { short: 'h' } : {}),
  }))

const mapEntries = <From, To>(from: Readonly<Record<string, From>>, to: (name: string, value: From) => To): Record<string, To> =>
  Object.fromEntries(Object.entries(from).map(([name, value]) => [name, to(name, value)]))
