import { randomUUID } from 'node:crypto'
import { type FreshDatabase, makeFreshDatabase } from '@deskbridge/postgres/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Database, openDatabase } from '../platform/database.ts'
import { migrate } from '../platform/migrations.ts'
import { sql } from '../platform/sql.ts'
import { forgetFiles, replaceFiles } from './files.store.ts'
import { claimWrite, giveBackHolds, readHolds, renewHolds } from './holds.store.ts'
import type { SaveStep } from './plan.ts'
import { forgetWrite, releaseWrite, saveProgress, takeUnderWay } from './progress.store.ts'
import type { NewWrite, RecordedWrite } from './recorded-write.ts'
import { insertNewWrite, readWrite } from './recorded-writes.store.ts'

const [FORMER, PRESENT] = ['the folder that stood still', 'the folder that went on']

let fresh: FreshDatabase
let database: Database
let partnerId: string
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
  const partner = sql`insert into exchange.partner (name) values ($1) returning partner_id as id`
  partnerId = (await database.row<{ id: string }>(partner, [randomUUID()]))!.id
})

const comment = (text: string, sysId: string): SaveStep => ({ kind: 'save', table: 'incident', sysId, values: { comments: text } })

function newWrite(given: Partial<NewWrite> = {}): NewWrite {
  const sysId = given.sysId ?? randomUUID().replaceAll('-', '')
  return {
    writeId: randomUUID(),
    environment: 'sandbox',
    partnerId,
    operation: 'comment',
    requestKey: `key:${randomUUID()}`,
    idempotencyKey: null,
    contentSha256: 'content',
    table: 'incident',
    sysId,
    number: 'INC0010001',
    reference: 'REF-1',
    plan: [comment('one', sysId), comment('two', sysId)],
    spoolFolder: null,
    ...given,
  }
}

const filing = (given: Partial<NewWrite> = {}): NewWrite =>
  newWrite({
    operation: 'file-ticket',
    requestKey: 'reference:REF-1',
    plan: [{ kind: 'create', table: 'incident', values: {}, correlationId: 'c'.repeat(40) }],
    bond: { word: 'Incident', correlationId: 'c'.repeat(40) },
    filing: { referenceKey: given.reference ?? 'REF-1', hashWith: () => 'content' },
    ...given,
    sysId: null,
    number: null,
  })

const letHoldsEnd = sql`update exchange.recorded_write set held_until = now() - interval '1 second' where write_id = $1`
const rowOf = sql`select to_jsonb(w) - 'held_until' as row from exchange.recorded_write w where write_id = $1`
const accepted = async (write: NewWrite, holder: string) => {
  expect(await insertNewWrite(database, write, holder, false)).toBe('accepted')
  return (await readWrite(database, write.writeId)) as RecordedWrite
}

describe('whoever stood still for longer than its hold', () => {
  const MOVES: Record<string, (write: RecordedWrite) => Promise<unknown>> = {
    'goes on to the next step': write => saveProgress(database, write, FORMER, { finished: false, binds: false }),
    'finishes the write': write => saveProgress(database, write, FORMER, { finished: true, binds: false }),
    'binds the reference': write => saveProgress(database, { ...write, sysId: 'its own' }, FORMER, { finished: false, binds: true }),
    'binds the reference and finishes': write =>
      saveProgress(database, { ...write, sysId: 'its own' }, FORMER, { finished: true, binds: true }),
    'lets go of it': write => releaseWrite(database, write, FORMER, { state: 'open', againInSeconds: 0 }),
    'parks it': write => releaseWrite(database, write, FORMER, { state: 'halted', againInSeconds: 0, parked: 'two' }),
    'forgets it': write => forgetWrite(database, write, FORMER),
    'brings its files again': write => replaceFiles(database, write, { holder: FORMER, plan: [], folder: 'another folder' }),
    'takes what it adds for itself': write => takeUnderWay(database, write, FORMER, 'something else'),
    'holds it for longer': async write => [...(await renewHolds(database, [write], FORMER))],
    'gives it back': write => giveBackHolds(database, [{ ...write, sent: 0 }], FORMER),
  }
  const NOT_TAKEN = new Set<unknown>(['lost', false, 0])

  test.each(Object.keys(MOVES))('and %s: nothing of it is taken, the write is the next one’s', async move => {
    const write = await accepted(filing(), FORMER)
    await database.changed(letHoldsEnd, [write.writeId])
    const taken = await claimWrite(database, write.writeId, PRESENT)
    expect(taken?.fence).toBe(write.fence + 1)
    const before = await database.row(rowOf, [write.writeId])
    const said = await MOVES[move]!(write)
    expect(Array.isArray(said) ? said.length === 0 : NOT_TAKEN.has(said), String(said)).toBe(true)
    expect(await database.row(rowOf, [write.writeId])).toEqual(before)
    const bond = await database.row(sql`select sys_id as "sysId" from exchange.bond where bond_id = $1`, [write.writeId])
    expect(bond).toEqual({ sysId: null })
    expect(await readHolds(database, PRESENT)).toContainEqual({ writeId: write.writeId, fence: write.fence + 1 })
  })

  test('and is the same folder again, after a start: its former hold is over all the same', async () => {
    const write = await accepted(newWrite(), FORMER)
    await database.changed(letHoldsEnd, [write.writeId])
    await claimWrite(database, write.writeId, FORMER)
    expect(await saveProgress(database, write, FORMER, { finished: true, binds: false })).toBe('lost')
  })
})

