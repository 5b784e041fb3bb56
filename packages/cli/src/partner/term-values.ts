import { TERM_NAMES, TERMS, type TermName } from '@deskbridge/exchange/agreement-terms'
import type { Flag } from '../operating/flags.ts'
import { didYouMean } from '../process/nearest.ts'
import { WrongUse } from '../process/wrong-use.ts'

/** Terms as they are proposed to the exchange. */
export type ProposedTerms = Partial<Record<TermName, unknown>>

/** The flag of a term, without its dashes: `service` of the term `services`. */
function flagOf(name: TermName): string {
  const row = TERMS[name]
  return 'flag' in row ? row.flag : name.replaceAll('_', '-')
}

/** A flag for each term, by its name. */
export const TERM_FLAGS: Readonly<Record<string, Flag>> = Object.fromEntries(TERM_NAMES.map(name => [flagOf(name), asFlag(name)]))

function asFlag(name: TermName): Flag {
  const row = TERMS[name]
  const about = name.replaceAll('_', ' ')
  switch (row.kind) {
    case 'words':
      return { about: `${about}, each by a flag of its own: ${row.choices.join(', ')}`, value: 'WORD', many: true }
    case 'word':
      return { about, choices: row.choices }
    case 'yes or no':
      return { about, choices: ['yes', 'no'] }
    case 'records':
      return { about: `${about}, each by a flag of its own`, value: 'NAME', many: true }
    case 'record':
      return { about: `${about}; "none" for none`, value: 'NAME' }
    case 'number':
      return { about, value: 'NUMBER' }
  }
}

/** The terms that were given as flags. */
export function termsOfFlags(flags: Readonly<Record<string, unknown>>): ProposedTerms {
  const given = TERM_NAMES.map(name => [name, flags[flagOf(name)]] as const)
  return Object.fromEntries(
    given
      .filter(([, value]) => value !== undefined && !(Array.isArray(value) && !value.length))
      .map(([name, value]) => [name, asValue(name, value)]),
  )
}

/** Terms as a file has them. @throws WrongUse for a term that there is not, with the nearest */
export function termsOfFile(members: Readonly<Record<string, unknown>>, file: string): ProposedTerms {
  for (const name of Object.keys(members))
    if (!(TERM_NAMES as string[]).includes(name))
      throw new WrongUse(`${file}: there is no term "${name}".${didYouMean(name, TERM_NAMES)} The terms are: ${TERM_NAMES.join(', ')}.`)
  return Object.fromEntries(Object.entries(members).map(([name, value]) => [name, asValue(name as TermName, value)]))
}

/** What people write: yes and no, a number in a flag, none for nothing. The exchange checks the rest. */
function asValue(name: TermName, value: unknown): unknown {
  const { kind } = TERMS[name]
  if (kind === 'yes or no' && (value === 'yes' || value === 'no')) return value === 'yes'
  if (kind === 'number' && typeof value === 'string' && /^\d+$/.test(value)) return Number(value)
  if (kind === 'record' && value === 'none') return null
  return value
}
