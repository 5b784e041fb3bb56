import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { makeFreshDatabase } from '@deskbridge/postgres/testing'
import pg from 'pg'
import { expect, test } from 'vitest'
import { type Database, openDatabase } from '../platform/database.ts'
import { openLog } from '../platform/log.ts'
import { migrate } from '../platform/migrations.ts'
import { type Notices, openNotices } from '../platform/notices.ts'
import { DatabaseAway } from '../platform/outage.ts'
import { sql } from '../platform/sql.ts'
import { type LostTime, rememberTime } from './index.ts'
import { beginHorizon, readHorizonsInForce } from './lost-time.store.ts'

const log = openLog('silent')
const put = sql`
  insert into exchange.recorded_write (write_id, environment, operation, request_key, content_sha256, table_name, plan)
  values ($1::uuid, 'sandbox', 'comment', $1::text, '', 'incident', '[]')`
const take = sql`delete from exchange.recorded_write where write_id = $1::uuid`
const forgotten = sql`insert into exchange.forgotten_write (write_id) values ($1::uuid)`
const countBack = sql`update exchange.folder_mark set counter = counter - 2`
const countOn = sql`update exchange.folder_mark set counter = counter + 1`

interface World extends AsyncDisposable {
  folder: { path: string; id: string }
  url: string
  database: Database
  notices: Notices
  /** A process on the data folder, as after a start. */
  start(): Promise<LostTime>
  /** A new connection of that process, as a pool asks it before anybody gets it. */
  connect(time: LostTime): Promise<void>
}

async function world(): Promise<World> {
  const fresh = await makeFreshDatabase()
  await migrate(fresh.url)
  const folder = { path: mkdtempSync(join(tmpdir(), 'deskbridge-time-')), id: randomUUID() }
  const database = openDatabase(fresh.url)
  const notices = await openNotices(database)
  const started: LostTime[] = []
  const connect = async (time: LostTime) => {
    const client = new pg.Client({ connectionString: fresh.url })
    await client.connect()
    await time.examine(client).finally(() => client.end())
  }
  return {
    folder,
    url: fresh.url,
    database,
    notices,
    connect,
    async start() {
      const time = rememberTime(folder)
      await connect(time)
      await time.watch(database, notices, log)
      started.push(time)
      return time
    },
    async [Symbol.asyncDispose]() {
      for (const time of started) await time.close()
      await notices.close()
      await database.close()
      await fresh.drop()
      rmSync(folder.path, { recursive: true })
    },
  }
}

test('a database that has all that was written begins nothing: after restarts, with writes accepted, dropped and forgotten', async () => {
  await using all = await world()
  for (let restart = 0; restart < 3; restart++) await (await all.start()).close()
  const time = await all.start()
  const [kept, dropped, refusedElsewhere] = [randomUUID(), randomUUID(), randomUUID()]
  for (const writeId of [kept, dropped, refusedElsewhere]) {
    await all.database.changed(put, [writeId])
    time.recordAccepted(writeId)
  }
  time.forgetAccepted(dropped)
  await all.database.changed(take, [dropped])
  await all.database.changed(take, [refusedElsewhere])
  await all.database.changed(forgotten, [refusedElsewhere])
  await all.connect(time)
  expect(time.lookBack()).toBeUndefined()
  expect(await readHorizonsInForce(all.database)).toEqual([])
})

test('connections that are opened all the time while the mark is counted begin nothing', async () => {
  await using all = await world()
  const time = await all.start()
  let open = true
  const opening = Array.from({ length: 8 }, async () => {
    while (open) {
      const writeId = randomUUID()
      await all.database.changed(put, [writeId])
      time.recordAccepted(writeId)
      await all.connect(time)
    }
  })
  await pause(4_000)
  open = false
  await Promise.all(opening)
  expect(time.lookBack()).toBeUndefined()
})

test('a database whose mark is lower than the folder’s has gone back: before the first statement, once, and after a restart too', async () => {
  await using all = await world()
  const time = await all.start()
  await all.database.changed(countOn)
  await all.database.changed(countBack)
  await Promise.all(Array.from({ length: 6 }, () => all.connect(time)))
  expect(time.lookBack()?.since.getTime()).toBeLessThan(Date.now())
  await expect.poll(async () => (await readHorizonsInForce(all.database)).length).toBe(1)
  await time.close()
  const again = await all.start()
  expect(again.lookBack()).toBeDefined()
  expect(await readHorizonsInForce(all.database)).toHaveLength(1)
})

test('a database without a write that it had accepted has gone back, although its mark is right', async () => {
  await using all = await world()
  const time = await all.start()
  const writeId = randomUUID()
  await all.database.changed(put, [writeId])
  time.recordAccepted(writeId)
  await all.database.changed(take, [writeId])
  await all.connect(time)
  expect(time.lookBack()).toBeDefined()
})

test('a loss is noticed by a process that was not running: the folder remembers', async () => {
  await using all = await world()
  await (await all.start()).close()
  expect(JSON.parse(readFileSync(join(all.folder.path, 'database-seen.json'), 'utf8'))).toMatchObject({ counter: 1 })
  await all.database.changed(sql`delete from exchange.folder_mark`)
  expect((await all.start()).lookBack()).toBeDefined()
})

test('what one process has noticed counts for the others at once', async () => {
  await using all = await world()
  const time = await all.start()
  await beginHorizon(all.database, { since: new Date(Date.now() - 60_000), why: 'another process noticed' })
  await all.notices.tell('horizon')
  await expect.poll(() => time.lookBack()).toBeDefined()
})

test('a database that is not that of an exchange is an outage, not a mistake', async () => {
  await using all = await world()
  const empty = await makeFreshDatabase()
  const database = openDatabase(empty.url, { examine: rememberTime(all.folder).examine })
  await expect(database.rows(sql`select 1`)).rejects.toBeInstanceOf(DatabaseAway)
  await database.close()
  await empty.drop()
})
