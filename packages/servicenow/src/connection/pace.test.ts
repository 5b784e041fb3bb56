import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ConnectionOptions, connect, serviceNow } from '../index.ts'
import { failureOf } from '../proof/failure.ts'
import { json, type RecordingServer, recordingServer, refuse } from '../proof/recording-server.ts'
import { Pace } from './pace.ts'
import { timeBudget } from './time-budget.ts'

const ID = '9d385017c611228701d22104cc95c371'
let server: RecordingServer

beforeAll(async () => {
  server = await recordingServer()
})
afterAll(() => server.close())

function sdk(options: Partial<ConnectionOptions> = {}) {
  return serviceNow(connect({ baseUrl: server.url, signIn: { kind: 'basic', userName: 'u', password: 'p' }, ...options }))
}

test('at most so many calls at once, first come first served', async () => {
  let running = 0
  let most = 0
  server.behave(async r => {
    most = Math.max(most, ++running)
    await new Promise(resolve => setTimeout(resolve, 10))
    running--
    json(r, 200, { result: { sys_id: ID } })
  })
  const limited = sdk({ maxConcurrent: 3 })
  await Promise.all(Array.from({ length: 20 }, () => limited.incident.get({ sysId: ID })))
  expect(most).toBe(3)
  expect(server.received).toHaveLength(20)
})

test('a place is given back whatever the call ends with', async () => {
  server.behave((r, _, nth) =>
    nth <= 2 ? (nth === 1 ? r.socket?.destroy() : refuse(r, 400, 'no')) : json(r, 200, { result: { sys_id: ID } }),
  )
  const limited = sdk({ maxConcurrent: 1 })
  await failureOf(limited.incident.get({ sysId: ID }, { retry: false }))
  await failureOf(limited.incident.get({ sysId: ID }, { retry: false }))
  expect(await limited.incident.get({ sysId: ID })).toEqual({ sys_id: ID })
})

test('a call that waits in vain for its turn was not sent', async () => {
  server.behave(() => {})
  const limited = sdk({ maxConcurrent: 1 })
  const first = failureOf(limited.incident.get({ sysId: ID }, { timeoutMs: 500, retry: false }))
  const second = failureOf(limited.incident.create({ values: { a: 'b' } }, { timeoutMs: 50 }))
  expect(await second).toMatchObject({ kind: 'time-out', written: 'no', detail: expect.stringContaining('not sent') })
  expect((await first).kind).toBe('time-out')
})

test('after a 429 everybody waits as long as Retry-After says; writes are repeated, since nothing was written', async () => {
  const arrivals: number[] = []
  server.behave((r, _, nth) => {
    arrivals.push(performance.now())
    if (nth === 1) return refuse(r, 429, 'Rate limit exceeded', null, { 'retry-after': '1' })
    return json(r, 201, { result: { sys_id: ID } })
  })
  const paced = sdk()
  const first = paced.incident.create({ values: { a: '1' } })
  await new Promise(resolve => setTimeout(resolve, 200))
  await Promise.all([first, paced.incident.create({ values: { a: '2' } }), paced.incident.get({ sysId: ID })])
  const [refused = 0, ...others] = arrivals
  expect(others).toHaveLength(3)
  for (const other of others) expect(other - refused).toBeGreaterThan(950)
})

test('X-RateLimit-Reset is read against the clock of the instance', async () => {
  const wrongClock = new Date('2020-01-01T00:00:00Z')
  const headers = { date: wrongClock.toUTCString(), 'x-ratelimit-reset': String(wrongClock.getTime() / 1000 + 1800) }
  server.behave(r => refuse(r, 429, 'Rate limit exceeded', null, headers))
  const paced = sdk()
  expect(await failureOf(paced.incident.create({ values: { a: 'b' } }))).toMatchObject({
    kind: 'rate-limited',
    written: 'no',
    retryAfterMs: 1_800_000,
  })
  const next = await failureOf(paced.incident.get({ sysId: ID }))
  expect(next).toMatchObject({ kind: 'rate-limited', detail: expect.stringContaining('not sent') })
  // One may try well before that.
  expect(next.retryAfterMs).toBeGreaterThan(20_000)
  expect(next.retryAfterMs).toBeLessThanOrEqual(30_000)
  expect(server.received).toHaveLength(1)
})

const FAR_AWAY = [
  ['seconds', { 'retry-after': '1000000' }],
  ['a fraction', { 'retry-after': '99999999.5' }],
  ['a date', { 'retry-after': 'Fri, 31 Dec 9999 23:59:59 GMT' }],
  ['more digits than a number has', { 'retry-after': '9'.repeat(400) }],
  ['X-RateLimit-Reset', { 'x-ratelimit-reset': '99999999999' }],
] as const

test.each(FAR_AWAY)('nobody is kept away for longer than an hour, whatever an answer asks for: %s', async (_, headers) => {
  server.behave(r => refuse(r, 429, 'Rate limit exceeded', null, headers))
  expect(await failureOf(sdk().incident.get({ sysId: ID }))).toMatchObject({ kind: 'rate-limited', retryAfterMs: 3_600_000 })
})

const soon = (ms: number) => new Promise(done => setTimeout(done, ms))

test('in a pause one call is let through now and then, and the pause is over once the instance lets it in', async () => {
  const pace = new Pace(4, 50)
  const hasty = timeBudget(10, undefined)
  expect(pace.enter(timeBudget(1_000, undefined))).toBeUndefined()
  pace.pause(3_600_000)
  expect(pace.enter(hasty)).toMatchObject({ reason: 'paused' })
  await soon(60)
  const first = performance.now()
  expect(pace.enter(hasty)).toBeUndefined()
  expect(pace.enter(hasty)).toMatchObject({ reason: 'paused' })
  pace.pause(3_600_000)
  pace.leave()
  expect(pace.enter(hasty)).toMatchObject({ reason: 'paused' })
  // What was let in before the pause was asked for says nothing of it.
  pace.letIn(first)
  expect(pace.enter(hasty)).toMatchObject({ reason: 'paused' })
  await soon(60)
  const second = performance.now()
  expect(pace.enter(hasty)).toBeUndefined()
  pace.letIn(second)
  expect([pace.enter(hasty), pace.enter(hasty)]).toEqual([undefined, undefined])
})

test('without any header the pause grows, and the call ends when its patience does', async () => {
  server.behave(r => refuse(r, 429, 'Rate limit exceeded'))
  const error = await failureOf(sdk({ timeoutMs: 600 }).incident.get({ sysId: ID }))
  expect(error).toMatchObject({ kind: 'rate-limited' })
  expect(error.retryAfterMs).toBeUndefined()
  expect(server.received.length).toBeLessThan(4)
})

test("the caller's signal ends the waiting for a rate limit", async () => {
  server.behave(r => refuse(r, 429, 'Rate limit exceeded', null, { 'retry-after': '5' }))
  expect((await failureOf(sdk().incident.create({ values: { a: 'b' } }, { signal: AbortSignal.timeout(100) }))).written).toBe('no')
})
