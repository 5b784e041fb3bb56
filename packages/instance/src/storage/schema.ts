import { createHash } from 'node:crypto'
import type { ColumnDefinition, ColumnType, TableDefinition } from '../dictionary/definition.ts'
import type { Dictionary } from '../dictionary/dictionary.ts'
import { type Database, quote, type Transaction } from './database.ts'
import { dictionaryRows } from './dictionary-rows.ts'
import { FORMER_TEXT_COLUMN, TEXT_COLUMN, textColumn, textOf } from './text-index.ts'

/** Journal entries have rows of their own, so a journal field needs no column. */
const SQL_TYPES: Record<Exclude<ColumnType, 'journal'>, string> = {
  // Compared byte by byte: keyset paging must not depend on the database's language.
  guid: 'text collate "C"',
  reference: 'text collate "C"',
  string: 'text',
  list: 'text',
  password: 'text',
  integer: 'integer',
  decimal: 'numeric',
  boolean: 'boolean',
  date_time: 'timestamp(0)',
  date: 'date',
  duration: 'timestamp(0)',
}

const REQUIRED = new Set(['sys_created_on', 'sys_created_by', 'sys_updated_on', 'sys_updated_by', 'sys_mod_count', 'sys_class_name'])

/** Tables here grow from nothing to many rows within minutes; a plan made for the former was measured to be 12 times slower (STACK.md 5). */
const OFTEN = 'autovacuum_analyze_scale_factor = 0.02, autovacuum_vacuum_scale_factor = 0.05'

/** Tables that no API shows: long addresses, the bytes of attachments, and how the schema was made. */
const INTERNAL = [
  'create table if not exists $.tiny_url (id text collate "C" primary key, url text not null)',
  'alter table $.tiny_url add column if not exists place bigint generated always as identity',
  `create table if not exists $.sys_attachment_doc (
     sys_attachment text collate "C" not null, position integer not null, data bytea not null, primary key (sys_attachment, position))`,
  'alter table $.sys_attachment_doc alter column data set storage external',
  'create table if not exists $.practice_setup (only_row boolean primary key check (only_row), setup text not null)',
]

/** What was not there before: the whole schema, or only some tables of one that an earlier version made. */
export interface Made {
  readonly schema: boolean
  table(name: string): boolean
}

/**
 * Brings a schema to the shape of the dictionary and returns whether it was new.
 *
 * The whole shape is recorded as a fingerprint in the schema's comment, so that opening an existing schema is one
 * statement. Two processes that make the same schema at once wait for each other on an advisory lock.
 */
