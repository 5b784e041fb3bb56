import type { Dictionary, Table } from '../dictionary/dictionary.ts'
import type { AccessRule, AccessRules, Operation } from './access-rules.ts'

/** What somebody may do to the records of some classes: all of it, or what one of the rules holds for. */
export interface ClassRights {
  readonly table: Table
  readonly classes: readonly string[]
  readonly rules: 'all' | readonly AccessRule[]
}

/** What somebody with certain roles may do, decided once for each table and field. */
export interface Rights {
  /** Undefined for whoever may do everything. */
  readonly dictionary: Dictionary | undefined
  /** The same for whoever may do the same. */
  readonly key: string
  /** A class may have rules of its own, also where its records are asked for through the table that it extends. */
  records(table: Table, operation: Operation): 'all' | 'none' | readonly ClassRights[]
  field(table: Table, field: string, operation: Operation): boolean
  /** Whether an API may be called at all; undefined where no rule is about one. */
  readonly calls: ((api: string) => boolean) | undefined
}

/** The instance itself, which its rules and its first records act as. */
export const ALL_RIGHTS: Rights = { dictionary: undefined, key: '', records: () => 'all', field: () => true, calls: undefined }

/** A role that nobody has, an administrator neither. */
const NOBODY = 'nobody'

/** Of scripts, only these mean something: none is ever run. A rule with another one lets nobody pass. */
const SCRIPTS = new Set(['', 'answer = recordIsReadable(current.table_name, current.table_sys_id);'])

/** What somebody with these roles may do by the rules; each answer is worked out once. */
export function rightsOf(rules: AccessRules, roles: ReadonlySet<string>): Rights {
  const decided = new Map<string, ReturnType<Rights['records']>>()
  const fields = new Map<string, boolean>()
  const passed = (found: readonly AccessRule[]): ClassRights['rules'] => {
    // Where nobody made a rule, an administrator is not locked out.
    if (found.length === 0 && roles.has('admin')) return 'all'
    const some = found.filter(rule => passes(rule, roles))
    return some.some(rule => unconditional(rule, roles)) ? 'all' : some
  }
  const byClass = (table: Table, operation: Operation) => {
    const groups = new Map<string, { table: Table; classes: string[]; rules: ClassRights['rules'] }>()
    for (const name of table.classes) {
      const one = rules.dictionary.table(name) ?? table
      const may = passed(rules.ofRecords(one, operation))
      const key = may === 'all' ? may : may.map(rule => `${rule.name}\n${rule.condition}\n${rule.script}`).join('\n')
      const known = groups.get(key)
      if (known) known.classes.push(name)
      else groups.set(key, { table: one, classes: [name], rules: may })
    }
    const all = [...groups.values()].filter(group => group.rules.length > 0)
    if (all.length === 0) return 'none'
    return groups.size === 1 && all[0]?.rules === 'all' ? 'all' : all
  }
  return {
    dictionary: rules.dictionary,
    key: `${rules.version} ${[...roles].sort().join(' ')}`,
    calls: rules.hasApis
      ? api => {
          const found = rules.ofApi(api)
          return found.length === 0 || passed(found) === 'all'
        }
      : undefined,
    records: (table, operation) => remembered(decided, `${operation} ${table.name}`, () => byClass(table, operation)),
    field: (table, field, operation) =>
      remembered(fields, `${operation} ${table.name}.${field}`, () => {
        const found = rules.ofField(table, field, operation)
        return found.length === 0 || passed(found) === 'all'
      }),
  }
}

function overrides(rule: AccessRule, roles: ReadonlySet<string>): boolean {
  return rule.adminOverrides && roles.has('admin') && !rule.roles.includes(NOBODY)
}

function passes(rule: AccessRule, roles: ReadonlySet<string>): boolean {
  if (overrides(rule, roles)) return true
  return SCRIPTS.has(rule.script) && (rule.roles.length === 0 || rule.roles.some(role => role !== NOBODY && roles.has(role)))
}

function unconditional(rule: AccessRule, roles: ReadonlySet<string>): boolean {
  return overrides(rule, roles) || (rule.condition === '' && rule.script === '')
}

function remembered<T>(known: Map<string, T>, key: string, decide: () => T): T {
  const found = known.get(key)
  if (found !== undefined) return found
  const made = decide()
  known.set(key, made)
  return made
}
