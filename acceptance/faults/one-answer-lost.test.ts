import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Answer } from '../system/answer.ts'
import type { DeskRecord } from '../system/desk.ts'
import { carried } from '../system/partner.ts'
import { type SocketSystem, startBehindSocket, until, untilAnswered } from './socket-system.ts'

/** The instance is a process of its own; each of these strikes one call of the exchange. */
const KINDS = [
  'timeout-before-write',
  'timeout-after-write',
  'reset-before-write',
  'reset-after-write',
  'too-many-requests',
  'server-error',
  'server-error-after-write',
  'asleep',
  'error-in-200',
  'latency',
] as const
type Kind = (typeof KINDS)[number]

const PROMISED_MS = 30_000
// Nearly all of the time is spent waiting.
vi.setConfig({ maxConcurrency: 25 })

let system: SocketSystem
beforeAll(async () => {
  system = await startBehindSocket()
  await fileSome(50)
})
afterAll(async () => {
  await system?.[Symbol.asyncDispose]()
})

const customer = () => system.exchange.partner('customer')
const provider = () => system.exchange.partner('provider')
const TOLD: Partial<Record<Kind, object>> = { 'too-many-requests': { retryAfter: 1 }, latency: { delayMs: 600 } }
const fault = (kind: Kind, method: string, path: string) => system.instance.fault({ kind, method, path, times: 1, ...TOLD[kind] })

/** Sends until it is answered for good; every single answer must come in time. */
async function answered(send: () => Promise<Answer>): Promise<Answer> {
  return untilAnswered(async () => {
    const began = Date.now()
    const answer = await send()
    expect(Date.now() - began).toBeLessThan(PROMISED_MS)
    return answer
  })
}

interface Ticket {
  number: string
  reference: string
  record: DeskRecord
}

/** Filed before the first fault, because a fault on a table strikes whoever comes first. */
const waiting: Ticket[] = []

async function fileSome(count: number): Promise<void> {
  await customer().token()
  const made = Array.from({ length: count }, async () => {
    const reference = customer().newReference()
    const { body } = await answered(() => customer().fileTicket({ customer_reference_number: reference }))
    waiting.push({ number: body.kpn_ticket_number, reference, record: await system.instance.desk.record(body.kpn_ticket_number) })
  })
  await Promise.all(made)
}

async function filed(): Promise<Ticket> {
  const ticket = waiting.pop()
  if (!ticket) throw new Error('More tickets are to be filed before the first story')
  return ticket
}

async function assigned(): Promise<DeskRecord> {
  const { record } = await filed()
  return system.instance.desk.create('incident_task', {
    incident: record.sys_id,
    short_description: 'Replace the switch',
    assignment_group: system.exchange.firstSteps.provider.solverGroup.sys_id,
  })
}

/** Faults on a table strike whoever comes first, so one filing of a type at a time. */
const lanes = new Map<string, Promise<unknown>>()
function inLane<T>(lane: string, work: () => Promise<T>): Promise<T> {
  const turn = (lanes.get(lane) ?? Promise.resolve()).then(work, work)
  lanes.set(lane, turn)
  return turn
}

const LANES = [
  ['Incident', 'incident'],
  ['Change Request', 'change_request'],
  ['Service Request', 'sc_request'],
] as const