export async function prepareSchema(
  database: Database,
  dictionary: Dictionary,
  fill: (transaction: Transaction, made: Made) => Promise<void>,
): Promise<void> {
  const shape = fingerprint(database, dictionary)
  if ((await readFingerprint(database)) === shape) return
  await database.transaction(async transaction => {
    await transaction.run('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`deskbridge instance ${database.schemaName}`])
    const before = await readFingerprint(transaction, database.schemaName)
    if (before === shape) return
    await transaction.client.query(`create schema if not exists ${quote(database.schemaName)}`)
    const existing = await readColumns(transaction, database.schemaName)
    await dropFormerTables(database, transaction, existing)
    await dropFormerWords(database, transaction, existing)
    const statements = changes(database, dictionary, existing)
    await transaction.client.query(statements.join(';\n'))
    await fill(transaction, { schema: before === undefined, table: name => !existing.has(name) })
    // Without statistics the planner takes `sys_class_name = 'incident'` to be as rare as one `correlation_id`.
    for (const { name } of dictionary.definitions.filter(table => table.parent === undefined))
      await transaction.client.query(`analyze ${database.name(name)}`)
    await transaction.client.query(`comment on schema ${quote(database.schemaName)} is '${shape}'`)
  })
}

/** OAuth clients and tokens were no records once. Whoever opens a schema registers its clients, which get new tokens. */
async function dropFormerTables(database: Database, transaction: Transaction, existing: Set<string>): Promise<void> {
  for (const table of ['oauth_entity', 'oauth_credential'])
    if (existing.has(table) && !existing.has(`${table}.sys_id`)) {
      await transaction.client.query(`drop table ${database.name(table)}`)
      existing.delete(table)
    }
}

/** With the column goes its index. */
async function dropFormerWords(database: Database, transaction: Transaction, existing: ReadonlySet<string>): Promise<void> {
  for (const column of existing)
    if (column.endsWith(`.${FORMER_TEXT_COLUMN}`))
      await transaction.client.query(`alter table ${database.name(column.split('.')[0]!)} drop column ${FORMER_TEXT_COLUMN}`)
  await transaction.client.query(`drop index if exists ${database.name('sys_journal_field_text')}`)
}

function fingerprint(database: Database, dictionary: Dictionary): string {
  const statements = changes(database, dictionary, new Set())
  const text = statements.join('\n') + JSON.stringify(dictionaryRows(dictionary))
  return `deskbridge instance ${createHash('sha256').update(text).digest('hex').slice(0, 16)}`
}

async function readFingerprint(
  database: { run: Database['run'] },
  schema = (database as Database).schemaName,
): Promise<string | undefined> {
  const rows = await database.run("select obj_description(oid, 'pg_namespace') from pg_namespace where nspname = $1", [schema])
  return rows[0]?.[0] ?? undefined
}

async function readColumns(transaction: Transaction, schema: string): Promise<Set<string>> {
  const rows = await transaction.run('select table_name, column_name from information_schema.columns where table_schema = $1', [schema])
  return new Set(rows.flatMap(([table, column]) => [table ?? '', `${table}.${column}`]))
}

function changes(database: Database, dictionary: Dictionary, existing: ReadonlySet<string>): string[] {
  const statements: string[] = []
  for (const definition of dictionary.definitions) {
    if (definition.parent === undefined) statements.push(...tableChanges(database, dictionary, definition, existing))
    if (definition.number)
      statements.push(`create sequence if not exists ${sequence(database, definition.number.prefix)} start ${definition.number.first}`)
  }
  return [...statements, ...INTERNAL.map(statement => statement.replaceAll('$.', database.schema))]
}

/** The sequence that numbers of this prefix come from. */
export function sequence(database: Database, prefix: string): string {
  return database.name(`number_${prefix.toLowerCase()}`)
}

function tableChanges(database: Database, dictionary: Dictionary, definition: TableDefinition, existing: ReadonlySet<string>): string[] {
  const table = database.name(definition.name)
  const columns = [...dictionary.physical(definition.name).values()].flatMap(column => {
    const sql = columnSql(column)
    return sql === undefined ? [] : [{ name: column.name, sql }]
  })
  if (definition.inOrder) columns.push({ name: 'insertion_order', sql: 'insertion_order bigint generated always as identity' })
  const words = textColumn(definition, dictionary.physical(definition.name))
  if (words) columns.push({ name: TEXT_COLUMN, sql: words })
  const made = existing.has(definition.name)
    ? columns.filter(({ name }) => !existing.has(`${definition.name}.${name}`)).map(({ sql }) => `alter table ${table} add column ${sql}`)
    : [`create table ${table} (\n  ${columns.map(({ sql }) => sql).join(',\n  ')}\n)`]
  const roots = [
    definition,
    ...dictionary.definitions.filter(other => dictionary.table(other.name)?.root === definition.name && other !== definition),
  ]
  const indexes = roots.flatMap(one => [
    ...(one.indexes ?? []).map(list => index(definition.name, table, list)),
    ...(one.lookups ?? []).map(
      name =>
        `create index if not exists ${quote(`${definition.name}_${name}_lower`)} on ${table} (lower(${quote(name)})) where ${quote(name)} is not null`,
    ),
  ])
  const unique = (definition.unique ?? []).map(
    list =>
      `create unique index if not exists ${quote(`${definition.name}_${list.replaceAll(',', '_')}_once`)} on ${table} (${list.split(',').map(quote).join(', ')})`,
  )
  if (definition.name === 'sys_user')
    unique.push(`create unique index if not exists sys_user_user_name_once on ${table} (lower(user_name)) where user_name is not null`)
  const text = words ? [`create index if not exists ${quote(`${definition.name}_text`)} on ${table} using gin (${TEXT_COLUMN})`] : []
  if (definition.name === 'sys_journal_field')
    text.push(`create index if not exists sys_journal_field_words on ${table} using gin ((${textOf('value')}))`)
  return [...made, ...indexes, ...unique, ...text, `alter table ${table} set (${OFTEN})`]
}

function index(root: string, table: string, list: string): string {
  const columns = list.split(',')
  const only = !REQUIRED.has(columns[0]!) ? ` where ${quote(columns[0]!)} is not null` : ''
  return `create index if not exists ${quote(`${root}_${columns.join('_')}`)} on ${table} (${columns.map(quote).join(', ')})${only}`
}

function columnSql(column: ColumnDefinition): string | undefined {
  if (column.type === 'journal') return undefined
  const type = SQL_TYPES[column.type]
  const rest = column.name === 'sys_id' ? ' primary key' : REQUIRED.has(column.name) ? ' not null' : ''
  return `${quote(column.name)} ${type}${rest}`
}
