import type { ConnectionStore, SavedConnection } from '@deskbridge/servicenow'
import type { Database, Queries } from '../platform/database.ts'
import { sql } from '../platform/sql.ts'

const COLUMNS = 'name, environment, url, in_use as "inUse", previous, health'

const all = sql`select ${COLUMNS} from exchange.connection order by name`
const allHeld = sql`select ${COLUMNS} from exchange.connection order by name for update`
const named = sql`select ${COLUMNS} from exchange.connection where name = $1`
const namedHeld = sql`select ${COLUMNS} from exchange.connection where name = $1 for update`
const insert = sql`
  insert into exchange.connection (name, environment, url, in_use, previous, health) values ($1, $2, $3, $4, $5, $6)
  on conflict do nothing`
const update = sql`
  update exchange.connection set environment = $2, url = $3, in_use = $4, previous = $5, health = $6, changed_at = now() where name = $1`
const remove = sql`delete from exchange.connection where name = $1`

/** Saved connections as rows of the database. */
export function connectionRows(database: Database): ConnectionStore {
  return {
    list: () => database.rows<SavedConnection>(all),
    find: name => database.row<SavedConnection>(named, [name]),
    add: async row => (await database.changed(insert, values(row))) > 0,
    change: (name, change) =>
      database.transaction(async queries => {
        const row = await queries.row<SavedConnection>(namedHeld, [name])
        return row && put(queries, change(row))
      }),
    changeAll: change =>
      database.transaction(async queries => {
        const rows = await queries.rows<SavedConnection>(allHeld)
        for (const row of rows) await put(queries, change(row))
        return rows.length
      }),
    remove: async name => (await database.changed(remove, [name])) > 0,
  }
}

async function put(queries: Queries, row: SavedConnection): Promise<SavedConnection> {
  await queries.changed(update, values(row))
  return row
}

const json = (value: object | null) => value && JSON.stringify(value)

const values = ({ name, environment, url, inUse, previous, health }: SavedConnection) => [
  name,
  environment,
  url,
  json(inUse),
  json(previous),
  json(health),
]
