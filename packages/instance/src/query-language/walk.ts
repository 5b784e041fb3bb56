import type { Rights } from '../caller/rights.ts'
import type { Column, Dictionary, Table } from '../dictionary/dictionary.ts'
import { type Database, quote } from '../storage/database.ts'

/** A field that was found, possibly through references, and how SQL names it. */
export interface FieldPlace {
  readonly column: Column
  /** The table whose choices and labels apply. */
  readonly table: Table
  readonly sql: string
  /** Whether the walk went through at least one reference. */
  readonly walked: boolean
}

/** Fifty joins take PostgreSQL a tenth of a second to plan, two hundred over two. */
const MOST_JOINS = 64

/** Finds fields from a table outwards (`caller_id.company.name`) and collects the joins that takes. */
export class Walk {
  readonly #database: Database
  readonly #dictionary: Dictionary
  readonly #table: Table
  readonly #prefix: string
  readonly #rights: Rights | undefined
  /** A field was asked for that its asker may not read. */
  refused = false
  readonly #joins = new Map<string, { alias: string; sql: string }>()

  /**
   * @param prefix keeps the joins of two walks over one row apart.
   * @param rights of whoever asks; without them the instance itself does.
   */
  constructor({ database, dictionary }: { database: Database; dictionary: Dictionary }, table: Table, prefix: string, rights?: Rights) {
    this.#database = database
    this.#dictionary = dictionary
    this.#table = table
    this.#prefix = prefix
    this.#rights = rights
  }

  get joins(): string {
    return [...this.#joins.values()].map(join => join.sql).join('')
  }

  /** Undefined when there is no such field, nobody may see it, or it is too far away. */
  find(path: string): FieldPlace | undefined {
    let table = this.#table
    let alias = 't'
    let guard: string | undefined
    const names = path.split('.')
    const last = names.pop()
    if (last === undefined) return undefined
    for (const name of names) {
      const child = this.#childOf(table, name)
      if (child) {
        table = child
        guard = `${alias}.sys_class_name in (${child.classes.map(literal).join(', ')})`
        continue
      }
      const column = table.columns.get(name)
      const target = column?.type === 'reference' && column.reference !== undefined ? this.#dictionary.table(column.reference) : undefined
      if (!column || !target || !this.#mayRead(table, name) || !this.#mayEnter(target)) return undefined
      const joined = this.#join(alias, column, target)
      if (joined === undefined) return undefined
      alias = joined
      table = target
      guard = undefined
    }
    const column = table.columns.get(last)
    if (!column || column.type === 'password' || !this.#mayRead(table, last)) return undefined
    const plain = column.type === 'journal' ? 'null::text' : `${alias}.${quote(column.name)}`
    return { column, table, sql: guard ? `case when ${guard} then ${plain} end` : plain, walked: names.length > 0 }
  }

  #mayRead(table: Table, field: string): boolean {
    return this.#rights?.field(table, field, 'read') !== false || this.#refuse()
  }

  /** Through a reference nobody comes to records of which he may see none. */
  #mayEnter(table: Table): boolean {
    return this.#rights?.records(table, 'read') !== 'none' || this.#refuse()
  }

  #refuse(): false {
    this.refused = true
    return false
  }

  /** What a reference shows: the display field of the row it points to. */
  display(place: FieldPlace): string {
    return place.column.reference === undefined ? 'null::text' : this.#displayOf(place.column, place.sql, 1)
  }

  /** The display fields of the rows in a comma-separated list. */
  displayList(place: FieldPlace): string {
    const target = place.column.reference === undefined ? undefined : this.#dictionary.table(place.column.reference)
    if (!target) return place.sql
    const keys = `string_to_array(${place.sql}, ',')`
    return `(select string_agg(d.${quote(target.display)}, ', ' order by array_position(${keys}, d.sys_id)) from ${this.#database.name(target.root)} d where d.sys_id = any(${keys}))`
  }

  #displayOf({ reference, key = 'sys_id' }: Column, sql: string, depth: number): string {
    const target = this.#dictionary.table(reference ?? '')
    const shown = target?.columns.get(target.display)
    if (!target || !shown) return 'null::text'
    const alias = `d${depth}`
    const inner = `${alias}.${quote(shown.name)}`
    const value = shown.type === 'reference' && shown.reference !== undefined ? this.#displayOf(shown, inner, depth + 1) : inner
    return `(select ${value} from ${this.#database.name(target.root)} ${alias} where ${alias}.${quote(key)} = ${sql})`
  }

  /** `ref_incident.caller_id` on `task`: a field of a class that extends this table (contract servicenow-core.md 10.4). */
  #childOf(table: Table, name: string): Table | undefined {
    const child = name.startsWith('ref_') ? this.#dictionary.table(name.slice(4)) : undefined
    return child && table.classes.includes(child.name) ? child : undefined
  }

  #join(alias: string, { name: column, key: held = 'sys_id' }: Column, target: Table): string | undefined {
    const key = `${alias}.${column}`
    const known = this.#joins.get(key)
    if (known) return known.alias
    if (this.#joins.size >= MOST_JOINS) return undefined
    const made = `${this.#prefix}${this.#joins.size + 1}`
    const sql = ` left join ${this.#database.name(target.root)} ${made} on ${made}.${quote(held)} = ${alias}.${quote(column)}`
    this.#joins.set(key, { alias: made, sql })
    return made
  }
}

/** A name of the dictionary as SQL text; never used for what a caller sent. */
export function literal(name: string): string {
  return `'${name.replaceAll("'", "''")}'`
}
