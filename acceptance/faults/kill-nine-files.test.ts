import { createHash, randomBytes } from 'node:crypto'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
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

test('killed while 80 MB are uploaded to the desk: the file is there once, byte for byte, without a retry', async () => {
  const { body } = await patiently(() => system.now.partner('customer').fileTicket({ customer_reference_number: 'KILL-80' }))
  const record = await system.instance.desk.record(body.kpn_ticket_number)
  const bytes = randomBytes(80_000_000)
  const sent = system.now
    .partner('customer')
    .updateTicket({
      action: 'Comment',
      kpn_ticket_number: body.kpn_ticket_number,
      customer_reference_number: 'KILL-80',
      attachments: [carried({ name: 'dump.bin', bytes })],
    })
    .catch(() => undefined)
  const folder = join(system.now.dataFolder, 'spool')
  // Accepted, and on its way to the instance, which takes half a second: the spool has it whole.
  while (!holdsWhole(folder, bytes.length)) await pause(5)
  await pause(120)
  await system.killAndStart()
  const answer = await sent
  console.log(`the upload was ${answer ? `answered ${answer.status} before the kill` : 'cut by the kill'}`)
  const [file] = await until(
    'the file is there',
    async () => {
      const found = await system.instance.desk.filesOf(record)
      return found.length > 0 && found
    },
    25_000,
  )
  await until('the spool is empty', async () => system.spooled().length === 0)
  expect(await system.instance.desk.filesOf(record)).toHaveLength(1)
  const sha256 = (content: Uint8Array) => createHash('sha256').update(content).digest('hex')
  expect(sha256(await system.instance.desk.bytesOf(file!.sys_id!))).toBe(sha256(bytes))
}, 90_000)

/** Whether one of the spool's folders has a file of this size. */
function holdsWhole(spool: string, size: number): boolean {
  return readdirSync(spool).some(folder =>
    readdirSync(join(spool, folder)).some(file => statSync(join(spool, folder, file), { throwIfNoEntry: false })?.size === size),
  )
}

test('killed while an 80 MB request is still streaming in: nothing of it remains', async () => {
  const token = await system.now.partner('customer').token()
  const { connectBaseUrl, service } = system.now.partner('customer').access
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
  await until('it is being spooled', async () => system.spooled().length > 0)
  await system.killAndStart()
  await cut
  expect(system.spooled()).toEqual([])
  expect(await system.instance.desk.find('incident', 'correlation_display=KILL-STREAM')).toEqual([])
}, 60_000)
