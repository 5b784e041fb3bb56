import type { AccessRule, Operation } from '../caller/access-rules.ts'
import type { Caller } from '../caller/caller.ts'
import type { Dictionary, Table } from '../dictionary/dictionary.ts'
import { parse } from '../query-language/grammar.ts'
import type { Parameters } from '../query-language/parameters.ts'
import type { Question } from '../query-language/question.ts'
import { conditions } from '../query-language/statement.ts'
import { literal, Walk } from '../query-language/walk.ts'
import type { Database } from '../storage/database.ts'

interface Asking {
  readonly database: Database
  readonly dictionary: Dictionary
  readonly caller: Caller
  readonly parameters: Parameters
}

/**
 * The rows that a caller may see as an SQL condition on `t`, or undefined when that is all of them. Hidden rows still
 * count in `X-Total-Count` and still take their place in a page (contract servicenow-core.md 0.3 fact 4, 3.5).
 */
export function visible(database: Database, table: Table, caller: Caller, parameters: Parameters): string | undefined {
  const readable = allowed(database, { table, caller, operation: 'read' }, parameters)
  if (!caller.hidden?.records) return readable
  const seen = `t.sys_id <> all(${parameters.add(caller.hidden.records, 'text[]')})`
  return readable === undefined ? seen : `(${readable} and ${seen})`
}

/** The records to which a caller may do something, in the same form. */
export function allowed(
  database: Database,
  { table, caller, operation }: { table: Table; caller: Caller; operation: Operation },
  parameters: Parameters,
): string | undefined {
  const { dictionary } = caller.rights
  return dictionary && byClass({ database, dictionary, caller, parameters }, table, operation)
}

function byClass(asking: Asking, table: Table, operation: Operation): string | undefined {
  const may = asking.caller.rights.records(table, operation)
  if (may === 'all') return undefined
  if (may === 'none') return 'false'
  const some = may.flatMap(group => {
    const condition = group.rules === 'all' ? 'true' : holding(asking, group.table, group.rules)
    if (group.classes.length === table.classes.length) return [condition]
    return [`(t.sys_class_name in (${group.classes.map(literal).join(', ')}) and ${condition})`]
  })
  return some.length === 1 ? some[0] : `(${some.join(' or ')})`
}

function holding(asking: Asking, table: Table, rules: readonly AccessRule[]): string {
  const any = rules.flatMap(rule => asking.parameters.attempt(() => held(asking, table, rule)) ?? [])
  return any.length === 0 ? 'false' : `coalesce(${any.join(' or ')}, false)`
}

/** A rule as SQL; undefined when its condition cannot be understood, which lets nobody pass. */
function held(asking: Asking, table: Table, rule: AccessRule): string | undefined {
  const all = [
    ...(rule.script === '' ? [] : [belongsToReadable(asking)]),
    ...(rule.condition === '' ? [] : [queried(asking, asking.dictionary.table(rule.name) ?? table, rule.condition)]),
  ]
  return all.includes(undefined) ? undefined : `(${all.join(' and ')})`
}

function queried({ database, dictionary, caller, parameters }: Asking, table: Table, query: string): string | undefined {
  const walk = new Walk({ database, dictionary }, table, 'a')
  let understood = true
  const drop = () => {
    understood = false
  }
  const now = database.clock.now()
  const question: Question = { caller, now, database, dictionary, table, walk, parameters, wanted: [], visible: () => undefined, drop }
  const where = conditions(parse(query), question).join(' and ')
  if (!understood) return undefined
  return walk.joins === ''
    ? `(${where === '' ? 'true' : where})`
    : existing('t.sys_id', `${database.name(table.root)} t${walk.joins}`, where)
}

/** Attachments and the like: whoever may read the record that they belong to. */
function belongsToReadable(asking: Asking): string {
  const { database, dictionary } = asking
  const some = [...dictionary.tables.values()].flatMap(table => {
    if (table.parent || table.name === 'sys_attachment') return []
    const condition = byClass(asking, table, 'read')
    const ofTable = `t.table_name in (${table.classes.map(literal).join(', ')})`
    const there = existing('t.table_sys_id', `${database.name(table.root)} t`, condition ?? 'true')
    return condition === 'false' ? [] : [`(${ofTable} and ${there})`]
  })
  return some.length === 0 ? 'false' : `(${some.join(' or ')})`
}

/** Rows named `t` again, of which one has the key of the row `t` outside. */
function existing(key: string, from: string, where: string): string {
  return `exists (select from (select ${key} as k) own cross join lateral (select from ${from} where t.sys_id = own.k and ${where}) found)`
}
