import { expect, test } from 'vitest'
import { type SocketSystem, startBehindSocket, untilAnswered } from '../faults/socket-system.ts'
import type { DeskRecord } from '../system/desk.ts'
import { carried, type Partner } from '../system/partner.ts'
import type { Update } from '../system/update.ts'
import { randomness } from './randomness.ts'

const WORK_MS = 12_000
const SEED = Number(process.env.SOAK_SEED ?? Math.floor(Math.random() * 1e9))

interface Ticket {
  number: string
  reference: string
  record: DeskRecord
}

const WITHOUT_PAUSE = 0

/** What the desk's own saves mean for the partner, by ServiceNow's audit: one entry for each update, in the order of the saves. */
async function expected(system: SocketSystem, { record }: Ticket): Promise<string[]> {
  const rows = (await system.instance.desk.find('sys_audit', `documentkey=${record.sys_id}`)).map(({ fields }) => fields)
  const saves = new Map<number, Record<string, string>[]>()
  for (const row of rows) saves.set(Number(row.record_checkpoint), [...(saves.get(Number(row.record_checkpoint)) ?? []), row])
  const told: string[] = []
  for (const [, fields] of [...saves].sort(([a], [b]) => a - b)) {
    if (fields[0]!.user !== 'admin') continue
    const to = (name: string) => fields.find(row => row.fieldname === name)?.newvalue
    const action = { '2': 'In Progress', '3': 'On Hold' }[to('state') ?? '']
    const comment = to('comments')
    if (action) told.push(`${action}: ${comment ?? ''}`)
    if (to('short_description')) told.push(`Details Changed: ${to('short_description')}`)
    if (comment && !action) told.push(`Comment: ${comment}`)
  }
  return told
}

const asText = ({ action, ticket_attributes: { comments = '', short_description = '' } }: Update) =>
  `${action}: ${action === 'Details Changed' ? short_description : comments}`