describe.concurrent('a ticket is filed once, whatever happens to the call', () => {
  for (const [at, kind] of KINDS.entries()) {
    const [type, table] = LANES[at % LANES.length]!
    test(`${kind} while a ${type} is created: the partner’s retry gets the one ticket`, () =>
      inLane(table, async () => {
        const reference = customer().newReference()
        await fault(kind, 'POST', `/table/${table}?`)
        const answer = await answered(() => customer().fileTicket({ customer_reference_number: reference, ticket_type: type }))
        expect(answer.status, JSON.stringify(answer.body)).toBe(200)
        const made = await system.instance.desk.find(table, `correlation_display=${reference}`)
        expect(made.map(({ number }) => number)).toEqual([answer.body.kpn_ticket_number.replace('#', '')])
      }))
  }

  test('a time-out while a ticket is created, and no retry: the resolver finishes it', () =>
    inLane('incident', async () => {
      const reference = customer().newReference()
      await fault('timeout-before-write', 'POST', '/table/incident?')
      const { status, headers, body } = await customer().fileTicket({
        customer_reference_number: reference,
        attachments: [carried({ name: 'log.txt', bytes: Buffer.from('one line') })],
      })
      expect([status, body.error.code]).toEqual([503, 'outcome_unknown'])
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
      const [made] = await until('the resolver files it', async () => {
        const found = await system.instance.desk.find('incident', `correlation_display=${reference}`)
        return found.length > 0 && found
      })
      await until('its file is there', async () => (await system.instance.desk.filesOf(made!)).length === 1)
    }))

  test('a service request whose item could not be made: the retry completes it, and nothing is there twice', () =>
    inLane('sc_request', async () => {
      const reference = customer().newReference()
      await fault('timeout-before-write', 'POST', '/table/sc_req_item')
      const send = () => customer().fileTicket({ customer_reference_number: reference, ticket_type: 'Service Request' })
      const answer = await answered(send)
      expect(answer.status).toBe(200)
      const [request, ...more] = await system.instance.desk.find('sc_request', `correlation_display=${reference}`)
      expect(more).toEqual([])
      expect(await system.instance.desk.find('sc_req_item', `request=${request!.sys_id}`)).toHaveLength(1)
    }))

  test('a service request whose item could not be made, and no retry: the resolver completes it', () =>
    inLane('sc_request', async () => {
      const reference = customer().newReference()
      await fault('reset-after-write', 'POST', '/table/sc_req_item')
      await fault('server-error', 'GET', '/table/sc_req_item')
      await customer().fileTicket({ customer_reference_number: reference, ticket_type: 'Service Request' })
      const [request] = await system.instance.desk.find('sc_request', `correlation_display=${reference}`)
      await until('the write is finished', async () => (await open(reference)) === 0)
      expect(await system.instance.desk.find('sc_req_item', `request=${request!.sys_id}`)).toHaveLength(1)
    }))
})

const open = async (reference: string) => {
  const [row] = await system.rows(`select count(*)::int as count from exchange.recorded_write where reference = $1 and state <> 'done'`, [
    reference,
  ])
  return row!.count as number
}