describe('a hold that is given back after an outage', () => {
  const state = sql`select progress, under_way as "underWay", holder, extract(epoch from clock_timestamp() - attempted_at)::float8 as age
    from exchange.recorded_write where write_id = $1`
  const seen = (write: RecordedWrite) =>
    database.row<{ progress: unknown; underWay: string | null; holder: string | null; age: number }>(state, [write.writeId])

  test('counts as just sent where its request has just ended, so that the settle time begins then', async () => {
    const write = await accepted(newWrite(), FORMER)
    await database.changed(sql`update exchange.recorded_write set attempted_at = now() - interval '1 hour' where write_id = $1`, [
      write.writeId,
    ])
    await giveBackHolds(database, [{ ...write, sent: 2 }], FORMER)
    const given = await seen(write)
    expect(given).toMatchObject({ progress: [{ begun: true }], holder: null })
    expect(given!.age).toBeLessThan(10)
  })

  test('of a write whose acceptance was never answered is as if nothing was begun: nothing was sent', async () => {
    const write = await accepted(newWrite(), FORMER)
    await giveBackHolds(database, [{ ...write, sent: 'never' }], FORMER)
    expect(await seen(write)).toMatchObject({ progress: [], underWay: null, holder: null })
  })
})

describe('a comment on a record to which another one is on its way', () => {
  test('is not begun while one is under way, waits with its own key, and is begun once the other is done', async () => {
    const one = await accepted(newWrite(), FORMER)
    const equal = newWrite({ sysId: one.sysId })
    expect(await insertNewWrite(database, equal, PRESENT, false)).toBeUndefined()
    expect(await insertNewWrite(database, equal, PRESENT, true)).toBe('accepted')
    const waiting = (await readWrite(database, equal.writeId)) as RecordedWrite
    const begun = { ...waiting, progress: [{ begun: true as const }], underWay: one.underWay }
    expect(await saveProgress(database, begun, PRESENT, { finished: false, binds: false })).toBe('busy')
    const next = { ...one, progress: [{ done: true as const }], underWay: null }
    expect(await saveProgress(database, next, FORMER, { finished: false, binds: false })).toBe('held')
    expect(await saveProgress(database, begun, PRESENT, { finished: false, binds: false })).toBe('held')
  })

  test('is begun at once on another record, and a change without words on the same one', async () => {
    const one = await accepted(newWrite(), FORMER)
    expect(await insertNewWrite(database, newWrite(), FORMER, false)).toBe('accepted')
    const state: SaveStep = { kind: 'save', table: 'incident', sysId: one.sysId!, values: { state: '2' } }
    expect(await insertNewWrite(database, newWrite({ sysId: one.sysId, plan: [state] }), FORMER, false)).toBe('accepted')
  })

  test('waits also where it comes with another entry, or is another one: whose entry is found would not be known', async () => {
    const one = await accepted(newWrite(), FORMER)
    const both: SaveStep = { ...comment('one', one.sysId!), values: { comments: 'one', work_notes: 'note' } }
    for (const step of [both, comment('another text', one.sysId!)])
      expect(await insertNewWrite(database, newWrite({ sysId: one.sysId, plan: [step] }), FORMER, false)).toBeUndefined()
  })
})

