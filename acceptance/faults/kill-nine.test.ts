import { createHash, randomBytes } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Answer } from '../system/answer.ts'
import { carried } from '../system/partner.ts'
import { type StartedSystem, startSystem } from '../system/start-system.ts'
import type { Update } from '../system/update.ts'
import { type SocketInstance, settingsFor, startInstance, until, untilAnswered } from './socket-system.ts'

/** The exchange is killed in the middle of its work, again and again, and started on the same folder. Its instance lives on. */
let instance: SocketInstance
let exchange: StartedSystem
let first: StartedSystem

beforeAll(async () => {
  instance = await startInstance()
  // Its own PostgreSQL in its data folder: that must end with it, and open again at once.
  first = await startSystem({ database: 'own', environment: settingsFor(instance) })
  exchange = first
})
afterAll(async () => {
  await first?.end()
  await instance?.end()
})

/** A partner that has been told no answer sends the same again; the address may have changed meanwhile. */
const patiently = (send: () => Promise<Answer>) => untilAnswered(send, 40_000)
const pause = (milliseconds: number) => new Promise(done => setTimeout(done, milliseconds))

async function killAndStart(): Promise<number> {
  const { pid } = { pid: postgresOf(exchange) }
  await exchange.kill()
  const began = Date.now()
  exchange = await exchange.startAgain()
  if (pid !== undefined && pid !== postgresOf(exchange)) expect(isAlive(pid), 'the killed exchange left its PostgreSQL behind').toBe(false)
  return Date.now() - began
}

