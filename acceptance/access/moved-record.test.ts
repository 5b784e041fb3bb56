import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accepted, assignedTo, type KnownTask, worked } from '../stories/tasks.ts'
import { madeByOperator, shown } from '../stories/tickets.ts'
import type { DeskRecord } from '../system/desk.ts'
import { carried, Partner } from '../system/partner.ts'
import { type StartedSystem, startSystem } from '../system/start-system.ts'

/** What was said to one company is not handed to the next one: of its history each sees what came while the record was its own. */
let system: StartedSystem
beforeAll(async () => {
  system = await startSystem()
})
afterAll(() => system?.end())
const customer = () => system.partner('customer')
const other = () => system.partner('otherCustomer')
const desk = () => system.desk()

/** Within a second nobody can tell what came first: people do not move a ticket in the very second in which they write on it. */
const nextSecond = () => new Promise(done => setTimeout(done, 1_050))

const read = async (partner: Partner, number: string) => {
  const { status, body } = await partner.readTicket(number)
  return status === 200
    ? (body.result[0] as {
        comments: { text: string }[]
        worknotes?: { text: string }[]
        attachments: { name: string; attachment_id: string }[]
      })
    : undefined
}
const textsOf = (entries: readonly { text: string }[] | undefined) => entries?.map(({ text }) => text)
/** Files of one second have an order of their own. */
const namesOf = (files: readonly { name: string }[] | undefined) => files?.map(({ name }) => name).sort()

/** Says something, and adds a file, as the desk or as the partner. */
async function said(record: DeskRecord, what: string): Promise<string> {
  await desk().comment(record, `desk: ${what}`)
  return desk().attach(record, { name: `${what}.txt`, bytes: Buffer.from(what) })
}

async function given(record: DeskRecord, to: Partner): Promise<void> {
  await nextSecond()
  await desk().change(record, { company: to.access.organisation.sys_id })
  await nextSecond()
}

describe('a ticket of the operator’s that is moved from one company to another, and back', () => {
  test('shows each what came while it was its own, in GET, New and GetAttachment', async () => {
    const record = await madeByOperator(desk(), customer(), 'incident', { short_description: 'Wrong company' })
    const number = shown(record)
    const news = await customer().updates.until({ number, action: 'New' })
    const reference = customer().newReference()
    const known = { kpn_ticket_number: number, customer_reference_number: reference }
    const response = { ...known, action: 'Response', status: 'Success', transaction_id: news.transaction_id }
    expect((await customer().updateTicket(response)).status).toBe(200)
    const secret = { name: 'secret.txt', bytes: Buffer.from('the vault code') }
    const comment = { ...known, action: 'Comment', comment: 'The vault code is 1234', attachments: [carried(secret)] }
    expect((await customer().updateTicket(comment)).status).toBe(200)
    const first = await said(record, 'first')

    await given(record, other())
    const moved = await other().updates.until({ number, action: 'New' })
    expect(moved.ticket_attributes.attachments).toBeUndefined()
    expect(JSON.stringify(moved)).not.toMatch(/vault|secret|first/)
    expect((await other().getAttachment(first)).status).toBe(404)
    const second = await said(record, 'second')
    await other().updates.until({ number, action: 'Attachment' })
    const seenByOther = await read(other(), number)
    expect(textsOf(seenByOther?.comments)).toEqual(['desk: second'])
    expect(namesOf(seenByOther?.attachments)).toEqual(['second.txt'])
    expect((await other().getAttachment(second)).status).toBe(200)
    expect(await read(customer(), number)).toBeUndefined()
    expect((await customer().getAttachment(first)).status).toBe(404)

    await given(record, customer())
    const back = await customer().updates.until(update => update.kpn_ticket_number === number && update.action === 'New' && update !== news)
    expect(namesOf(back.ticket_attributes.attachments)).toEqual(['first.txt', 'secret.txt'])
    await said(record, 'third')
    await customer().updates.until(update => update.ticket_attributes.comments === 'desk: third')
    const seen = await read(customer(), number)
    // The first two are of one second.
    expect(textsOf(seen?.comments)?.sort()).toEqual(['The vault code is 1234', 'desk: first', 'desk: third'])
    expect(namesOf(seen?.attachments)).toEqual(['first.txt', 'secret.txt', 'third.txt'])
    expect((await customer().getAttachment(first)).status).toBe(200)
    expect((await customer().getAttachment(second)).status).toBe(404)
    expect(JSON.stringify(other().updates.of(number))).not.toMatch(/vault|secret|first|third/)
  })

  test('hides what was said before also in the moment in which capture has not seen the move yet', async () => {
    const record = await madeByOperator(desk(), customer(), 'incident')
    const number = shown(record)
    await customer().updates.until({ number, action: 'New' })
    await said(record, 'before')
    await customer().updates.until({ number, action: 'Attachment' })
    await nextSecond()
    await desk().change(record, { company: other().access.organisation.sys_id })
    for (const end = Date.now() + 1_500; Date.now() < end; )
      expect(JSON.stringify((await read(other(), number)) ?? '')).not.toContain('before')
  })

  test('a comment in the very save that moves it was said to the next one', async () => {
    const record = await madeByOperator(desk(), customer(), 'incident')
    await customer().updates.until({ number: shown(record), action: 'New' })
    await said(record, 'before')
    await nextSecond()
    await desk().change(record, { company: other().access.organisation.sys_id, comments: 'This is yours' })
    const moved = await other().updates.until({ number: shown(record), action: 'New' })
    expect(moved.ticket_attributes.comments).toBe('This is yours')
    expect(textsOf((await read(other(), shown(record)))?.comments)).toEqual(['This is yours'])
  })

  test('one that was nobody’s before is told with what it has: that was said to nobody else', async () => {
    const record = await desk().create('incident', { short_description: 'Whose is it?' })
    await said(record, 'early')
    await given(record, customer())
    const news = await customer().updates.until({ number: shown(record), action: 'New' })
    expect(namesOf(news.ticket_attributes.attachments)).toEqual(['early.txt'])
    expect(textsOf((await read(customer(), shown(record)))?.comments)).toEqual(['desk: early'])
  })
})

