import { setTimeout as pause } from 'node:timers/promises'
import { makeFreshDatabase } from '@deskbridge/postgres/testing'
import pg from 'pg'
import { type ExpectStatic, test } from 'vitest'
import { DatabaseGate } from '../../../../acceptance/faults/database-gate.ts'
import { openDatabase } from './database.ts'
import { type Notices, openNotices } from './notices.ts'
import { Silence } from './silence.ts'

interface World extends AsyncDisposable {
  gate: DatabaseGate
  notices: Notices
  silence: Silence
  operator: pg.Client
  heard: string[]
}

/** A database behind a gate, and one process that listens to it. */
async function world(): Promise<World> {
  const fresh = await makeFreshDatabase()
  const gate = await DatabaseGate.before(fresh.url)
  const database = openDatabase(gate.url)
  const silence = new Silence()
  const notices = await openNotices(database, silence.recordAnswer)
  const operator = new pg.Client({ connectionString: fresh.url })
  await operator.connect()
  const heard: string[] = []
  notices.on('topic', text => heard.push(text))
  const close = async () => {
    await notices.close()
    silence.close()
    await database.close()
    await gate.close()
    await operator.end()
    await fresh.drop()
  }
  return { gate, notices, silence, operator, heard, [Symbol.asyncDispose]: close }
}

const OURS = `application_name = 'deskbridge notices' and datname = current_database()`

async function assertGoesOn({ notices, operator, heard }: World, expect: ExpectStatic): Promise<void> {
  await expect.poll(() => notices.listening, { timeout: 8_000 }).toBe(true)
  heard.length = 0
  await notices.tell('topic', 'again')
  await expect.poll(() => heard, { timeout: 3_000 }).toEqual(['again'])
  await pause(1_000)
  expect((await operator.query(`select from pg_stat_activity where ${OURS}`)).rowCount).toBe(1)
  expect(heard).toEqual(['again'])
}

const AWAY: readonly (readonly [string, (gate: DatabaseGate) => void | Promise<void>, number])[] = [
  ['cut for a moment', gate => gate.cut(), 200],
  ['cut for 4 s', gate => gate.cut(), 4_000],
  ['refused for 4 s', gate => gate.refuse(), 4_000],
  ['silent for 6 s', gate => gate.stall(), 6_000],
]
for (const [what, goAway, milliseconds] of AWAY)
  test.concurrent(`the database is ${what}: afterwards one connection listens, and each notice is heard once`, async ({ expect }) => {
    await using all = await world()
    await goAway(all.gate)
    await pause(milliseconds)
    await all.gate.open()
    await assertGoesOn(all, expect)
  })

test.concurrent('a listening connection that the server ends again and again is one connection afterwards', async ({ expect }) => {
  await using all = await world()
  for (let time = 0; time < 10; time++) {
    await all.operator.query(`select pg_terminate_backend(pid) from pg_stat_activity where ${OURS}`)
    await pause(150)
  }
  await assertGoesOn(all, expect)
})

test.concurrent('a database that has gone without a word is noticed within 10 s, and who comes back is told', async ({ expect }) => {
  await using all = await world()
  const { gate, notices, silence } = all
  const before = silence.signal
  let back = 0
  notices.onBack(() => {
    back += 1
  })
  gate.stall()
  await expect.poll(() => before.aborted, { timeout: 10_000 }).toBe(true)
  expect(notices.listening).toBe(false)
  await gate.open()
  await expect.poll(() => silence.signal.aborted, { timeout: 8_000 }).toBe(false)
  expect(back).toBe(1)
})
