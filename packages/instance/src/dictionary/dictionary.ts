import type { ColumnDefinition, NumberRule, TableDefinition } from './definition.ts'
import { CLASS_FIELD, DOMAIN_FIELDS, SYSTEM_FIELDS } from './system-fields.ts'
import { TABLES } from './tables.ts'

export interface Column extends ColumnDefinition {
  /** The table that declares it; a child that redefines a field of its parent (states, labels) declares it anew. */
  readonly declaredBy: string
}

export interface Table {
  readonly name: string
  readonly label: string
  readonly parent: Table | undefined
  /** The table at the top of the hierarchy, which is the one that PostgreSQL knows. */
  readonly root: string
  readonly extendable: boolean
  readonly columns: ReadonlyMap<string, Column>
  readonly display: string
  readonly number: NumberRule | undefined
  readonly audited: boolean
  readonly inOrder: boolean
  /** Whether records are found by words. */
  readonly textIndexed: boolean
  /** This class and all that extend it. */
  readonly classes: readonly string[]
}

/** Tables, fields, choices and inheritance, compiled once. */
export class Dictionary {
  readonly tables: ReadonlyMap<string, Table>
  readonly definitions: readonly TableDefinition[]

  constructor(definitions: readonly TableDefinition[] = TABLES) {
    this.definitions = definitions
    const tables = new Map<string, Table>()
    for (const definition of definitions) tables.set(definition.name, compile(definition, tables, definitions))
    this.tables = tables
  }

  table(name: string): Table | undefined {
    return this.tables.get(name)
  }

  /** Whether a table is another one or extends it. */
  extends(name: string, ancestor: string): boolean {
    return this.tables.get(ancestor)?.classes.includes(name) ?? false
  }

  /** The table as PostgreSQL has it: all columns of a hierarchy, by root. */
  physical(root: string): Map<string, ColumnDefinition> {
    const all = new Map<string, ColumnDefinition>()
    for (const table of this.tables.values()) {
      if (table.root !== root) continue
      for (const column of table.columns.values()) {
        const other = all.get(column.name)
        if (other && other.type !== column.type)
          throw new Error(`${table.name}.${column.name} is a ${column.type}, elsewhere a ${other.type}`)
        all.set(column.name, column)
      }
    }
    return all
  }
}

function compile(definition: TableDefinition, known: Map<string, Table>, all: readonly TableDefinition[]): Table {
  const parent = definition.parent === undefined ? undefined : known.get(definition.parent)
  if (definition.parent !== undefined && !parent) throw new Error(`${definition.name} extends an unknown table ${definition.parent}`)
  const columns = new Map<string, Column>(parent?.columns)
  const own = parent
    ? definition.columns
    : [
        ...SYSTEM_FIELDS,
        ...(definition.extendable ? [CLASS_FIELD] : []),
        ...(definition.domain ? DOMAIN_FIELDS : []),
        ...definition.columns,
      ]
  for (const column of own) columns.set(column.name, { ...column, declaredBy: definition.name })
  return {
    name: definition.name,
    label: definition.label,
    parent,
    root: parent?.root ?? definition.name,
    extendable: parent?.extendable ?? definition.extendable ?? false,
    columns,
    display: definition.display,
    number: definition.number ?? undefined,
    audited: parent?.audited ?? definition.audited ?? false,
    inOrder: parent?.inOrder ?? definition.inOrder ?? false,
    textIndexed: parent?.textIndexed ?? definition.textIndex !== undefined,
    classes: descendants(definition.name, all),
  }
}

function descendants(name: string, all: readonly TableDefinition[]): string[] {
  return [name, ...all.filter(table => table.parent === name).flatMap(child => descendants(child.name, all))]
}
