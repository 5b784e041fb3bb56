import { freshDatabase } from '@deskbridge/postgres/testing'
import { expect, test } from 'vitest'
import { assertNoTransactionHeld, openDatabase } from './database.ts'
import { sql } from './sql.ts'

const one = sql`select 1 as one`

test('no instance is called while a database transaction is held', async () => {
  const fresh = await freshDatabase()
  const database = openDatabase(fresh.url, { connections: 2 })
  const calling = async () => assertNoTransactionHeld('A ServiceNow instance')
  await expect(calling()).resolves.toBeUndefined()
  await expect(database.transaction(calling)).rejects.toThrow('while a database transaction is held')
  await expect(database.transaction(queries => queries.rows(one).then(calling))).rejects.toThrow('transaction is held')
  await expect(database.transaction(queries => queries.rows(one))).resolves.toEqual([{ one: 1 }])
  await expect(calling()).resolves.toBeUndefined()
  await database.close()
  await fresh.drop()
})
