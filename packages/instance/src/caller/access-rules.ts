import type { Dictionary, Table } from '../dictionary/dictionary.ts'

/** What a rule may be about, in the words of `sys_security_acl`. */
export type Operation = 'read' | 'create' | 'write' | 'delete'

/** One row of `sys_security_acl` with its roles. */
export interface AccessRule {
  /** `table`, `table.field`, `table.*`, `*`… */
  readonly name: string
  /** For a record, what is done to it; else what the rule is about. */
  readonly operation: string
  readonly roles: readonly string[]
  /** An encoded query on the record; without it the rule is for every record. */
  readonly condition: string
  readonly script: string
  readonly adminOverrides: boolean
}

/**
 * The access rules of an instance. Those of the table itself decide; where it has none, those of the table that it extends,
 * and at last those of `*`. Of several rules of one name one that lets somebody pass is enough.
 */
export class AccessRules {
  static #versions = 0
  /** Another number for each set of rules. */
  readonly version = ++AccessRules.#versions
  readonly dictionary: Dictionary
  readonly #byName = new Map<string, AccessRule[]>()

  constructor(dictionary: Dictionary, rules: readonly AccessRule[]) {
    this.dictionary = dictionary
    for (const rule of rules) {
      const key = `${rule.operation} ${rule.name}`
      const known = this.#byName.get(key)
      if (known) known.push(rule)
      else this.#byName.set(key, [rule])
    }
  }

  /** The rules that decide about a table's records. */
  ofRecords(table: Table, operation: Operation): readonly AccessRule[] {
    return this.#first(operation, [...lineage(table), '*'])
  }

  /** The rules for whole APIs: `REST_Endpoint` by the name of the API. */
  ofApi(name: string): readonly AccessRule[] {
    return this.#byName.get(`REST_Endpoint ${name}`) ?? []
  }

  get hasApis(): boolean {
    return [...this.#byName.keys()].some(key => key.startsWith('REST_Endpoint '))
  }

  /** The rules that decide about a field; without any, whoever may do it to the record may do it to the field. */
  ofField(table: Table, field: string, operation: Operation): readonly AccessRule[] {
    const tables = [...lineage(table), '*']
    return this.#first(operation, [...tables.map(name => `${name}.${field}`), ...tables.map(name => `${name}.*`)])
  }

  #first(operation: Operation, names: readonly string[]): readonly AccessRule[] {
    for (const name of names) {
      const rules = this.#byName.get(`${operation} ${name}`)
      if (rules) return rules
    }
    return []
  }
}

function lineage(table: Table): string[] {
  return [table.name, ...(table.parent ? lineage(table.parent) : [])]
}
