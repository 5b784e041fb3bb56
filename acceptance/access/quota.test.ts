import { afterAll, describe, expect, test } from 'vitest'
import { startSystem } from '../system/start-system.ts'

const system = await startSystem()
afterAll(() => system.end())

const quotaOf = (headers: Headers) =>
  Object.fromEntries(
    ['quota-limit', 'quota-interval', 'quota-time-unit', 'quota-used', 'quota-reset-utc'].map(name => [name, headers.get(name)]),
  )

describe('quotas', () => {
  test('every answer says how many calls the project has and when they are given back', async () => {
    const customer = system.partner('customer')
    const { headers } = await customer.listOpenTickets()
    expect(quotaOf(headers)).toEqual({
      'quota-limit': '6000',
      'quota-interval': '1',
      'quota-time-unit': 'minute',
      'quota-used': expect.stringMatching(/^\d+$/),
      'quota-reset-utc': expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    })
    expect(Number(quotaOf((await customer.listOpenTickets()).headers)['quota-used'])).toBeGreaterThan(0)
    expect(Object.fromEntries(headers)).toMatchObject({
      sunset: 'n/a',
      'api-version': expect.any(String),
      'strict-transport-security': 'max-age=31536000; includeSubDomains; preload',
    })
  })

  test('refusals have the same headers', async () => {
    const { status, headers } = await system.partner('customer').readTicket('INC9999999')
    expect(status).toBe(404)
    expect(quotaOf(headers)['quota-limit']).toBe('6000')
  })

  test('beyond it a project is answered 429 with Retry-After; other projects are not', async () => {
    const other = system.partner('otherCustomer')
    await other.listOpenTickets()
    await system.backOffice.changeAgreement(other.name, 'sandbox', { callsPerMinute: 5 })
    await theMinuteIsYoung()
    const answers = []
    for (let turn = 0; turn < 12; turn++) answers.push(await other.listOpenTickets())
    const refused = answers.at(-1)!
    expect(refused.status).toBe(429)
    expect(refused.body.error.code).toBe('quota_exceeded')
    expect(quotaOf(refused.headers)).toMatchObject({ 'quota-limit': '5', 'quota-used': '5' })
    const wait = Number(refused.headers.get('retry-after'))
    expect(wait).toBeGreaterThan(0)
    expect(wait).toBeLessThanOrEqual(60)
    expect((await system.partner('customer').listOpenTickets()).status).toBe(200)
  })
})

/** The count begins anew with each minute; the story needs a few seconds of one. */
async function theMinuteIsYoung(): Promise<void> {
  const left = 60_000 - (Date.now() % 60_000)
  if (left < 4_000) await new Promise(done => setTimeout(done, left + 50))
}
