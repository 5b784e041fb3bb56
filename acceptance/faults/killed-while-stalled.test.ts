import { makeFreshDatabase } from '@deskbridge/postgres/testing'
import pg from 'pg'
import { expect, test } from 'vitest'
import { startSystem } from '../system/start-system.ts'
import { untilAnswered } from './socket-system.ts'

test('killed while its practice instance waits for the database, and started again: the ticket is there once', async () => {
  const database = await makeFreshDatabase()
  const system = await startSystem({ database: database.url })
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  try {
    await client.query('begin')
    await client.query('lock table sandbox.task in share mode')
    const cut = system
      .partner('customer')
      .fileTicket({ customer_reference_number: 'KILLED-STALLED' })
      .catch(() => undefined)
    const orphan = await waitingInsert(client)
    await system.kill()
    await cut
    // PostgreSQL still has the statement of the process that is gone.
    await using again = await system.startAgain()
    const answer = untilAnswered(() => again.partner('customer').fileTicket({ customer_reference_number: 'KILLED-STALLED' }))
    await waitingInsert(client, orphan)
    await client.query('rollback')
    const { status, body } = await answer
    expect(status, JSON.stringify(body)).toBe(200)
    await new Promise(done => setTimeout(done, 500))
    expect(await again.desk('sandbox').find('incident', 'correlation_display=KILLED-STALLED')).toHaveLength(1)
  } finally {
    await client.end()
    await system.end()
    await database.drop()
  }
}, 60_000)

/** Waits for an insert into the task table that waits for the lock, of another session than `not`. Returns its session. */
async function waitingInsert(client: pg.Client, not = 0): Promise<number> {
  const question = `select pid from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock' and query not like '%pg_stat_activity%' and pid <> $1`
  for (;;) {
    // What a transaction sees of others stays as it first saw it.
    await client.query('select pg_stat_clear_snapshot()')
    const { rows } = await client.query(question, [not])
    if (rows[0]) return rows[0].pid
    await new Promise(done => setTimeout(done, 50))
  }
}