test('a ticket that a partner filed stays its own, with all of it, whatever company the desk sets', async () => {
  const reference = customer().newReference()
  const { body } = await customer().fileTicket({ customer_reference_number: reference })
  const record = await desk().record(body.kpn_ticket_number)
  await said(record, 'early')
  await given(record, other())
  await desk().comment(record, 'desk: late')
  await customer().updates.until(update => update.ticket_attributes.comments === 'desk: late')
  expect(textsOf((await read(customer(), body.kpn_ticket_number))?.comments)).toEqual(['desk: early', 'desk: late'])
  expect(await read(other(), body.kpn_ticket_number)).toBeUndefined()
})

describe('a task that is passed on from one provider to another', () => {
  test('shows the next one nothing of what the first one wrote or was told', async () => {
    const provider = system.partner('provider')
    const group = await desk().create('sys_user_group', { name: 'Second group' })
    const access = await system.backOffice.addPartner('Second provider', provider.access, 'sandbox')
    await system.backOffice.changeAgreement('Second provider', 'sandbox', { solverGroups: [{ sysId: group.sys_id, name: 'Second group' }] })
    const second = new Partner(access)
    const ticket = await madeByOperator(desk(), customer(), 'incident')
    const task = await assignedTo(system.firstSteps.provider.solverGroup, desk(), ticket)
    const known: KnownTask = await accepted(provider, task)
    await worked(provider, known, { action: 'Worknote', worknotes: 'The key lies under the mat' })
    const first = await said(task, 'first')
    await nextSecond()
    await desk().change(task, { assignment_group: group.sys_id })
    const news = await second.updates.until({ number: shown(task), action: 'New' })
    expect(JSON.stringify(news)).not.toMatch(/mat|first/)
    const seen = await read(second, shown(task))
    expect([textsOf(seen?.comments), textsOf(seen?.worknotes), namesOf(seen?.attachments)]).toEqual([[], [], []])
    expect((await second.getAttachment(first)).status).toBe(404)
    expect(await read(provider, shown(task))).toBeUndefined()
  })
})
