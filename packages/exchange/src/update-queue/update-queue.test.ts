import { randomUUID } from 'node:crypto'
import { type FreshDatabase, makeFreshDatabase } from '@deskbridge/postgres/testing'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Database, openDatabase } from '../platform/database.ts'
import { openLog } from '../platform/log.ts'
import { migrate } from '../platform/migrations.ts'
import { sql } from '../platform/sql.ts'
import type { Caller } from '../sign-in/index.ts'
import { appendUpdates } from './update-queue.store.ts'
import { type Outlet, openUpdateQueue } from './update-queue.ts'

let fresh: FreshDatabase
let database: Database
let caller: Caller
beforeAll(async () => {
  fresh = await makeFreshDatabase()
  await migrate(fresh.url)
  database = openDatabase(fresh.url)
})
afterAll(async () => {
  await database.close()
  await fresh.drop()
})
beforeEach(async () => {
  const partner = sql`
    with partner as (insert into exchange.partner (name) values ($1) returning partner_id)
    insert into exchange.queue (environment, partner_id) select 'sandbox', partner_id from partner returning partner_id as id`
  const partnerId = (await database.row<{ id: string }>(partner, [randomUUID()]))!.id
  caller = { environment: 'sandbox', partnerId, delivery: 'read-once' } as Caller
})

const append = (...messages: string[]) =>
  database.transaction(queries =>
    appendUpdates(
      queries,
      caller,
      messages.map(message => ({
        transactionId: randomUUID(),
        at: new Date(),
        sysId: 's',
        number: 'INC0010001',
        action: 'Comment',
        message,
      })),
    ),
  )

/** Each is an exchange process: what one remembers the other does not know. */
const openProcess = () => openUpdateQueue(database, openLog('silent'))
/** The connection of a caller, or the process that answers it, is gone before anybody knows whether the answer arrived. */
const NEVER_HEARD_OF_AGAIN: Outlet = { whenSent: () => {}, cut: () => {} }
const handedOver: Outlet = { whenSent: done => done(true), cut: () => {} }
const poll = (queue: ReturnType<typeof openProcess>, outlet = NEVER_HEARD_OF_AGAIN) => queue.poll(caller, { limit: 10 }, outlet)

const lease = sql`
  select extract(epoch from lease_until - now())::float8 as seconds, position from exchange.queue where partner_id = $1 and environment = 'sandbox'`
const timePasses = sql`update exchange.queue set lease_until = lease_until - make_interval(secs => $2) where partner_id = $1`

test('an answer of which nothing more is heard holds its updates for 30 s, no less and no more; then the same ones come again', async () => {
  await append('one', 'two')
  expect(await poll(openProcess())).toEqual(['one', 'two'])
  const next = openProcess()
  expect(await poll(next)).toEqual([])
  const { seconds } = (await database.row<{ seconds: number }>(lease, [caller.partnerId]))!
  expect(seconds).toBeGreaterThan(25)
  expect(seconds).toBeLessThanOrEqual(30)
  await append('three')
  await database.changed(timePasses, [caller.partnerId, seconds - 5])
  expect(await poll(next)).toEqual([])
  await database.changed(timePasses, [caller.partnerId, 5])
  expect(await poll(next, handedOver)).toEqual(['one', 'two', 'three'])
  await expect.poll(async () => (await database.row<{ position: number }>(lease, [caller.partnerId]))!.position).toBe(3)
  expect(await poll(next)).toEqual([])
})

test('updates are kept for 90 days, read or not, and no longer', async () => {
  await append('91 days, read', '91 days, not read', '89 days, not read')
  const aged = sql`update exchange.update set appended_at = now() - make_interval(days => $2) where partner_id = $1 and message like $3`
  for (const days of [89, 91]) await database.changed(aged, [caller.partnerId, days, `${days} days%`])
  const readOne = sql`update exchange.queue set position = 1 where partner_id = $1`
  await database.changed(readOne, [caller.partnerId])
  await openProcess().forgetOld()
  const left = sql`select message from exchange.update where partner_id = $1`
  expect(await database.rows(left, [caller.partnerId])).toEqual([{ message: '89 days, not read' }])
  expect(await poll(openProcess(), handedOver)).toEqual(['89 days, not read'])
})
