import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { carried } from '../system/partner.ts'
import { startBehindSocket, until } from './socket-system.ts'

test('a process is killed with files in its spool: another one neither adds nor gives them up, and it finishes them itself; a retry elsewhere brings them again', async () => {
  await using system = await startBehindSocket({ exchanges: 2 })
  const [own, other] = system.exchanges as [(typeof system.exchanges)[0], (typeof system.exchanges)[0]]
  const slow = await system.instance.fault({ kind: 'latency', method: 'POST', path: '/attachment/file', delayMs: 900 })
  const ticket = (reference: string) => ({
    customer_reference_number: reference,
    attachments: [carried({ name: 'a.txt', bytes: Buffer.from('one') }), carried({ name: 'b.txt', bytes: Buffer.from('two') })],
  })
  const calls = ['FOLDER-1', 'FOLDER-2'].map(reference =>
    own
      .partner('customer')
      .fileTicket(ticket(reference))
      .catch(() => undefined),
  )
  const records = await until('both tickets are made', async () => {
    const found = await system.instance.desk.find('incident', 'correlation_displaySTARTSWITHFOLDER-^ORDERBYcorrelation_display')
    return found.length === 2 && found
  })
  await own.kill()
  await Promise.all(calls)
  await slow.off()
  // Half a minute passes: nobody holds them any more.
  await system.rows(`update exchange.recorded_write set held_until = null, next_attempt_at = now() where state <> 'done'`)
  const retried = await until('the retry at the other process is done', async () => {
    const answer = await other.partner('customer').fileTicket(ticket('FOLDER-2'))
    return answer.status === 200 && answer
  })
  expect(retried.body.kpn_ticket_number.replace('#', '')).toBe(records[1]!.number)
  // The other one's resolver looks every 5 s.
  await new Promise(done => setTimeout(done, 5_500))
  const [write] = await system.rows(`select state from exchange.recorded_write where reference = 'FOLDER-1'`)
  expect(write?.state).toBe('open')
  const again = await own.startAgain()
  await until('its files are there', async () => (await system.instance.desk.filesOf(records[0]!)).length === 2, 45_000)
  for (const record of records) {
    const files = await system.instance.desk.filesOf(record)
    expect(files.map(file => file.file_name).sort(), record.number).toEqual(['a.txt', 'b.txt'])
  }
  await until('both spools are empty', async () =>
    [again, other].every(exchange => readdirSync(join(exchange.dataFolder, 'spool')).length === 0),
  )
}, 60_000)