test(`ten tickets, desk and partner at work at once on both processes, calls that fail: every save is told once, in order (seed ${SEED})`, async () => {
  await using system = await startBehindSocket({ exchanges: 2 })
  const partners = system.exchanges.map(exchange => exchange.partner('customer'))
  const { desk } = system.instance
  const began = new Date()
  const tickets: Ticket[] = await Promise.all(
    Array.from({ length: 10 }, async (_, at) => {
      const reference = `SOAK-${at}`
      const { body } = await untilAnswered(() => partners[at % 2]!.fileTicket({ customer_reference_number: reference }))
      return { number: body.kpn_ticket_number, reference, record: await desk.record(body.kpn_ticket_number) }
    }),
  )
  const files: string[] = []
  const said: string[] = []
  const end = Date.now() + WORK_MS

  const deskWorks = tickets.map(async ({ record }, at) => {
    const random = randomness(SEED + at)
    let state = '1'
    for (let turn = 0; Date.now() < end; turn++) {
      const what = random()
      const text = `desk ${at}/${turn}`
      if (what < 0.45) await desk.comment(record, text)
      else if (what < 0.7) {
        state = state === '2' ? '3' : '2'
        const comment = random() < 0.5 ? { comments: text } : {}
        await desk.change(record, { state, ...(state === '3' ? { hold_reason: '4' } : {}), ...comment })
      } else if (what < 0.85) await desk.change(record, { short_description: text })
      else if (what < 0.93) await desk.workNote(record, `internal ${text}`)
      else files.push(await desk.attach(record, { name: `${at}-${turn}.txt`, bytes: Buffer.from(text) }))
      await pause(random() < 0.4 ? WITHOUT_PAUSE : 30 + random() * 250)
    }
  })
  const partnerWorks = tickets.slice(0, 5).map(async ({ number, reference }, at) => {
    const random = randomness(SEED + 100 + at)
    for (let turn = 0; Date.now() < end; turn++) {
      const comment = `partner ${at}/${turn}`
      const attachments = random() < 0.3 ? { attachments: [carried({ name: `${turn}.txt`, bytes: Buffer.from(comment) })] } : {}
      const update = { action: 'Comment', kpn_ticket_number: number, customer_reference_number: reference, comment, ...attachments }
      const answer = await untilAnswered(() => partners[random() < 0.5 ? 0 : 1]!.updateTicket(update))
      expect(answer.status, JSON.stringify(answer.body)).toBe(200)
      said.push(comment)
      await pause(200 + random() * 600)
    }
  })
  const trouble = (async () => {
    const random = randomness(SEED + 200)
    const kinds = ['reset-after-write', 'reset-before-write', 'server-error-after-write', 'latency', 'error-in-200'] as const
    while (Date.now() < end) {
      const method = random() < 0.5 ? 'PATCH' : random() < 0.5 ? 'GET' : 'POST'
      await system.instance.fault({ kind: kinds[Math.floor(random() * kinds.length)]!, method, times: 1, delayMs: 300 })
      await pause(150)
    }
    await system.instance.noFaults()
  })()

  const heard: Update[] = []
  let reading = true
  const pollers = partners.map(async partner => {
    while (reading) {
      const { status, body } = await partner.poll({ limit: '7' })
      expect(status).toBe(200)
      heard.push(...body)
      await pause(body.length ? 20 : 100)
    }
  })
  await Promise.all([...deskWorks, ...partnerWorks, trouble])
  const wanted = new Map<string, string[]>()
  for (const ticket of tickets) wanted.set(ticket.number, await expected(system, ticket))
  const total = [...wanted.values()].flat().length + files.length
  for (const late = Date.now() + 10_000; heard.length < total && Date.now() < late; ) await pause(100)
  // Long enough for anything that should not come.
  await pause(800)
  reading = false
  await Promise.all(pollers)
  console.log(`seed ${SEED}: ${total} updates of the desk, ${said.length} comments of the partner, ${files.length} files`)

  expect(new Set(heard.map(update => update.transaction_id)).size).toBe(heard.length)
  const queued = await queuedSince(partners[0]!, began)
  for (const { number, record } of tickets) {
    const own = queued.filter(update => update.kpn_ticket_number === number)
    const said = own.filter(update => update.action !== 'Attachment').map(asText)
    expect(
      said.filter(text => !wanted.get(number)!.includes(text)),
      `${number}: too much`,
    ).toEqual([])
    expect(said, number).toEqual(wanted.get(number))
    const told = own.filter(update => update.action === 'Attachment').flatMap(update => update.ticket_attributes.attachments)
    expect(told.map((file: { attachment_id: string }) => file.attachment_id).sort()).toEqual(await ownFiles(system, record, files))
  }
  expect(heard.map(update => update.transaction_id).sort()).toEqual(queued.map(update => update.transaction_id).sort())
  const written = (await Promise.all(tickets.map(({ record }) => desk.journal(record, 'comments')))).flat()
  expect(written.filter(text => text.startsWith('partner')).sort()).toEqual(said.sort())
}, 60_000)

/** The queue in its own order, page by page: each page begins with the last update of the one before. */
async function queuedSince(partner: Partner, began: Date): Promise<Update[]> {
  const all: Update[] = (await partner.poll({ since: new Date(began.getTime() - 2_000).toISOString() })).body
  for (let more = all.length === 1_000; more; ) {
    const { body } = await partner.poll({ from: all.at(-1)!.transaction_id })
    all.push(...(body as Update[]).slice(1))
    more = body.length === 1_000
  }
  return all
}

async function ownFiles({ instance }: SocketSystem, record: DeskRecord, files: readonly string[]): Promise<string[]> {
  const found = await instance.desk.filesOf(record)
  return found
    .map(file => file.sys_id!)
    .filter(id => files.includes(id))
    .sort()
}

const pause = (milliseconds: number) => new Promise(done => setTimeout(done, milliseconds))
