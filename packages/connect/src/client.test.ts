import { expect, test, vi } from 'vitest'
import { ConnectError } from './calling/connect-error.ts'
import { type ClientOptions, connectClient } from './client.ts'
import type { NewTicket } from './messages/ticket.ts'
import { answers, breaksOff, contractServer, cutsShort, hangsUp, json, refuses } from './testing/contract-server.ts'

const QUICK = { attempts: 5, firstWaitMs: 5, longestWaitMs: 2000 }
const RECEIPT = {
  code: 'TechnicalEndpointSuccess',
  state: 'inserted',
  kpn_ticket_number: 'INC#0010001',
  customer_reference_number: 'REF-1',
  note: 'Incident INC#0010001 has been created;',
}
const TICKET: NewTicket = {
  ticket_type: 'Incident',
  customer_reference_number: 'REF-1',
  short_description: 'The drive cannot be added',
  service: 'Azure Managed Cloud',
}
const NUMBERS = { kpn_ticket_number: 'INC#0010001', customer_reference_number: 'REF-1' }
const SUMMARY = { kpn_ticket_number: 'INC#0010001', ticket_type: 'Incident', state: 'New', short_description: 'x', link: '/Ticket' }

function client(host: string, more: Partial<ClientOptions> = {}) {
  return connectClient({ exchange: host, clientId: 'id', clientSecret: 'se&cret', patience: QUICK, ...more } as ClientOptions)
}

function serviceClient(host: string) {
  return connectClient({
    baseUrl: `${host}/network/kpn/servicenow/`,
    tokenUrl: `${host}/oauth/client_credential/accesstoken`,
    clientId: 'id',
    clientSecret: 'secret',
    patience: QUICK,
  })
}

async function failureOf(work: Promise<unknown>): Promise<ConnectError> {
  const error = await work.then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(error).toBeInstanceOf(ConnectError)
  return error as ConnectError
}

test('each of the seven operations travels as the contract writes it', async () => {
  await using server = await contractServer((response, { method, url }) => {
    if (method !== 'GET') return json(response, 200, RECEIPT)
    if (url.pathname === '/TicketUpdates') return json(response, 200, [])
    if (url.pathname.startsWith('/GetAttachment/'))
      return json(response, 200, { name: 'a.txt', content: 'VGVzdA==', content_type: 'text/plain' })
    return json(response, 200, { result: [SUMMARY] })
  })
  const partner = client(server.host)
  expect(await partner.fileTicket({ ...TICKET, desired_delivery_date: new Date('2024-10-25T10:26:27Z') })).toMatchObject(RECEIPT)
  await partner.commentOnTicket({ ...NUMBERS, comment: 'Any news?' })
  await partner.respondToTicket({ ...NUMBERS, transaction_id: 'T1', status: 'Success' })
  expect(await partner.getTicket('INC#0010001')).toMatchObject({ state: 'New' })
  expect(await partner.listOpenTickets()).toHaveLength(1)
  expect(await partner.ticketUpdates()).toEqual([])
  await partner.ticketUpdates({ limit: 10, from: 'T1' })
  await partner.ticketUpdates({ since: new Date('2026-01-02T03:04:05Z') })
  await partner.ticketUpdates({ ack: 'T2' })
  const attachment = await partner.getAttachment('a/b')
  expect(Buffer.from(attachment.bytes).toString()).toBe('Test')
  expect(attachment).toMatchObject({ name: 'a.txt', content_type: 'text/plain', size: 4 })
  await partner.workTask({ ...NUMBERS, action: 'On Hold', worknotes: 'waiting for parts' })
  await partner.respondToTask({ ...NUMBERS, transaction_id: 'T3', status: 'Failure', error_details: 'no such group' })

  expect(server.seen.map(({ method, url }) => `${method} ${url.pathname}${url.search}`)).toEqual([
    'POST /Ticket',
    'PATCH /Ticket',
    'PATCH /Ticket',
    'GET /Ticket?kpn_ticket_number=INC%230010001',
    'GET /ListOpenTickets',
    'GET /TicketUpdates',
    'GET /TicketUpdates?limit=10&from=T1',
    'GET /TicketUpdates?since=2026-01-02T03%3A04%3A05.000Z',
    'GET /TicketUpdates?ack=T2',
    'GET /GetAttachment/a%2Fb',
    'PATCH /Task',
    'PATCH /Task',
  ])
  const bodies = server.seen.filter(({ method }) => method !== 'GET').map(({ body }) => JSON.parse(body))
  expect(bodies).toEqual([
    { ...TICKET, desired_delivery_date: '2024-10-25 10:26:27' },
    { ...NUMBERS, action: 'Comment', comment: 'Any news?' },
    { ...NUMBERS, action: 'Response', transaction_id: 'T1', status: 'Success' },
    { ...NUMBERS, action: 'On Hold', worknotes: 'waiting for parts' },
    { ...NUMBERS, action: 'Response', transaction_id: 'T3', status: 'Failure', error_details: 'no such group' },
  ])
  expect(server.seen.every(({ headers }) => headers.authorization === 'Bearer token-1')).toBe(true)
})

