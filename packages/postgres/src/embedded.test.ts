import pg from 'pg'
import { expect, test } from 'vitest'
import { makeFreshDatabase } from './testing.ts'

test('each test file gets a fresh, empty, real PostgreSQL database', async () => {
  const database = await makeFreshDatabase()
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  const { rows } = await client.query(
    "select version(), (select count(*)::int from information_schema.tables where table_schema = 'public') as tables",
  )
  expect(rows[0].version).toMatch(/^PostgreSQL 18/)
  expect(rows[0].tables).toBe(0)
  await client.end()
  await database.drop()
})
