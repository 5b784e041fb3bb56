import { type FreshDatabase, makeFreshDatabase } from '@deskbridge/postgres/testing'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type StartedSystem, startSystem } from '../system/start-system.ts'
import { type GatedSystem, startBehindGate } from './gated-system.ts'
import { pause, whilePartnersWork } from './while-partners-work.ts'

const TIMES = 40
/** On average; together 10 s. */
const EVERY_MS = 250

let database: FreshDatabase
let own: StartedSystem
let behindSocket: GatedSystem
beforeAll(async () => {
  database = await makeFreshDatabase()
  own = await startSystem({ database: database.url })
  behindSocket = await startBehindGate()
})
afterAll(async () => {
  await own?.end()
  await database?.drop()
  await behindSocket?.[Symbol.asyncDispose]()
})

test('all connections to the database are ended 40 times at random moments: two exchanges go on, and everything is there once', async () => {
  const { exchanges, instance, gate } = behindSocket
  const happens = () => endConnections(gate.behind)
  expect(await whilePartnersWork({ exchanges, desk: instance.desk }, 'ENDED', happens)).toEqual([])
}, 120_000)

test('the same where the practice instance is in the same process and on the same database', async () => {
  // Each change wakes somebody up who does not answer; the row that is read for it may be on a connection that ends.
  const nobody = { name: 'Nobody', url: 'http://127.0.0.1:9/nobody', table_name: 'incident' }
  await own.desk().create('practice_wake_up', nobody)
  const happens = () => endConnections(database.url)
  expect(await whilePartnersWork({ exchanges: [own], desk: own.desk() }, 'ENDED-OWN', happens)).toEqual([])
}, 120_000)

/** As an administrator does, or a server that is stopped: each session ends, with what it was in the middle of. */
async function endConnections(databaseUrl: string): Promise<() => string[]> {
  const administrator = new pg.Client({ connectionString: databaseUrl })
  await administrator.connect()
  try {
    let ended = 0
    for (let time = 0; time < TIMES; time++) {
      await pause(Math.random() * 2 * EVERY_MS)
      const { rowCount } = await administrator.query(
        'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
      )
      ended += rowCount ?? 0
    }
    console.log(`${ended} connections were ended`)
  } finally {
    await administrator.end()
  }
  await pause(1_500)
  return () => []
}