test('fifty concurrent callers share one token, asked for as KPN documents it', async () => {
  await using server = await contractServer(answers(200, { result: [] }))
  const asked: string[] = []
  server.signIn = async (response, request) => {
    asked.push(`${request.method} ${request.url.search} ${request.headers['content-type']} ${request.body}`)
    await new Promise(resolve => setTimeout(resolve, 30))
    json(response, 200, { access_token: 'shared', expires_in: '3599' })
  }
  const partner = client(server.host)
  await Promise.all(Array.from({ length: 50 }, () => partner.listOpenTickets()))
  expect(asked).toEqual(['POST ?grant_type=client_credentials application/x-www-form-urlencoded client_id=id&client_secret=se%26cret'])
})

test('a caller that gives up does not take the token from the others', async () => {
  await using server = await contractServer(answers(200, { result: [] }))
  server.signIn = async response => {
    await new Promise(resolve => setTimeout(resolve, 50))
    json(response, 200, { access_token: 'shared', expires_in: '3599' })
  }
  const partner = client(server.host)
  const leaving = new AbortController()
  const left = partner.listOpenTickets({ signal: leaving.signal })
  const stayed = partner.listOpenTickets()
  leaving.abort(new Error('changed my mind'))
  await expect(left).rejects.toThrow('changed my mind')
  expect(await stayed).toEqual([])
})

test('a token is renewed a minute before it ends, and the old one serves while the token service is away', async () => {
  await using server = await contractServer(answers(200, { result: [] }))
  const partner = client(server.host, { patience: { ...QUICK, attempts: 1 } })
  await partner.listOpenTickets()
  const monotonic = performance.now.bind(performance)
  const later = vi.spyOn(performance, 'now').mockImplementation(() => monotonic() + 3545_000)
  try {
    server.signIn = refuses(503, 'away')
    await partner.listOpenTickets()
    server.signIn = undefined
    await partner.listOpenTickets()
  } finally {
    later.mockRestore()
  }
  expect(server.seen.map(({ headers }) => headers.authorization)).toEqual(['Bearer token-1', 'Bearer token-1', 'Bearer token-2'])
})

test('a refused token is renewed once, and a second refusal is the answer', async () => {
  await using server = await contractServer(refuses(401, 'token_expired'), answers(200, { result: [] }), refuses(401, 'token_expired'))
  const partner = client(server.host)
  expect(await partner.listOpenTickets()).toEqual([])
  expect(server.tokensGiven).toBe(2)
  const failure = await failureOf(partner.ticketUpdates())
  expect(failure).toMatchObject({ status: 401, code: 'token_expired', retryable: false, hint: 'try this' })
  expect(server.seen).toHaveLength(4)
})

test("Apigee's own token fault is a refused token even with status 500", async () => {
  const fault = { fault: { faultstring: 'Invalid access token', detail: { errorcode: 'oauth.v2.InvalidAccessToken' } } }
  await using server = await contractServer(answers(500, fault), answers(200, { result: [] }))
  expect(await client(server.host).listOpenTickets()).toEqual([])
  expect(server.tokensGiven).toBe(2)
})

test('a wrong credential is told at once, in any of the envelopes', async () => {
  await using server = await contractServer(answers(200, { result: [] }))
  const partner = client(server.host)
  server.signIn = answers(401, { ErrorCode: 'invalid_client', Error: 'ClientId is Invalid' })
  expect(await failureOf(partner.listOpenTickets())).toMatchObject({ status: 401, code: 'invalid_client', message: 'ClientId is Invalid' })
  server.signIn = answers(500, { error: { name: 'Internal Server Error', message: 'invalid_client-invalid_client_id', info: 'https://s' } })
  expect(await failureOf(partner.listOpenTickets())).toMatchObject({
    status: 500,
    message: 'invalid_client-invalid_client_id',
    retryable: false,
  })
  expect(server.seen).toHaveLength(0)
})