describe.concurrent('a comment is written once, whatever happens to the call', () => {
  for (const kind of KINDS)
    test(`${kind} while a comment is written`, async () => {
      const { number, reference, record } = await filed()
      await fault(kind, 'PATCH', record.sys_id)
      const update = { action: 'Comment', kpn_ticket_number: number, customer_reference_number: reference, comment: `Any news? ${kind}` }
      const answer = await answered(() => customer().updateTicket(update))
      expect(answer.status, JSON.stringify(answer.body)).toBe(200)
      expect(await system.instance.desk.journal(record, 'comments')).toEqual([update.comment])
    })

  test('two equal comments with keys of their own, the first one’s answer lost, the second one never arrived: both are written', async () => {
    const { number, reference, record } = await filed()
    await system.instance.fault({ kind: 'reset-after-write', method: 'PATCH', path: record.sys_id, times: 1 })
    const slow = await system.instance.fault({ kind: 'latency', method: 'GET', path: record.sys_id, delayMs: 700 })
    const update = { action: 'Comment', kpn_ticket_number: number, customer_reference_number: reference, comment: 'ping' }
    const send = (key: string) => answered(() => customer().updateTicket(update, { 'idempotency-key': key }))
    const first = send('one')
    await until('the first is there', async () => (await system.instance.desk.journal(record, 'comments')).length === 1)
    await system.instance.fault({ kind: 'reset-before-write', method: 'PATCH', path: record.sys_id, times: 1 })
    const answers = await Promise.all([first, send('two')])
    await slow.off()
    expect(answers.map(({ status }) => status)).toEqual([200, 200])
    expect(await system.instance.desk.journal(record, 'comments')).toEqual(['ping', 'ping'])
  })

  test('the same comment within ten minutes is one; a key of its own makes it another; other content under a used key is refused', async () => {
    const { number, reference, record } = await filed()
    const update = { action: 'Comment', kpn_ticket_number: number, customer_reference_number: reference, comment: 'Please hurry' }
    const statuses = []
    for (const key of [undefined, undefined, 'key-1', 'key-1', 'key-2'])
      statuses.push((await customer().updateTicket(update, key ? { 'idempotency-key': key } : {})).status)
    expect(statuses).toEqual([200, 200, 200, 200, 200])
    const other = await customer().updateTicket({ ...update, comment: 'Something else' }, { 'idempotency-key': 'key-1' })
    expect([other.status, other.body.error.code]).toEqual([409, 'key_reused'])
    expect(await system.instance.desk.journal(record, 'comments')).toEqual(['Please hurry', 'Please hurry', 'Please hurry'])
  })

  test('the same comment is a retry until 10 minutes have passed since it was accepted, and another one from then on', async () => {
    const { number, reference, record } = await filed()
    const update = { action: 'Comment', kpn_ticket_number: number, customer_reference_number: reference, comment: 'Still waiting' }
    const send = async () => expect((await customer().updateTicket(update)).status).toBe(200)
    const age = `update exchange.recorded_write set accepted_at = now() - make_interval(secs => $2) where reference = $1 and operation = 'comment'`
    const written = () => system.instance.desk.journal(record, 'comments')
    await send()
    await system.rows(age, [reference, 9.5 * 60])
    await send()
    expect(await written()).toEqual(['Still waiting'])
    await system.rows(age, [reference, 10.1 * 60])
    await send()
    expect(await written()).toEqual(['Still waiting', 'Still waiting'])
  })

  test('a reference filed again with other content is refused, with the same content answered as before', async () => {
    const { number, reference } = await filed()
    const again = await customer().fileTicket({ customer_reference_number: reference })
    expect([again.status, again.body.kpn_ticket_number]).toEqual([200, number])
    const other = await customer().fileTicket({ customer_reference_number: reference, short_description: 'Another thing' })
    expect([other.status, other.body.error.code]).toEqual([409, 'reference_taken'])
  })
})

describe.concurrent('a file is added once, whatever happens to the call', () => {
  for (const kind of KINDS)
    test(`${kind} while a file is added`, async () => {
      const { number, reference, record } = await filed()
      await fault(kind, 'POST', `table_sys_id=${record.sys_id}`)
      const bytes = randomBytes(200_000)
      const update = {
        action: 'Comment',
        kpn_ticket_number: number,
        customer_reference_number: reference,
        comment: 'See the file',
        attachments: [carried({ name: 'scan.bin', bytes })],
      }
      const answer = await answered(() => customer().updateTicket(update))
      expect(answer.status, JSON.stringify(answer.body)).toBe(200)
      const files = await system.instance.desk.filesOf(record)
      expect(files.map(file => [file.file_name, file.size_bytes])).toEqual([['scan.bin', '200000']])
      expect(Buffer.from(await system.instance.desk.bytesOf(files[0]!.sys_id!)).equals(bytes)).toBe(true)
      expect(await system.instance.desk.journal(record, 'comments')).toEqual(['See the file'])
    })

  for (const kind of ['timeout-after-write', 'timeout-before-write'] as const)
    for (const [struck, after] of [
      ['first', {}],
      ['second', { after: 1 }],
    ] as const)
      test(`two equal files in one request stay two, with a ${kind} at the ${struck}`, async () => {
        const { number, reference, record } = await filed()
        await system.instance.fault({ kind, method: 'POST', path: `table_sys_id=${record.sys_id}`, times: 1, ...after })
        const twin = carried({ name: 'twin.txt', bytes: Buffer.from('equal') })
        const update = { action: 'Comment', kpn_ticket_number: number, customer_reference_number: reference, attachments: [twin, twin] }
        expect((await answered(() => customer().updateTicket(update))).status).toBe(200)
        expect((await system.instance.desk.filesOf(record)).map(file => file.file_name)).toEqual(['twin.txt', 'twin.txt'])
      })

  test('a file refused after the ticket was made: the error says so, and the retry adds only what is missing', () =>
    inLane('incident', async () => {
      const reference = customer().newReference()
      await system.instance.fault({ kind: 'too-many-requests', method: 'POST', path: 'file_name=second.txt', times: 1, retryAfter: 1 })
      const attachments = ['first.txt', 'second.txt'].map(name => carried({ name, bytes: Buffer.from(name) }))
      const send = () => customer().fileTicket({ customer_reference_number: reference, attachments })
      const refused = await send()
      expect(refused.status).toBe(503)
      expect(refused.body.error.message).toContain('"second.txt" is not added yet')
      expect(refused.body.error.hint).toContain('Send the same request again')
      const [record] = await system.instance.desk.find('incident', `correlation_display=${reference}`)
      expect((await system.instance.desk.filesOf(record!)).map(file => file.file_name)).toEqual(['first.txt'])
      expect((await answered(send)).status).toBe(200)
      expect((await system.instance.desk.filesOf(record!)).map(file => file.file_name).sort()).toEqual(['first.txt', 'second.txt'])
      expect(await system.instance.desk.find('incident', `correlation_display=${reference}`)).toHaveLength(1)
    }))
})

