import type { Rights } from '../caller/rights.ts'
import type { Column, Dictionary, Table } from '../dictionary/dictionary.ts'
import { type FieldPlace, Walk } from '../query-language/walk.ts'
import type { Cells, Database } from '../storage/database.ts'

/** `sysparm_display_value` (contract servicenow-core.md 3.2). */
export type DisplayValue = 'false' | 'true' | 'all'

/** One field of a row, and where it is. */
export interface Field {
  readonly key: string
  readonly column: Column
  readonly table: Table
  /** Place in the row of the raw value. */
  readonly at: number
  /** Place in the row of what a reference, list or journal shows, when that was asked for. */
  readonly shownAt: number | undefined
  readonly walked: boolean
}

/** The select list for some fields of a table, and where in a row each of them is. */
export interface Projection {
  readonly select: string
  /** The fields come as one cell of JSON text. */
  readonly packed: boolean
  readonly joins: string
  readonly fields: readonly Field[]
  /** Place in the row of the concrete class, whose labels apply. */
  readonly classAt: number | undefined
  /** Asks other rows what to show, for each row. */
  readonly looksUp: boolean
  /** Shows journal entries, which a statement that writes them cannot see yet. */
  readonly showsJournal: boolean
}

const MOST_REMEMBERED = 300

/** The driver spends more on describing a column than on its value: 154 columns of one row took 342 microseconds, packed into one 90. */
const MOST_COLUMNS = 12

/** Many cells as one, a JSON array of texts. */
export function packedCells(cells: readonly string[]): string {
  return `to_json(array[${cells.map(cell => `(${cell})::text`).join(', ')}])`
}

/** The cells that `packedCells` made one of. */
export function unpackedCells(cell: string | null | undefined): Cells {
  return JSON.parse(cell ?? '[]') as Cells
}

/** Makes projections and remembers them: the same few are asked for again and again. */
export class Projections {
  readonly #database: Database
  readonly #dictionary: Dictionary
  readonly #made = new Map<string, Projection>()

  constructor(database: Database, dictionary: Dictionary) {
    this.#database = database
    this.#dictionary = dictionary
  }

  /**
   * @param fields the value of `sysparm_fields`; unknown names are ignored; undefined means all.
   * @param rights of whoever is shown the fields: those that he may not read are left out (contract servicenow-core.md 3.3)
   */
  of(table: Table, fields: string | undefined, display: DisplayValue, rights?: Rights): Projection {
    const key = `${rights?.key ?? ''}\n${table.name}\n${display}\n${fields ?? '*'}`
    const known = this.#made.get(key)
    if (known) return known
    if (this.#made.size >= MOST_REMEMBERED) this.#made.clear()
    const made = this.#make(table, fields, display, rights)
    this.#made.set(key, made)
    return made
  }

  #make(table: Table, fields: string | undefined, display: DisplayValue, rights: Rights | undefined): Projection {
    const walk = new Walk({ database: this.#database, dictionary: this.#dictionary }, table, 'p', rights)
    const cells: string[] = []
    const add = (sql: string) => cells.push(sql) - 1
    const names = fields === undefined ? [...table.columns.keys()] : [...new Set(fields.split(',').map(name => name.trim()))]
    const classAt = table.extendable ? add('t.sys_class_name') : undefined
    const made = names.flatMap((key): Field[] => {
      const place = walk.find(key)
      if (!place) return []
      const { column, table: owner, walked } = place
      const shown = display === 'false' ? undefined : this.#shown(place, walk)
      return [{ key, column, table: owner, walked, at: add(place.sql), shownAt: shown === undefined ? undefined : add(shown) }]
    })
    const packed = cells.length > MOST_COLUMNS
    return {
      select: cells.length === 0 ? 'null' : packed ? packedCells(cells) : cells.join(', '),
      packed,
      joins: walk.joins,
      fields: made,
      classAt,
      looksUp: made.some(({ shownAt }) => shownAt !== undefined),
      showsJournal: made.some(({ column, shownAt }) => column.type === 'journal' && shownAt !== undefined),
    }
  }

  #shown(place: FieldPlace, walk: Walk): string | undefined {
    switch (place.column.type) {
      case 'reference':
        return walk.display(place)
      case 'list':
        return walk.displayList(place)
      case 'journal':
        return place.walked ? undefined : this.#journal(place.column.name)
      default:
        return undefined
    }
  }

  /** All entries of a journal field of `t`, newest first, as JSON. */
  #journal(field: string): string | undefined {
    const elements = field === 'comments_and_work_notes' ? "j.element in ('comments', 'work_notes')" : `j.element = '${field}'`
    return `(select json_agg(json_build_array(to_char(j.sys_created_on, 'YYYY-MM-DD HH24:MI:SS'), coalesce(u.name, j.sys_created_by), j.element, j.value)
      order by j.sys_created_on desc, j.insertion_order desc)
      from ${this.#database.name('sys_journal_field')} j
      left join ${this.#database.name('sys_user')} u on lower(u.user_name) = lower(j.sys_created_by)
      where j.element_id = t.sys_id and ${elements})`
  }
}