test('a write is repeated after 503, a hang-up and a lost answer: same body, same Idempotency-Key', async () => {
  await using server = await contractServer(
    refuses(503, 'not_known', { 'retry-after': '0' }),
    hangsUp,
    breaksOff(RECEIPT),
    cutsShort(RECEIPT),
    answers(200, RECEIPT),
  )
  await client(server.host).commentOnTicket({ ...NUMBERS, comment: 'once' })
  expect(server.seen).toHaveLength(5)
  expect(new Set(server.seen.map(({ body }) => body)).size).toBe(1)
  expect(new Set(server.seen.map(({ headers }) => headers['idempotency-key'])).size).toBe(1)
  expect(server.seen[0]?.headers['idempotency-key']).toMatch(/^[0-9a-f-]{36}$/)
})

test('two comments with the same words have two keys; the caller may name its own', async () => {
  await using server = await contractServer(answers(200, RECEIPT))
  const partner = client(server.host)
  await partner.commentOnTicket({ ...NUMBERS, comment: 'ping' })
  await partner.commentOnTicket({ ...NUMBERS, comment: 'ping' })
  await partner.commentOnTicket({ ...NUMBERS, comment: 'ping' }, { idempotencyKey: 'outbox-17' })
  const keys = server.seen.map(({ headers }) => headers['idempotency-key'])
  expect(new Set(keys).size).toBe(3)
  expect(keys[2]).toBe('outbox-17')
})

test('Retry-After is honoured', async () => {
  await using server = await contractServer(refuses(429, 'too_many', { 'retry-after': '1' }), answers(200, { result: [] }))
  const began = performance.now()
  await client(server.host).listOpenTickets()
  expect(performance.now() - began).toBeGreaterThan(990)
  expect(server.seen).toHaveLength(2)
})

test('a Retry-After beyond the patience of the client is handed to the caller', async () => {
  await using server = await contractServer(refuses(429, 'quota', { 'retry-after': '3600' }))
  const failure = await failureOf(client(server.host).fileTicket(TICKET))
  expect(failure).toMatchObject({ status: 429, code: 'quota', retryable: true, outcomeUnknown: false, retryAfterMs: 3_600_000 })
  expect(server.seen).toHaveLength(1)
})

test('attempts are bounded', async () => {
  await using server = await contractServer(refuses(503, 'not_known'))
  const failure = await failureOf(client(server.host).fileTicket(TICKET))
  expect(failure).toMatchObject({ status: 503, code: 'not_known', retryable: true, outcomeUnknown: true })
  expect(server.seen).toHaveLength(5)
})

test('what the service refuses for good is not asked again', async () => {
  await using server = await contractServer(refuses(409, 'reference_in_use'))
  const failure = await failureOf(client(server.host).fileTicket(TICKET))
  expect(failure).toMatchObject({ status: 409, code: 'reference_in_use', message: 'refused with 409', hint: 'try this', retryable: false })
  expect(server.seen).toHaveLength(1)
})

test('a read that consumes is never repeated; one that does not is', async () => {
  await using server = await contractServer(hangsUp, refuses(503, 'x'), breaksOff([]), hangsUp, refuses(503, 'x'), answers(200, []))
  const partner = client(server.host)
  await failureOf(partner.ticketUpdates())
  await failureOf(partner.ticketUpdates({ limit: 5 }))
  expect(await failureOf(partner.ticketUpdates())).toMatchObject({ code: 'answer_lost' })
  expect(server.seen).toHaveLength(3)
  expect(await partner.ticketUpdates({ since: '2026-01-01T00:00:00Z' })).toEqual([])
  expect(server.seen).toHaveLength(6)
})

test('a service of which nothing is known gets no write twice', async () => {
  await using server = await contractServer(hangsUp, refuses(503, 'x'), refuses(429, 'slow', { 'retry-after': '0' }), answers(200, RECEIPT))
  const partner = serviceClient(server.host)
  const failure = await failureOf(partner.fileTicket(TICKET))
  expect(failure).toMatchObject({ code: 'no_answer', retryable: false, outcomeUnknown: true })
  expect(failure.hint).toContain('Look at the ticket')
  expect(await failureOf(partner.fileTicket(TICKET))).toMatchObject({ status: 503, retryable: false })
  await partner.fileTicket(TICKET)
  expect(server.seen).toHaveLength(4)
})

