import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Answer } from '../system/answer.ts'
import { carried } from '../system/partner.ts'
import { type Killable, patiently, pause, startKillable } from './killable.ts'
import { until } from './socket-system.ts'

let system: Killable
beforeAll(async () => {
  system = await startKillable()
})
afterAll(async () => {
  await system?.end()
})

test('killed at random moments while tickets with files are filed: each is there once, whole, and the spool is empty', async () => {
  const bytes = randomBytes(300_000)
  const references = Array.from({ length: 16 }, (_, at) => `KILL-FILE-${at}`)
  let kills = 0
  let slowest = 0
  const killing = (async () => {
    for (; kills < 3; kills++) {
      // Written and not answered yet: the moment in which a kill leaves nothing behind but the record itself.
      await system.instance.fault({ kind: 'timeout-after-write', method: 'POST', path: '/api/now', times: 3 })
      await pause(60 + Math.random() * 500)
      slowest = Math.max(slowest, await system.killAndStart())
    }
  })()
  const send = (reference: string) => () =>
    system.now.partner('customer').fileTicket({
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
    const [record, ...more] = await system.instance.desk.find(table, `correlation_display=${reference}`)
    expect(more, reference).toEqual([])
    expect(
      (await system.instance.desk.filesOf(record!)).map(file => file.size_bytes),
      reference,
    ).toEqual(['300000', '300000'])
    if (table === 'sc_request') expect(await system.instance.desk.find('sc_req_item', `request=${record!.sys_id}`)).toHaveLength(1)
  }
  await until('the spool is empty', async () => system.spooled().length === 0)
}, 120_000)

test('asked to end while it works: what was accepted is finished, and it says 0', async () => {
  const customer = system.now.partner('customer')
  await customer.token()
  const slow = await system.instance.fault({ kind: 'latency', method: 'POST', delayMs: 400 })
  const references = Array.from({ length: 8 }, (_, at) => `END-${at}`)
  const answers = references.map(reference =>
    customer.fileTicket({
      customer_reference_number: reference,
      attachments: [carried({ name: 'a.txt', bytes: Buffer.from(reference) })],
    }),
  )
  await pause(250)
  const began = Date.now()
  const ended = await system.now.stop()
  console.log(`it ended ${((Date.now() - began) / 1000).toFixed(1)} s after it was asked to`)
  await slow.off()
  expect([ended.code, ended.signal]).toEqual([0, null])
  expect((await Promise.all(answers)).map(({ status }) => status)).toEqual(references.map(() => 200))
  for (const reference of references) {
    const [record] = await system.instance.desk.find('incident', `correlation_display=${reference}`)
    expect(await system.instance.desk.filesOf(record!), reference).toHaveLength(1)
  }
  const again = await system.now.startAgain()
  expect((await again.partner('customer').readTicket((await answers[0]!).body.kpn_ticket_number)).status).toBe(200)
}, 60_000)
