import { afterAll, describe, expect, test } from 'vitest'
import { INCIDENT_WORK } from '../stories/desk-work.ts'
import { accepted, assignedTo, worked } from '../stories/tasks.ts'
import { commented, filed } from '../stories/tickets.ts'
import { startSystem } from '../system/start-system.ts'

const system = await startSystem()
afterAll(() => system.end())
const customer = system.partner('customer')
const provider = system.partner('provider')
const desk = system.desk('sandbox')

/** What people write that looks like markup, and is none. */
const WRITTEN = [
  'Log on as <user> at <hostname>; if a<b and c>d then <b>both</b> <srv01> and <srv02> are down',
  'Mail from Jan <jan.jansen@customer.example>: Set <ReplicaCount>3</ReplicaCount> &lt;here&gt; & <br>there',
  '[code]<table><tr><td>1</td></tr></table>[/code] and [ /CODE ], ［code] too',
  '<p>'.repeat(1_300),
]
const MARKER = /\[\s*\/?\s*code\s*\]/i

const read = async (number: string) => (await customer.readTicket(number)).body.result[0]
const texts = (entries: { text: string }[]) => entries.map(({ text }) => text)

describe('a partner reads back what it wrote, letter by letter', () => {
  test.each(WRITTEN.map(text => [text.slice(0, 60), text] as const))('of its ticket and its comment: %s', async (_, text) => {
    const short = text.slice(0, 150)
    const ticket = await filed(customer, { short_description: short, description: text })
    await commented(customer, ticket, text)
    expect(await read(ticket.number)).toMatchObject({ short_description: short, description: text, comments: [{ text }] })
    const { body } = await customer.listOpenTickets()
    expect(body.result.find((one: { kpn_ticket_number: string }) => one.kpn_ticket_number === ticket.number).short_description).toBe(short)
  })

  test('and the customer reads what the provider wrote, while nothing of it is markup to an agent', async () => {
    const ticket = await filed(customer)
    const record = await desk.record(ticket.number)
    const task = await assignedTo(system.firstSteps.provider.solverGroup, desk, record)
    const known = await accepted(provider, task)
    const [comment, worknotes, close_notes] = WRITTEN as [string, string, string]
    await worked(provider, known, { action: 'Comment', comment: `${comment} ${close_notes}` })
    await worked(provider, known, { action: 'Worknote', worknotes: `${worknotes} ${close_notes}` })
    await worked(provider, known, { action: 'Closed Complete', close_notes })
    const carried = await customer.updates.until({ number: ticket.number, action: 'Comment' })
    expect(carried.ticket_attributes.comments).toBe(`${comment} ${close_notes}`)
    const [body] = (await provider.readTicket(known.number)).body.result
    expect([texts(body.comments), texts(body.worknotes)]).toEqual([[`${comment} ${close_notes}`], [`${worknotes} ${close_notes}`]])
    const stored = [
      ...(await desk.journal(task, 'comments')),
      ...(await desk.journal(task, 'work_notes')),
      ...(await desk.journal(record, 'comments')),
      (await desk.read(task)).fields.close_notes!,
    ]
    for (const text of stored) expect(text).not.toMatch(MARKER)
    expect(stored.at(-1)).toBe(close_notes.replace('［', '［［').replaceAll(/\[(?=\s*\/?\s*code)/gi, '［'))
  })
})

describe('what an agent writes', () => {
  test('is text, in every field that a partner reads', async () => {
    const ticket = await filed(customer)
    const record = await desk.record(ticket.number)
    for (const text of WRITTEN.slice(0, 2)) {
      await desk.change(record, { short_description: text, comments: text, ...(text === WRITTEN[0] ? {} : { description: text }) })
      const told = await customer.updates.until(update => update.ticket_attributes.comments === text)
      expect(told.kpn_ticket_number).toBe(ticket.number)
      await customer.updates.until(update => update.ticket_attributes.short_description === text)
    }
    await desk.change(record, { ...INCIDENT_WORK.resolve, close_notes: WRITTEN[1]! })
    const resolved = await customer.updates.until({ number: ticket.number, action: 'Resolved' })
    expect(resolved.ticket_attributes.resolution_notes).toBe(WRITTEN[1])
    expect(await read(ticket.number)).toMatchObject({ short_description: WRITTEN[1], description: WRITTEN[1] })
  })

  test('between [code] and [/code] of a comment is HTML, and told as text: in a description [code] is text too', async () => {
    const ticket = await filed(customer)
    const record = await desk.record(ticket.number)
    const pasted = '<host> said [code]<table><tr><td>port</td><td>443</td></tr><tr><td>state</td><td>open</td></tr></table>[/code]'
    await desk.change(record, { comments: pasted, description: pasted })
    const told = await customer.updates.until(update => update.ticket_attributes.comments?.startsWith('<host>') === true)
    expect(told.ticket_attributes.comments).toBe('<host> said port\t443\nstate\topen')
    expect(await read(ticket.number)).toMatchObject({ description: pasted, comments: [{ text: '<host> said port\t443\nstate\topen' }] })
  })
})