describe('a filing', () => {
  test('that comes 20 times at the same moment is accepted once', async () => {
    const tries = Array.from({ length: 20 }, () => insertNewWrite(database, filing(), FORMER, false))
    expect((await Promise.all(tries)).filter(Boolean)).toHaveLength(1)
  })

  test('that comes again before the first one is committed is not accepted', async () => {
    let second: Promise<unknown> | undefined
    await database.transaction(async queries => {
      expect(await insertNewWrite(queries, filing(), FORMER, false)).toBe('accepted')
      second = insertNewWrite(database, filing(), PRESENT, false)
      // It has begun, and waits for the first one.
      await new Promise(done => setTimeout(done, 200))
    })
    expect(await second).toBeUndefined()
  })

  const remade = sql`
    insert into exchange.bond (environment, partner_id, word, is_task, reference, reference_key, correlation_id, table_name, sys_id, number, remade)
    values ('sandbox', $1, 'Incident', false, 'REF-1', 'REF-1', $2, 'incident', $3, 'INC0010001', true)`

  test('whose bond was made again from the record is accepted and takes the bond, once', async () => {
    await database.changed(remade, [partnerId, 'c'.repeat(40), randomUUID()])
    const tries = Array.from({ length: 20 }, () => insertNewWrite(database, filing(), FORMER, false))
    // It is known that its ticket was made, so it is looked for.
    expect((await Promise.all(tries)).filter(Boolean)).toEqual(['made'])
    const bonds = sql`select b.sys_id is not null as bound, w.write_id is not null as filed from exchange.bond b
      left join exchange.recorded_write w on w.write_id = b.bond_id where b.partner_id = $1`
    expect(await database.rows(bonds, [partnerId])).toEqual([{ bound: true, filed: true }])
  })

  test('is not accepted where its reference is bound to a record that the operator made', async () => {
    await database.changed(remade, [partnerId, 'another correlation id', randomUUID()])
    expect(await insertNewWrite(database, filing(), FORMER, false)).toBeUndefined()
  })

  test('that was refused leaves a bond which the record proves, and may come again', async () => {
    await database.changed(remade, [partnerId, 'c'.repeat(40), randomUUID()])
    const write = filing()
    expect(await insertNewWrite(database, write, FORMER, false)).toBe('made')
    expect(await forgetWrite(database, { ...write, fence: 0 }, FORMER)).toBe(true)
    expect(await insertNewWrite(database, filing(), FORMER, false)).toBe('made')
  })
})

describe('the files of a write that nobody comes back for', () => {
  test.each([
    ['halted', '16 minutes', 'gone'],
    ['halted', '14 minutes', 'kept'],
    ['open', '8 days', 'gone'],
    ['open', '6 days', 'kept'],
  ])('are, when it is %s since %s, %s', async (state, age, fate) => {
    const write = newWrite({ spoolFolder: randomUUID().replaceAll('-', '') })
    await insertNewWrite(database, write, PRESENT, false)
    const older = sql`
      update exchange.recorded_write set state = $2, held_until = null, holder = null, accepted_at = now() - $3::interval,
        next_attempt_at = now() - $3::interval where write_id = $1`
    await database.changed(older, [write.writeId, state, age])
    const given = (await forgetFiles(database, PRESENT)).map(({ folder }) => folder)
    expect(given).toEqual(fate === 'gone' ? [write.spoolFolder] : [])
    expect(await forgetFiles(database, FORMER)).toEqual([])
  })

  test('are kept while somebody works on it', async () => {
    const write = newWrite({ spoolFolder: randomUUID().replaceAll('-', '') })
    await insertNewWrite(database, write, PRESENT, false)
    const older = sql`update exchange.recorded_write set accepted_at = now() - interval '8 days' where write_id = $1`
    await database.changed(older, [write.writeId])
    expect(await forgetFiles(database, PRESENT)).toEqual([])
  })
})
