import type pg from 'pg'

/** One table as PostgreSQL's own catalogue describes it. */
export interface Table {
  readonly name: string
  readonly columns: readonly { readonly name: string; readonly type: string; readonly required: boolean; readonly value: string }[]
  readonly constraints: readonly string[]
  readonly indexes: readonly string[]
}

const COLUMNS = `
  select c.relname as "table", a.attname as name, format_type(a.atttypid, a.atttypmod) as type, a.attnotnull as required,
    case when a.attidentity <> '' then 'identity' else coalesce(pg_get_expr(d.adbin, d.adrelid), '') end as value
  from pg_class c join pg_attribute a on a.attrelid = c.oid left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
  where c.relnamespace = $1::regnamespace and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped
  order by c.relname, a.attnum`

const CONSTRAINTS = `
  select c.relname as "table", k.conname || ': ' || pg_get_constraintdef(k.oid) as text
  from pg_constraint k join pg_class c on c.oid = k.conrelid
  where c.relnamespace = $1::regnamespace and k.contype <> 'n' order by k.conname`

/** Those that no constraint made. */
const INDEXES = `
  select c.relname as "table", pg_get_indexdef(i.indexrelid) as text
  from pg_index i join pg_class c on c.oid = i.indrelid join pg_class x on x.oid = i.indexrelid
  where c.relnamespace = $1::regnamespace and not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.contype <> 'f')
  order by x.relname`

/** Views, functions, triggers, types and whatever else is not a table: what is here is shown by the schema’s page, so that none comes unseen. */
const OTHERS = `
  select 'relation ' || relname as text from pg_class where relnamespace = $1::regnamespace and relkind in ('v', 'm', 'f', 'c')
  union all select 'function ' || proname from pg_proc where pronamespace = $1::regnamespace
  union all select 'type ' || typname from pg_type where typnamespace = $1::regnamespace and typtype in ('e', 'd', 'r')
  union all select 'trigger ' || tgname from pg_trigger join pg_class c on c.oid = tgrelid
    where c.relnamespace = $1::regnamespace and not tgisinternal
  order by 1`

type Line = { table: string; text: string }

/** Reads the tables of a schema, by name, and the names of whatever else is in it. */
export async function readSchema(client: pg.ClientBase, schema: string): Promise<{ tables: Table[]; others: string[] }> {
  const rows = async <Row extends object>(statement: string) => (await client.query<Row>(statement, [schema])).rows
  const columns = await rows<{ table: string } & Table['columns'][number]>(COLUMNS)
  const constraints = await rows<Line>(CONSTRAINTS)
  const indexes = await rows<Line>(INDEXES)
  const others = await rows<{ text: string }>(OTHERS)
  const of = (lines: readonly Line[], name: string) => lines.filter(line => line.table === name).map(({ text }) => text)
  const names = [...new Set(columns.map(({ table }) => table))]
  return {
    tables: names.map(name => ({
      name,
      columns: columns.filter(({ table }) => table === name),
      constraints: of(constraints, name),
      indexes: of(indexes, name),
    })),
    others: others.map(({ text }) => text),
  }
}
