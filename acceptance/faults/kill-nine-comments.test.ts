import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Update } from '../system/update.ts'
import { type Killable, patiently, pause, startKillable } from './killable.ts'
import { until } from './socket-system.ts'

let system: Killable
beforeAll(async () => {
  system = await startKillable()
})
afterAll(async () => {
  await system?.end()
})

test('killed while comments come in and the desk’s are captured: every one is there once, and told once, in order', async () => {
  const { body } = await patiently(() => system.now.partner('customer').fileTicket({ customer_reference_number: 'KILL-COMMENT' }))
  const number = body.kpn_ticket_number as string
  const record = await system.instance.desk.record(number)
  let kills = 0
  const killing = (async () => {
    for (; kills < 3; kills++) {
      await pause(150 + Math.random() * 500)
      await system.instance.fault({ kind: 'timeout-after-write', method: 'PATCH', path: record.sys_id, times: 1 })
      await pause(300)
      await system.killAndStart()
    }
  })()
  const heard = new Map<string, Update>()
  const read = async () => {
    const { status, body: updates } = await system.now.partner('customer').poll()
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
        await system.instance.desk.comment(record, text)
        await pause(100)
      }
    })(),
    (async () => {
      for (let at = 0; at < 12; at++) {
        const update = { action: 'Comment', kpn_ticket_number: number, customer_reference_number: 'KILL-COMMENT', comment: `partner ${at}` }
        const answer = await patiently(() => system.now.partner('customer').updateTicket(update))
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
  const written = await system.instance.desk.journal(record, 'comments')
  expect(written.filter(text => text.startsWith('partner')).sort()).toEqual(Array.from({ length: 12 }, (_, at) => `partner ${at}`).sort())
}, 120_000)
