import { type FreshDatabase, makeFreshDatabase } from '@deskbridge/postgres/testing'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type StartedSystem, startSystem } from '../system/start-system.ts'

/** macOS writes é as two characters, people paste blanks and line breaks: what a person calls the same name is one. */
let database: FreshDatabase
let system: StartedSystem
let client: pg.Client
beforeAll(async () => {
  database = await makeFreshDatabase()
  system = await startSystem({ database: database.url })
  client = new pg.Client({ connectionString: database.url })
  await client.connect()
})
afterAll(async () => {
  await client?.end()
  await system?.end()
  await database?.drop()
})
const customer = () => system.partner('customer')
const desk = () => system.desk()

const FORMS = (name: string) => [
  ['letters in two parts', name.normalize('NFD')],
  ['blanks around it', ` ${name}\u00a0`],
  ['a line break in it', name.replace(' ', '\r\n')],
]

describe('a reference', () => {
  test('that comes again in another form is the same, and is given back as it was first sent', async () => {
    const reference = `Büro Größe ${customer().newReference()}`
    const first = await customer().fileTicket({ customer_reference_number: reference })
    const number = first.body.kpn_ticket_number
    for (const [, form = ''] of FORMS(reference)) {
      const again = await customer().fileTicket({ customer_reference_number: form })
      expect([again.status, again.body.kpn_ticket_number, again.body.customer_reference_number]).toEqual([200, number, reference])
      const comment = {
        action: 'Comment',
        kpn_ticket_number: ` ${number.toLowerCase()}\n`,
        customer_reference_number: form,
        comment: 'Once',
      }
      const said = await customer().updateTicket(comment)
      expect([said.status, said.body.customer_reference_number]).toEqual([200, reference])
      const other = await customer().fileTicket({ customer_reference_number: form, description: 'Something else' })
      expect([other.status, other.body.error.code]).toEqual([409, 'reference_taken'])
    }
    const record = await desk().record(number)
    expect(record.fields.correlation_display).toBe(reference)
    expect(await desk().journal(record, 'comments')).toEqual(['Once'])
    const { body } = await customer().readTicket(number)
    expect(body.result[0].customer_reference_number).toBe(reference)
  })

  test('that is filed in twenty forms at once is one ticket', async () => {
    const reference = `Nº ${customer().newReference()} é`
    const forms = Array.from({ length: 20 }, (_, place) => (place % 2 ? reference.normalize('NFD') : `${reference} `))
    const answers = await Promise.all(forms.map(customer_reference_number => customer().fileTicket({ customer_reference_number })))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    expect(new Set(answers.map(({ body }) => body.kpn_ticket_number)).size).toBe(1)
  })

  test('that is given to two records of the desk in two forms is refused for the second', async () => {
    const company = customer().access.organisation.sys_id
    const reference = `Ré ${customer().newReference()}`
    const numbers: string[] = []
    for (const short_description of ['One', 'Another'])
      numbers.push((await desk().create('incident', { short_description, company })).number.replace('INC', 'INC#'))
    const update = { action: 'Comment', comment: 'Hello' }
    const first = await customer().updateTicket({ ...update, kpn_ticket_number: numbers[0], customer_reference_number: reference })
    const second = await customer().updateTicket({
      ...update,
      kpn_ticket_number: numbers[1],
      customer_reference_number: reference.normalize('NFD'),
    })
    expect([first.status, second.status, second.body.error.code]).toEqual([200, 400, 'reference_mismatch'])
  })
})

describe('names of a service, a thing and a person', () => {
  test('are found in whatever form they are sent, and whatever form the desk has them in', async () => {
    const company = customer().access.organisation.sys_id
    await desk().create('cmdb_ci', { name: 'Café Büro', company })
    await desk().create('cmdb_ci', { name: 'Dépôt Nord'.normalize('NFD'), company })
    await desk().create('sys_user', { user_name: 'zoé.ünal', email: 'zoe.unal@example.com', company, active: 'true' })
    for (const [field, name] of [
      ['ci', 'Café Büro'],
      ['ci', 'Dépôt Nord'],
      ['contact', 'zoé.ünal'],
    ] as const)
      for (const [what, form] of [['as it is', name], ...FORMS(name)]) {
        const { status, headers } = await customer().fileTicket({ [field]: form })
        expect([what, status, headers.get('warnings')]).toEqual([what, 200, null])
      }
    const service = customer().access.service
    for (const [, form] of FORMS(service)) expect((await customer().fileTicket({ service: form })).status).toBe(200)
  })
})

describe('references of before forms were compared', () => {
  test('are found by their old hash, in any form; a pair that differs in its bytes only is named at the start and keeps its own meaning', async () => {
    const [lone, composed] = [`Früher ${customer().newReference()}`.normalize('NFD'), `Zwilling é ${customer().newReference()}`]
    const parted = composed.normalize('NFD')
    const { service } = customer().access
    const file = async (customer_reference_number: string, partner = customer()) =>
      (await partner.fileTicket({ customer_reference_number, service })).body.kpn_ticket_number as string
    const [old, one, two] = [await file(lone), await file(composed), await file(parted, system.partner('otherCustomer'))]
    await system.stop()
    // As the release before left them: found by their bytes, so that one partner may have both.
    await client.query(`
      drop index exchange.bond_reference_key, exchange.bond_keeps_its_form;
      alter table exchange.bond drop column reference_key, drop column keeps_its_form;
      create unique index bond_reference on exchange.bond (environment, partner_id, is_task, reference);
      delete from exchange.migration where name like '0008%';
      update exchange.recorded_write set request_key = 'reference:' || reference where operation = 'file-ticket'`)
    for (const table of ['bond', 'recorded_write'])
      await client.query(
        `update exchange.${table} set partner_id = (select partner_id from exchange.bond where reference = $1) where reference = $2`,
        [composed, parted],
      )
    system = await system.startAgain()
    expect([await file(lone), await file(lone.normalize('NFC')), await file(composed), await file(parted)]).toEqual([old, old, one, two])
    const named = system
      .output()
      .split('\n')
      .filter(line => line.includes('in its bytes only'))
    expect(named.map(line => JSON.parse(line).reference)).toEqual([composed, parted])
    const update = { action: 'Comment', comment: 'Which one?' }
    const commented = async (kpn_ticket_number: string, customer_reference_number: string) =>
      (await customer().updateTicket({ ...update, kpn_ticket_number, customer_reference_number })).status
    expect([await commented(one, parted), await commented(two, composed), await commented(two, parted)]).toEqual([400, 400, 200])
  })
})
