import { nearestNames } from '../nearest-names.ts'
import type { BusinessRule } from './business-rule.ts'

interface Part {
  readonly is: (value: unknown) => boolean
  readonly says: string
  /** A rule has it. */
  readonly needed?: true
}

const text: Part['is'] = value => typeof value === 'string' && value !== ''
const truth: Part = { is: value => typeof value === 'boolean', says: 'true or false' }
const action: Part['is'] = value => typeof value === 'function'

const PARTS: Readonly<Record<keyof BusinessRule, Part>> = {
  name: { is: text, says: 'a text', needed: true },
  table: { is: text, says: 'the name of a table', needed: true },
  when: { is: value => value === 'before' || value === 'after', says: "'before' or 'after'", needed: true },
  insert: truth,
  update: truth,
  delete: truth,
  order: { is: Number.isFinite, says: 'a number' },
  condition: { is: action, says: 'a function' },
  run: { is: action, says: 'a function', needed: true },
}

/**
 * Says in a sentence what is wrong with a list of rules, which came from somebody’s module; undefined where nothing is.
 * @param tables the tables that there are, once they are known: a rule for another one would never run
 */
export function wrongRule(rules: unknown, tables?: Iterable<string>): string | undefined {
  if (!Array.isArray(rules)) return 'The rules are not a list'
  const known = tables && [...tables]
  for (const [at, rule] of (rules as Readonly<Record<string, unknown>>[]).entries()) {
    const wrong = typeof rule === 'object' && rule !== null ? wrongPart(rule, known) : 'is none'
    if (wrong !== undefined) return `Rule ${at + 1}${text(rule?.name) ? ` "${rule.name}"` : ''} ${wrong}`
  }
  return undefined
}

function wrongPart(rule: Readonly<Record<string, unknown>>, tables: readonly string[] | undefined): string | undefined {
  for (const [name, { is, says, needed }] of Object.entries(PARTS)) {
    if (rule[name] === undefined ? needed : !is(rule[name])) return `needs ${name}: ${says}`
  }
  const odd = Object.keys(rule).find(name => !Object.hasOwn(PARTS, name))
  if (odd !== undefined) return `has ${odd}, which means nothing${nearestNames(odd, Object.keys(PARTS))}`
  if (!rule.insert && !rule.update && !rule.delete) return 'needs insert, update or delete: true'
  const { table } = rule as { table: string }
  if (tables && !tables.includes(table)) return `is for ${table}, which is no table${nearestNames(table, tables)}`
  return undefined
}
