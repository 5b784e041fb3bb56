import { type FreshDatabase, makeFreshDatabase } from '@deskbridge/postgres/testing'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { assertNoTransactionHeld, type Database, openDatabase } from './database.ts'
import { noteEffects } from './effects.ts'
import { DatabaseAway } from './outage.ts'
import { sql } from './sql.ts'

const one = sql`select 1 as one`
const slow = sql`select pg_sleep(30)`
const write = sql`create table if not exists public.written ()`
const ourselves = `application_name = 'deskbridge exchange' and datname = current_database()`

let fresh: FreshDatabase
let database: Database
let operator: pg.Client
beforeAll(async () => {
  fresh = await makeFreshDatabase()
  database = openDatabase(fresh.url, { connections: 2 })
  operator = new pg.Client({ connectionString: fresh.url })
  await operator.connect()
})
afterAll(async () => {
  await database.close()
  await operator.end()
  await fresh.drop()
})

const endAll = () => operator.query(`select pg_terminate_backend(pid) from pg_stat_activity where ${ourselves}`)
const caught = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    error => error,
  )

test('no instance is called while a database transaction is held', async () => {
  const calling = async () => assertNoTransactionHeld('A ServiceNow instance')
  await expect(calling()).resolves.toBeUndefined()
  await expect(database.transaction(calling)).rejects.toThrow('while a database transaction is held')
  await expect(database.transaction(queries => queries.rows(one).then(calling))).rejects.toThrow('transaction is held')
  await expect(database.transaction(queries => queries.rows(one))).resolves.toEqual([{ one: 1 }])
  await expect(calling()).resolves.toBeUndefined()
})

test('a connection that is ended between two statements of a transaction fails the call, and the process lives', async () => {
  const failure = await caught(
    database.transaction(async queries => {
      await queries.rows(one)
      await endAll()
      await new Promise(done => setTimeout(done, 50))
      await queries.rows(one)
    }),
  )
  expect(failure).toBeInstanceOf(DatabaseAway)
  await expect(database.rows(one)).resolves.toEqual([{ one: 1 }])
})

test('a connection that is ended in the middle of a statement fails the call, and the next one is answered', async () => {
  const waiting = caught(database.rows(slow))
  await new Promise(done => setTimeout(done, 100))
  await endAll()
  expect(await waiting).toBeInstanceOf(DatabaseAway)
  await expect(database.rows(one)).resolves.toEqual([{ one: 1 }])
})

test('idle connections that are ended are replaced', async () => {
  await Promise.all([database.rows(one), database.rows(one)])
  await endAll()
  await new Promise(done => setTimeout(done, 50))
  await expect(Promise.all([database.rows(one), database.rows(one)])).resolves.toHaveLength(2)
})

test('a statement without an answer is given up before a caller has waited for 10 seconds, and ends on the server too', async () => {
  const began = performance.now()
  expect(await caught(database.rows(slow))).toBeInstanceOf(DatabaseAway)
  expect(performance.now() - began).toBeLessThan(10_000)
  const left = `select from pg_stat_activity where ${ourselves} and query like '%pg_sleep(30)%' and state = 'active'`
  await expect.poll(async () => (await operator.query(left)).rowCount, { timeout: 5_000 }).toBe(0)
})

test('a call knows whether it can have written anything when the database went away', async () => {
  const nowhere = openDatabase('postgresql://deskbridge@127.0.0.1:1/nowhere')
  const lost = (work: () => Promise<unknown>) => noteEffects(async () => ((await caught(work())) as DatabaseAway).nothingDone)
  expect(await lost(() => nowhere.rows(one))).toBe(true)
  // It never reached the server.
  expect(await lost(() => nowhere.changed(write))).toBe(true)
  const afterWriting = async () => {
    await database.changed(write)
    await nowhere.rows(one)
  }
  expect(await lost(afterWriting)).toBe(false)
  const brokenOff = database.transaction(async queries => {
    await queries.changed(write)
    await endAll()
    await new Promise(done => setTimeout(done, 50))
    await queries.changed(write)
  })
  expect(await lost(() => brokenOff)).toBe(true)
  await nowhere.close()
})

test('a mistake of ours is no outage', async () => {
  expect(await caught(database.rows(sql`select nothing_like_that`))).not.toBeInstanceOf(DatabaseAway)
})
