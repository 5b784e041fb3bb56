import { createInstance, type Instance } from '@deskbridge/instance'
import { makeFreshDatabase } from '@deskbridge/postgres/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { writes } from '../connection/call.ts'
import { type Action, type ActionName, catalogue, connect, perform, serviceNow } from '../index.ts'
import { type Cases, cases } from '../proof/cases.ts'
import { failureOf } from '../proof/failure.ts'

/** Whatever goes wrong with a write of the practice instance's fault menu, no action ever sends it twice. */

const changing = (catalogue as unknown as readonly Action[]).filter(({ effect }) => effect !== 'reads')

let instance: Instance
let database: Awaited<ReturnType<typeof makeFreshDatabase>>
let prepared: Cases

beforeAll(async () => {
  database = await makeFreshDatabase()
  instance = await createInstance({ databaseUrl: database.url, schema: 'practice' })
  await instance.setPassword('admin', 'pw')
  prepared = cases(serviceNow(connect({ ...TO, fetch: instance.fetch })))
})

afterAll(async () => {
  await instance?.close()
  await database?.drop()
})

const TO = { baseUrl: 'http://practice.example', signIn: { kind: 'basic', userName: 'admin', password: 'pw' } as const, settleMs: 0 }

/** A connection whose writes are struck, the first ones or all; and how many of them there were. */
function struck(fault: string, times = Number.POSITIVE_INFINITY, timeoutMs = 2_000) {
  const seen = { writes: 0 }
  const connection = connect({
    ...TO,
    timeoutMs,
    fetch: request => {
      if (request.method === 'GET' || ++seen.writes > times) return instance.fetch(request)
      const headers = new Headers(request.headers)
      headers.set('X-Practice-Fault', fault)
      return instance.fetch(new Request(request, { headers }))
    },
  })
  return { seen, connection }
}

/** What strikes a write, and what its failure says. A fault that an answer without JSON cannot carry leaves it a success. */
const FAULTS = [
  { fault: 'timeout-after-write', says: { kind: 'time-out', detail: expect.stringContaining('no answer within') }, timeoutMs: 150 },
  { fault: 'reset-after-write', says: { kind: 'unreachable' } },
  { fault: 'server-error-after-write', says: { kind: 'server-error', status: 500 } },
  { fault: 'asleep', says: { kind: 'asleep', detail: expect.stringContaining('web page') } },
  { fault: 'error-in-200', says: { kind: 'broken-answer', detail: expect.stringContaining('maximum execution time') }, unless: 'nothing' },
] as const

describe.each(FAULTS)('$fault', ({ fault, says, ...more }) => {
  test.concurrent.each(changing.map(row => [row.name, row] as const))(
    '%s is sent once, and its failure names the cause',
    async (name, row) => {
      const { input } = await prepared[name as ActionName]()
      const { seen, connection } = struck(fault, undefined, 'timeoutMs' in more ? more.timeoutMs : undefined)
      const call = row.request(row.input.parse(input))
      const performed = perform(connection, row, input)
      if ('unless' in more && (call.answer === more.unless || name === 'group.removeMember')) await performed
      else expect(await failureOf(performed)).toMatchObject({ ...says, action: name, written: 'unknown' })
      expect(seen.writes).toBe(1)
    },
  )
})

test.concurrent.each(changing.map(row => [row.name, row] as const))(
  '%s waits out a 429 without headers, and is written once',
  async (name, row) => {
    const { input, answer } = await prepared[name as ActionName]()
    const { seen, connection } = struck('too-many-requests', 1, 5_000)
    expect(await perform(connection, row, input)).toMatchObject(answer)
    expect(seen.writes).toBe(2)
  },
)

test('a 429 that stays: nothing is written, and it says so', async () => {
  const { input } = await prepared['incident.resolve']()
  const { connection } = struck('too-many-requests', undefined, 100)
  expect(await failureOf(serviceNow(connection).incident.resolve(input))).toMatchObject({
    kind: 'rate-limited',
    written: 'no',
    status: 429,
  })
})

test('what fails after the write of an action, in a look at what came of it, does not say that nothing was written', async () => {
  const { input } = await prepared['change.addItems']()
  let writing = false
  const connection = connect({
    ...TO,
    fetch: request => {
      writing ||= request.method !== 'GET'
      if (!writing || request.method !== 'GET') return instance.fetch(request)
      return Response.json({ error: { message: 'no' } }, { status: 403 })
    },
  })
  expect(await failureOf(serviceNow(connection).change.addItems(input))).toMatchObject({ kind: 'forbidden', written: 'unknown' })
})

test('a batch that only reads is repeated as a read is', async () => {
  const { input, answer } = await prepared['batch.read']()
  const { seen, connection } = struck('server-error', 1)
  expect(await serviceNow(connection).batch.read(input)).toMatchObject(answer)
  expect(seen.writes).toBe(2)
  const row = catalogue.find(({ name }) => name === 'batch.read') as unknown as Action
  expect(writes(row.request(row.input.parse(input)))).toBe(false)
})
