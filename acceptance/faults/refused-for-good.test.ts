import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type FiledTicket, filed } from '../stories/tickets.ts'
import { carried } from '../system/partner.ts'
import { InstanceGateway } from './instance-gateway.ts'
import { type SocketSystem, startBehindSocket, untilAnswered } from './socket-system.ts'

/** What the service desk will never take is no trouble that passes: a partner's program that repeats 503 would repeat it for ever. */
let system: SocketSystem
let gateway: InstanceGateway
beforeAll(async () => {
  system = await startBehindSocket({
    url: async instance => {
      gateway = await InstanceGateway.before(instance.url)
      return gateway.url
    },
  })
})
afterAll(async () => {
  await system?.[Symbol.asyncDispose]()
  gateway?.close()
})

const customer = () => system.exchange.partner('customer')
const desk = () => system.instance.desk
const script = { name: 'run.exe', bytes: Buffer.from('MZ') }

async function takesOnly(extensions: string): Promise<void> {
  const { body } = await desk().ask('GET', '/api/now/table/sys_properties', { sysparm_query: 'name=glide.attachment.extensions' })
  const [known] = body.result
  if (known) await desk().ask('PATCH', `/api/now/table/sys_properties/${known.sys_id}`, {}, { value: extensions })
  else await desk().create('sys_properties', { name: 'glide.attachment.extensions', value: extensions })
}

describe('a file of a type that the service desk does not take', () => {
  test('is refused with 400 and the reason, on a new ticket, which is there, and on one that was there before', async () => {
    const ticket = await filed(customer())
    await takesOnly('txt')
    const reference = customer().newReference()
    const send = () => customer().fileTicket({ customer_reference_number: reference, attachments: [carried(script)] })
    for (const { status, body } of [await untilAnswered(send), await untilAnswered(send)]) {
      expect([status, body.error.code, body.error.field]).toEqual([400, 'refused_by_service_desk', 'attachments'])
      expect(body.error.message).toMatch(/exe.*glide\.attachment\.extensions.*run\.exe.*INC#\d+/)
    }
    const [record, ...others] = await desk().find('incident', `correlation_display=${reference}`)
    expect([others.length, (await desk().filesOf(record!)).length]).toEqual([0, 0])
    const patch = await commented(ticket, { comment: 'See the file', attachments: [carried(script)] })
    expect([patch.status, patch.body.error.code]).toEqual([400, 'refused_by_service_desk'])
    expect(await desk().journal(await desk().record(ticket.number), 'comments')).toEqual(['See the file'])
    await takesOnly('')
  })
})

const commented = ({ number, reference }: FiledTicket, more: Record<string, unknown>) =>
  customer().updateTicket({ action: 'Comment', kpn_ticket_number: number, customer_reference_number: reference, ...more })

const said = (message: string, detail: string) => JSON.stringify({ error: { message, detail }, status: 'failure' })
const PAGE = { headers: { 'content-type': 'text/html' }, body: '<html><body>Request blocked</body></html>' }
const ACL = { body: said('Operation Failed', 'ACL Exception Update Failed due to security constraints') }

describe('a refusal of the instance itself is for good, a page of what stands before it is not', () => {
  test.each([
    ['a right that is missing', { status: 403, ...ACL }, 400, 'refused_by_service_desk', /ACL Exception/],
    ['a field that is not taken', { status: 400, body: said('Bad value', 'comments: not now') }, 400, 'refused_by_service_desk', /not now/],
    [
      'a record that is gone',
      { status: 404, body: said('No Record found', 'no such record') },
      409,
      'record_deleted',
      /INC#\d+ was deleted/,
    ],
    [
      'credentials that are not taken',
      { status: 401, body: said('User Not Authenticated', '') },
      503,
      'service_desk_unavailable',
      /reached/,
    ],
    ['a page that says 403', { status: 403, ...PAGE }, 503, 'service_desk_unavailable', /reached/],
    ['a page that says 404', { status: 404, ...PAGE }, 503, 'service_desk_unavailable', /reached/],
    ['a page that says 400', { status: 400, ...PAGE }, 503, 'service_desk_unavailable', /reached/],
  ])('%s', async (_, refused, status, code, message) => {
    const ticket = await filed(customer())
    const over = gateway.next(({ method }) => method === 'PATCH', { refused })
    const answer = await commented(ticket, { comment: 'Anybody there?' })
    await over
    expect([answer.status, answer.body.error.code, answer.headers.has('retry-after')]).toEqual([status, code, status === 503])
    expect(answer.body.error.message).toMatch(message)
    expect((await commented(ticket, { comment: 'Anybody there?' })).status).toBe(200)
  })

  test('a filing that is refused leaves nothing behind, and may be sent anew', async () => {
    const reference = customer().newReference()
    const over = gateway.next(({ method }) => method === 'POST', { refused: { status: 403, ...ACL } })
    const refused = await customer().fileTicket({ customer_reference_number: reference })
    await over
    expect([refused.status, refused.body.error.code]).toEqual([400, 'refused_by_service_desk'])
    expect((await customer().fileTicket({ customer_reference_number: reference, description: 'Otherwise' })).status).toBe(200)
  })
})

describe('a ticket that was deleted in ServiceNow', () => {
  test('filed again it is 409 with its number, never a 200 that names what is not there; while ServiceNow is away 200 as before', async () => {
    const reference = customer().newReference()
    const send = () => customer().fileTicket({ customer_reference_number: reference })
    const { body } = await untilAnswered(send)
    const record = await desk().record(body.kpn_ticket_number)
    expect((await send()).body.kpn_ticket_number).toBe(body.kpn_ticket_number)
    const away = await system.instance.fault({ kind: 'server-error', method: 'GET', path: '/table/incident' })
    expect((await send()).status).toBe(200)
    await away.off()
    await desk().ask('DELETE', `/api/now/table/incident/${record.sys_id}`)
    const again = await send()
    expect([again.status, again.body.error.code, again.body.error.kpn_ticket_number]).toEqual([
      409,
      'record_deleted',
      body.kpn_ticket_number,
    ])
    expect(await desk().find('incident', `correlation_display=${reference}`)).toEqual([])
    expect((await customer().fileTicket()).status).toBe(200)
  })
})

describe('an instance that asks to be left alone for days', () => {
  test('is tried again within half a minute, and the partner is told to wait a minute at most', async () => {
    const asks = { status: 429, body: said('Rate limit exceeded', ''), headers: { 'retry-after': '1000000' } }
    const over = gateway.next(({ method }) => method === 'POST', { refused: asks })
    const first = await customer().fileTicket()
    await over
    const next = await customer().fileTicket()
    expect([first.status, next.status]).toEqual([503, 503])
    for (const { headers } of [first, next]) expect(Number(headers.get('retry-after'))).toBeLessThanOrEqual(60)
    expect((await untilAnswered(() => customer().fileTicket(), 40_000)).status).toBe(200)
  }, 60_000)
})
