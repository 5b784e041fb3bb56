import { makeFreshDatabase } from '@deskbridge/postgres/testing'
import pg from 'pg'
import { expect, test } from 'vitest'
import { startSystem } from '../system/start-system.ts'
import { untilAnswered } from './socket-system.ts'

test('the database of the practice instance stalls for longer than a call may take: the ticket is there once', async () => {
  const database = await makeFreshDatabase()
  await using system = await startSystem({ database: database.url })
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  try {
    const send = () => system.partner('customer').fileTicket({ customer_reference_number: 'STALLED' })
    await client.query('begin')
    // Reading goes on, writing waits: as when a disk is full or a backup holds a lock.
    await client.query('lock table sandbox.task in share mode')
    const first = await send()
    expect(first.status).toBe(503)
    const second = await send()
    expect(second.status).toBe(503)
    await client.query('rollback')
    const last = await untilAnswered(send)
    expect(last.status, JSON.stringify(last.body)).toBe(200)
    await new Promise(done => setTimeout(done, 500))
    expect(await system.desk().find('incident', 'correlation_display=STALLED')).toHaveLength(1)
  } finally {
    await client.end()
    await system.end()
    await database.drop()
  }
}, 60_000)