function postgresOf({ dataFolder }: StartedSystem): number | undefined {
  const file = join(dataFolder, 'postgres', 'postmaster.pid')
  return existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : undefined
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

const spooled = () => readdirSync(join(exchange.dataFolder, 'spool'))

test('killed at random moments while tickets with files are filed: each is there once, whole, and the spool is empty', async () => {
  const bytes = randomBytes(300_000)
  const references = Array.from({ length: 16 }, (_, at) => `KILL-FILE-${at}`)
  let kills = 0
  let slowest = 0
  const killing = (async () => {
    for (; kills < 3; kills++) {
      await pause(60 + Math.random() * 500)
      slowest = Math.max(slowest, await killAndStart())
    }
  })()
  const send = (reference: string) => () =>
    exchange.partner('customer').fileTicket({
      customer_reference_number: reference,
      ticket_type: reference.endsWith('0') ? 'Service Request' : 'Incident',
      attachments: [carried({ name: 'scan.bin', bytes }), carried({ name: 'scan.bin', bytes })],
    })
  const answers: Answer[] = []
  const queue = [...references]
  await Promise.all(
    Array.from({ length: 4 }, async () => {
      for (let reference = queue.shift(); reference; reference = queue.shift()) answers.push(await patiently(send(reference)))
    }),
  )
  await killing
  console.log(`${kills} kills while filing; the slowest start afterwards took ${(slowest / 1000).toFixed(1)} s`)
  expect(answers.map(({ status, body }) => (status === 200 ? 200 : JSON.stringify(body)))).toEqual(references.map(() => 200))
  for (const reference of references) {
    const table = reference.endsWith('0') ? 'sc_request' : 'incident'
    const [record, ...more] = await instance.desk.find(table, `correlation_display=${reference}`)
    expect(more, reference).toEqual([])
    expect(
      (await instance.desk.filesOf(record!)).map(file => file.size_bytes),
      reference,
    ).toEqual(['300000', '300000'])
    if (table === 'sc_request') expect(await instance.desk.find('sc_req_item', `request=${record!.sys_id}`)).toHaveLength(1)
  }
  await until('the spool is empty', async () => spooled().length === 0)
}, 120_000)

test('killed while 80 MB are uploaded to the desk: the file is there once, byte for byte, without a retry', async () => {
  const { body } = await patiently(() => exchange.partner('customer').fileTicket({ customer_reference_number: 'KILL-80' }))
  const record = await instance.desk.record(body.kpn_ticket_number)
  const bytes = randomBytes(80_000_000)
  const sent = exchange
    .partner('customer')
    .updateTicket({
      action: 'Comment',
      kpn_ticket_number: body.kpn_ticket_number,
      customer_reference_number: 'KILL-80',
      attachments: [carried({ name: 'dump.bin', bytes })],
    })
    .catch(() => undefined)
  const folder = join(exchange.dataFolder, 'spool')
  // Accepted, and on its way to the instance: the spool has it whole.
  await until('the file is spooled whole', async () =>
    readdirSync(folder).some(name => {
      const [file] = readdirSync(join(folder, name))
      return file !== undefined && readFileSync(join(folder, name, file)).length === bytes.length
    }),
  )
  await pause(120)
  await killAndStart()
  const answer = await sent
  console.log(`the upload was ${answer ? `answered ${answer.status} before the kill` : 'cut by the kill'}`)
  const [file] = await until(
    'the file is there',
    async () => {
      const found = await instance.desk.filesOf(record)
      return found.length > 0 && found
    },
    25_000,
  )
  await until('the spool is empty', async () => spooled().length === 0)
  expect(await instance.desk.filesOf(record)).toHaveLength(1)
  const sha256 = (content: Uint8Array) => createHash('sha256').update(content).digest('hex')
  expect(sha256(await instance.desk.bytesOf(file!.sys_id!))).toBe(sha256(bytes))
}, 90_000)

test('killed while an 80 MB request is still streaming in: nothing of it remains', async () => {
  const token = await exchange.partner('customer').token()
  const { connectBaseUrl, service } = exchange.partner('customer').access
  const endless = new ReadableStream<Uint8Array>({
    start(controller) {
      const head = { ticket_type: 'Incident', customer_reference_number: 'KILL-STREAM', short_description: 'Cut', service }
      controller.enqueue(Buffer.from(`${JSON.stringify(head).slice(0, -1)},"attachments":[{"name":"a.bin","content":"`))
    },
    async pull(controller) {
      await pause(5)
      controller.enqueue(Buffer.from('QUJD'.repeat(20_000)))
    },
  })
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const cut = fetch(`${connectBaseUrl}/Ticket`, { method: 'POST', headers, body: endless, duplex: 'half' } as RequestInit).catch(
    () => undefined,
  )
  await until('it is being spooled', async () => spooled().length > 0)
  await killAndStart()
  await cut
  expect(spooled()).toEqual([])
  expect(await instance.desk.find('incident', 'correlation_display=KILL-STREAM')).toEqual([])
}, 60_000)

test('killed while comments come in and the desk’s are captured: every one is there once, and told once, in order', async () => {
  const { body } = await patiently(() => exchange.partner('customer').fileTicket({ customer_reference_number: 'KILL-COMMENT' }))
  const number = body.kpn_ticket_number as string
  const record = await instance.desk.record(number)
  let kills = 0
  const killing = (async () => {
    for (; kills < 3; kills++) {
      await pause(150 + Math.random() * 700)
      await killAndStart()
    }
  })()
  const heard = new Map<string, Update>()
  const read = async () => {
    const { status, body: updates } = await exchange.partner('customer').poll()
    if (status === 200)
      for (const update of updates as Update[]) if (!heard.has(update.transaction_id)) heard.set(update.transaction_id, update)
  }
  const told = () =>
    [...heard.values()].filter(update => update.kpn_ticket_number === number).map(update => update.ticket_attributes.comments)
  const wanted = Array.from({ length: 20 }, (_, at) => `desk ${at}`)
  let reading = true
  const reader = (async () => {
    while (reading) {
      await read().catch(() => {})
      await pause(120)
    }
  })()
  await Promise.all([
    (async () => {
      for (const text of wanted) {
        await instance.desk.comment(record, text)
        await pause(100)
      }
    })(),
    (async () => {
      for (let at = 0; at < 12; at++) {
        const update = { action: 'Comment', kpn_ticket_number: number, customer_reference_number: 'KILL-COMMENT', comment: `partner ${at}` }
        const answer = await patiently(() => exchange.partner('customer').updateTicket(update))
        expect(answer.status, JSON.stringify(answer.body)).toBe(200)
      }
    })(),
  ])
  await killing
  // What was handed over when it was killed comes again, after its lease has ended.
  await until('all of the desk’s are told', async () => told().length >= wanted.length, 40_000)
  reading = false
  await reader
  expect(told()).toEqual(wanted)
  const written = await instance.desk.journal(record, 'comments')
  expect(written.filter(text => text.startsWith('partner')).sort()).toEqual(Array.from({ length: 12 }, (_, at) => `partner ${at}`).sort())
}, 120_000)

test('asked to end while it works: what was accepted is finished, and it says 0', async () => {
  const customer = exchange.partner('customer')
  await customer.token()
  const slow = await instance.fault({ kind: 'latency', method: 'POST', delayMs: 400 })
  const references = Array.from({ length: 8 }, (_, at) => `END-${at}`)
  const answers = references.map(reference =>
    customer.fileTicket({
      customer_reference_number: reference,
      attachments: [carried({ name: 'a.txt', bytes: Buffer.from(reference) })],
    }),
  )
  await pause(250)
  const began = Date.now()
  const ended = await exchange.stop()
  console.log(`it ended ${((Date.now() - began) / 1000).toFixed(1)} s after it was asked to`)
  await slow.off()
  expect([ended.code, ended.signal]).toEqual([0, null])
  expect((await Promise.all(answers)).map(({ status }) => status)).toEqual(references.map(() => 200))
  for (const reference of references) {
    const [record] = await instance.desk.find('incident', `correlation_display=${reference}`)
    expect(await instance.desk.filesOf(record!), reference).toHaveLength(1)
  }
  exchange = await exchange.startAgain()
  expect((await exchange.partner('customer').readTicket((await answers[0]!).body.kpn_ticket_number)).status).toBe(200)
}, 60_000)
