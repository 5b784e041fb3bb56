import { once } from 'node:events'
import { type ClientRequest, request } from 'node:http'
import { afterAll, expect, test } from 'vitest'
import { until } from '../faults/socket-system.ts'
import { carried, type Partner } from '../system/partner.ts'
import { startSystem } from '../system/start-system.ts'

/** What one project, and all of them, may have on its way at once: a request alone is bounded, and any number of them is not. */
const system = await startSystem({ environment: { SPOOL_MIB: '512' } })
afterAll(() => system.end())

const MIB = 1024 ** 2
const PIECE = Buffer.alloc(MIB, 'QUJD')

/** An upload that stops short of its end, and waits. */
async function openUpload(partner: Partner, mebibytes: number): Promise<ClientRequest> {
  const token = await partner.token()
  const upload = request(`${system.firstSteps.connectBaseUrl}/Ticket`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
  })
  upload.on('error', () => {})
  upload.write('{"attachments":[{"name":"a.bin","content":"')
  for (let sent = 0; sent < mebibytes; sent++) if (!upload.write(PIECE)) await once(upload, 'drain')
  return upload
}

test('a project that has a quarter of the room on its way hears 429 with the numbers; others file on, and an upload that is given up is room again', async () => {
  const customer = system.partner('customer')
  const small = { attachments: [carried({ name: 'small.txt', bytes: Buffer.from('small') })] }
  const large = { attachments: [carried({ name: 'large.bin', bytes: Buffer.alloc(9 * MIB, 1) })] }
  const uploads = [await openUpload(customer, 80), await openUpload(customer, 80)]
  await until('the uploads are on the disk', async () => (await customer.fileTicket(large)).status === 429)
  const { body, headers } = await customer.fileTicket(large)
  expect(body.error.code).toBe('too_many_files')
  expect(body.error.message).toMatch(/^Your project has \d+ MiB in \d files on the way; the most are 128 MiB and 2500 files\.$/)
  expect(headers.get('retry-after')).toBe('60')
  expect((await customer.fileTicket()).status).toBe(200)
  expect((await system.partner('otherCustomer').fileTicket(large)).status).toBe(200)
  for (const upload of uploads) upload.destroy()
  await until('there is room again', async () => (await customer.fileTicket(large)).status === 200)
  expect((await customer.fileTicket(small)).status).toBe(200)
}, 60_000)