test('a server that is not there is tried again, and then said so', async () => {
  const server = await contractServer(answers(200, { result: [] }))
  const partner = client(server.host)
  await partner.listOpenTickets()
  await server.close()
  expect(await failureOf(partner.listOpenTickets())).toMatchObject({ status: 0, code: 'no_answer', retryable: true, outcomeUnknown: false })
})

test('a silent server is given up after the limit; one that sends slowly is not', async () => {
  await using server = await contractServer(
    () => undefined,
    async response => {
      for (const piece of '{"result":[]}') {
        response.write(piece)
        await new Promise(resolve => setTimeout(resolve, 90))
      }
      response.end()
    },
  )
  const partner = client(server.host, { timeoutMs: 900, patience: { ...QUICK, attempts: 1 } })
  expect(await failureOf(partner.listOpenTickets())).toMatchObject({ code: 'no_answer_in_time', retryable: true })
  expect(await partner.listOpenTickets()).toEqual([])
})

test('a cancelled call rejects with the reason of its signal, also while it waits to repeat', async () => {
  const leaving = new AbortController()
  await using server = await contractServer(response => {
    json(response, 503, {}, { 'retry-after': '2' })
    setTimeout(() => leaving.abort(new Error('meanwhile')), 60)
  })
  const partner = client(server.host)
  await expect(partner.listOpenTickets({ signal: AbortSignal.abort(new Error('before')) })).rejects.toThrow('before')
  const began = performance.now()
  await expect(partner.listOpenTickets({ signal: leaving.signal })).rejects.toThrow('meanwhile')
  expect(performance.now() - began).toBeLessThan(1900)
  expect(server.seen).toHaveLength(1)
})

test('a redirect is not followed with the token in hand', async () => {
  await using server = await contractServer(answers(302, {}, { location: 'http://127.0.0.1:1/elsewhere' }))
  expect(await failureOf(client(server.host).listOpenTickets())).toMatchObject({ status: 302, code: 'http_302', retryable: false })
})

test('an unknown ticket is a 404, whether the service says so or answers with nothing', async () => {
  await using server = await contractServer(refuses(404, 'unknown_ticket'), answers(200, { result: [] }))
  const partner = client(server.host)
  expect(await failureOf(partner.getTicket('INC#1'))).toMatchObject({ status: 404, code: 'unknown_ticket' })
  expect(await failureOf(partner.getTicket('INC#1'))).toMatchObject({ status: 404, code: 'ticket_not_found' })
  await expect(partner.getTicket('')).rejects.toThrow(TypeError)
})

test('one odd update does not cost the others', async () => {
  await using server = await contractServer(
    answers(200, [
      { transaction_id: 'T1', action: 'New', customer_reference_number: null, extra: { kept: true } },
      { action: 'Comment' },
      17,
    ]),
  )
  const [first, second, third, ...rest] = await client(server.host).ticketUpdates()
  expect(rest).toEqual([])
  expect(first).toMatchObject({ transaction_id: 'T1', action: 'New', kpn_ticket_number: '', extra: { kept: true } })
  expect(first).not.toHaveProperty('customer_reference_number')
  expect(second?.transaction_id).toMatch(/^sha256:/)
  expect(third?.ticket_attributes).toEqual({ not_understood: 17 })
})

test('warnings are passed on', async () => {
  await using server = await contractServer(answers(200, RECEIPT, { warnings: 'ci GSEM01300 is unknown' }))
  const told: string[] = []
  await client(server.host, { onWarning: (warning, operation) => told.push(`${operation}: ${warning}`) }).fileTicket(TICKET)
  expect(told).toEqual(['POST /Ticket: ci GSEM01300 is unknown'])
})

test('an answer that is whole but something else is not repeated', async () => {
  await using server = await contractServer(answers(200, { hello: 'world' }))
  expect(await failureOf(client(server.host).fileTicket(TICKET))).toMatchObject({ code: 'answer_not_understood', retryable: false })
  expect(server.seen).toHaveLength(1)
})