describe.concurrent('a task is worked once, whatever happens to the call', () => {
  for (const kind of KINDS)
    test(`${kind} while a provider closes its task: the retry is answered 200, not that the task is closed`, async () => {
      const task = await assigned()
      await fault(kind, 'PATCH', task.sys_id)
      const update = {
        action: 'Closed Complete',
        kpn_ticket_number: task.number,
        customer_reference_number: provider().newReference(),
        worknotes: 'Switch replaced',
        close_notes: 'Done',
      }
      const answer = await answered(() => provider().updateTask(update))
      expect(answer.status, JSON.stringify(answer.body)).toBe(200)
      const now = await system.instance.desk.read(task)
      expect(now.fields.state).toBe('3')
      expect(await system.instance.desk.journal(task, 'work_notes')).toEqual(['Switch replaced'])
      const another = await provider().updateTask({ ...update, worknotes: 'One more thing' })
      expect([another.status, another.body.error?.code]).toEqual([409, 'record_closed'])
    })

  test('a provider’s closing is not confirmed within its call: the retry is answered 200, not that the task is closed', async () => {
    const task = await assigned()
    await fault('timeout-after-write', 'PATCH', task.sys_id)
    const blind = await system.instance.fault({ kind: 'server-error', method: 'GET', path: task.sys_id })
    const update = { action: 'Closed Complete', kpn_ticket_number: task.number, customer_reference_number: provider().newReference() }
    const first = await provider().updateTask(update)
    expect([first.status, first.body.error.code]).toEqual([503, 'outcome_unknown'])
    await blind.off()
    const second = await answered(() => provider().updateTask(update))
    expect(second.status, JSON.stringify(second.body)).toBe(200)
  })

  test('the desk decided otherwise while an action’s answer was lost: its decision stays', async () => {
    const task = await assigned()
    await fault('reset-after-write', 'PATCH', task.sys_id)
    await system.instance.fault({ kind: 'server-error', method: 'GET', path: task.sys_id, times: 8 })
    const update = { action: 'In Progress', kpn_ticket_number: task.number, customer_reference_number: provider().newReference() }
    const answer = provider().updateTask(update)
    await until('it is in progress', async () => (await system.instance.desk.read(task)).fields.state === '2')
    await system.instance.desk.change(task, { state: '3', close_notes: 'No longer needed' })
    await answer
    await until('the write is finished', async () => (await open(update.customer_reference_number)) === 0, 25_000)
    expect((await system.instance.desk.read(task)).fields.state).toBe('3')
  })
})
