import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DeskRecord } from '../system/desk.ts'
import type { Partner } from '../system/partner.ts'
import { type SocketSystem, startBehindSocket, until, untilAnswered } from './socket-system.ts'

let system: SocketSystem
beforeAll(async () => {
  system = await startBehindSocket()
})
afterAll(async () => {
  await system?.[Symbol.asyncDispose]()
})

const customer = () => system.exchange.partner('customer')
const other = () => system.exchange.partner('otherCustomer')
const desk = () => system.instance.desk

async function filed(partner: Partner): Promise<{ number: string; reference: string; record: DeskRecord }> {
  const reference = partner.newReference()
  const { body } = await untilAnswered(() => partner.fileTicket({ customer_reference_number: reference }))
  const record = await desk().record(body.kpn_ticket_number)
  await until('it is captured', async () => {
    return (await system.rows('select from exchange.captured_record where sys_id = $1', [record.sys_id])).length === 1
  })
  return { number: body.kpn_ticket_number, reference, record }
}

/** An access rule of the desk: files of this name may not be read by the exchange's user. */
async function hideFiles(name: string): Promise<{ undo(): Promise<void> }> {
  const rules = await desk().find('sys_security_acl', 'nameSTARTSWITHsys_attachment^operation=read')
  expect(rules.length).toBeGreaterThan(0)
  const before = rules.map(rule => rule.fields.condition ?? '')
  for (const rule of rules) await desk().change(rule, { condition: `file_name!=${name}` })
  return {
    undo: async () => {
      for (const [at, rule] of rules.entries()) await desk().change(rule, { condition: before[at]! })
    },
  }
}

test('one file of one ticket is hidden, and another ticket whole: those wait, all others and other partners are told, and nothing of them is missing afterwards', async () => {
  const bad = await filed(customer())
  const good = await filed(customer())
  const theirs = await filed(other())
  const whole = await filed(customer())
  const rule = await hideFiles('restricted.pdf')
  const right = await system.instance.fault({ kind: 'hidden-row', sysId: whole.record.sys_id })
  await desk().change(whole.record, { comments: 'while nobody sees it', state: '2' })
  await desk().attach(bad.record, { name: 'restricted.pdf', bytes: Buffer.from('secret') })
  for (const { record } of [bad, good, theirs]) await desk().change(record, { comments: 'after the hidden file', state: '2' })
  await customer().updates.until({ number: good.number, action: 'In Progress' }, 15_000)
  await other().updates.until({ number: theirs.number, action: 'In Progress' }, 15_000)

  const read = await customer().readTicket(bad.number)
  expect(read.status).toBe(200)
  expect(read.headers.get('warnings')).toContain('Files of this ticket cannot be shown now')
  expect(read.body.result[0].comments).toHaveLength(1)
  const comment = { action: 'Comment', kpn_ticket_number: bad.number, customer_reference_number: bad.reference, comment: 'Still possible?' }
  expect((await customer().updateTicket(comment)).status).toBe(200)
  const { body } = await system.exchange.askAsOperator('/operator/troubles')
  expect(body.result).toContainEqual(expect.objectContaining({ kind: 'capture-blind', sys_ids: [bad.record.sys_id] }))

  // Longer than each look goes back: the list of changes is past it.
  await pause(6_000)
  await desk().comment(good.record, 'after the hidden ticket')
  await customer().updates.until(update => update.ticket_attributes.comments === 'after the hidden ticket', 15_000)
  expect(customer().updates.of(whole.number)).toEqual([])
  await right.off()
  await rule.undo()
  await customer().updates.until(update => update.kpn_ticket_number === bad.number && update.action === 'Attachment', 75_000)
  const told = customer()
    .updates.of(bad.number)
    .map(update => update.action)
  expect(told.sort()).toEqual(['Attachment', 'In Progress'])
  await customer().updates.until({ number: whole.number, action: 'In Progress' }, 75_000)
  expect(customer().updates.of(whole.number)).toMatchObject([{ ticket_attributes: { comments: 'while nobody sees it' } }])
  await until(
    'all is well',
    async () => {
      return (await system.exchange.askAsOperator('/operator/troubles')).body.result.length === 0
    },
    75_000,
  )
}, 200_000)
