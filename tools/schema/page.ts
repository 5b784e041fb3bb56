import pg from 'pg'
import { migrate } from '../../packages/exchange/src/platform/migrations.ts'
import { code, table } from '../reference/markdown.ts'
import { readSchema, type Table } from './read-schema.ts'

/** Written with a database, so not by `npm run reference`. */
export const PAGE = 'docs/reference/schema.md'

/** docs/reference/schema.md: what all migrations together make of the empty database at this address. */
export async function schemaPage(url: string): Promise<string> {
  await migrate(url)
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { tables, others } = await readSchema(client, 'exchange')
    return `${[
      '# The database of the exchange',
      'What the migrations in `packages/exchange/src/migrations` make together, as PostgreSQL describes it. Written by `npm run schema`; a test compares it.',
      ...tables.map(oneTable),
      ...(others.length ? ['## Besides the tables', list(others)] : []),
    ].join('\n\n')}\n`
  } finally {
    await client.end()
  }
}

function oneTable({ name, columns, constraints, indexes }: Table): string {
  return [
    `## ${name}`,
    table(
      ['column', 'type', 'may be null', 'default'],
      columns.map(column => [code(column.name), column.type, column.required ? '' : 'yes', code(column.value)]),
    ),
    ...(constraints.length ? [list(constraints)] : []),
    ...(indexes.length ? [list(indexes)] : []),
  ].join('\n\n')
}

const list = (lines: readonly string[]) => lines.map(line => `- ${code(line)}`).join('\n')
