import { randomBytes } from 'node:crypto'
import { afterAll, describe, expect, test } from 'vitest'
import { filed, madeByOperator, shown } from '../stories/tickets.ts'
import { address, ask } from '../system/answer.ts'
import { Partner } from '../system/partner.ts'
import { startSystem } from '../system/start-system.ts'

const system = await startSystem()
afterAll(() => system.end())
const desk = system.desk('sandbox')
const north = system.partner('customer')
const south = system.partner('otherCustomer')

const pathOf = (name: string) => `/operator/organisations/${encodeURIComponent(name)}`
const map = (name: string, sysId: string, table = 'core_company', environment = 'sandbox') =>
  system.changeAsOperator('PUT', `${pathOf(name)}/mapping`, { environment, table, sys_id: sysId })
const unmap = (name: string, environment = 'sandbox') =>
  system.changeAsOperator('DELETE', `${pathOf(name)}/mapping?environment=${environment}`)
const importFile = (text: string) => system.changeAsOperator('POST', '/operator/organisations/import.csv', text)

async function organisation(name: string, environment = 'sandbox') {
  const { body } = await system.askAsOperator('/operator/organisations', { limit: '500' })
  const found = body.result.find((one: { name: string }) => one.name === name)
  return found?.environments.find((one: { environment: string }) => one.environment === environment)
}

async function suggestion(name: string) {
  const { status, body } = await system.askAsOperator('/operator/organisations/suggestions', { environment: 'sandbox' })
  expect(status).toBe(200)
  return body.result.find((one: { organisation: string }) => one.organisation === name)
}

/** A partner that has an agreement and credentials, and no mapping yet. */
const newPartner = async (name: string) => new Partner(await system.backOffice.addPartner(name, north.access, 'sandbox'))
const unique = (text: string) => `${text} ${randomBytes(3).toString('hex')}`

describe('the operator maps a new organisation', () => {
  test('from the suggestion to its first ticket, without anybody signing in again', async () => {
    const name = unique('Harbour & Sons / Logistics')
    const account = await desk.create('customer_account', { name: `${name} B.V.`, website: 'https://www.harbour.example' })
    await desk.create('sys_user', { user_name: unique('harbour'), email: 'desk@harbour.example', company: account.sys_id })
    const partner = await newPartner(name)
    await system.backOffice.addPerson(name, 'planner@harbour.example')

    const refused = await partner.fileTicket()
    expect(refused.status).toBe(403)
    expect(refused.body.error).toMatchObject({ code: 'organisation_not_mapped', organisation: name, environment: 'sandbox' })

    const suggested = await suggestion(name)
    expect(suggested.suggestion).toMatchObject({ table: 'customer_account', sys_id: account.sys_id, name: `${name} B.V.` })
    expect(suggested.suggestion.evidence.map((piece: { kind: string }) => piece.kind)).toEqual(['name', 'website', 'people'])

    const { status, body } = await map(name, account.sys_id, 'customer_account')
    expect(status).toBe(200)
    expect(body.result).toEqual({
      organisation: name,
      environment: 'sandbox',
      table: 'customer_account',
      sys_id: account.sys_id,
      name: `${name} B.V.`,
    })
    expect(await organisation(name)).toMatchObject({
      mapping: { state: 'there', confirmed_by: system.firstSteps.portalUsers.operator.email },
      variables: { servicenow_company_sys_id: account.sys_id },
    })
    const ticket = await filed(partner)
    expect((await desk.record(ticket.number)).fields.company).toBe(account.sys_id)
    const made = await desk.create('incident', { short_description: 'For Harbour', company: account.sys_id })
    await partner.updates.until({ number: shown(made), action: 'New' })
  })

  test('a copied production record is recognised by its sys_id', async () => {
    const name = unique('Copied')
    await newPartner(name)
    const [record] = await system.desk('production').find('core_company', 'name=Demo Operator')
    const sysId = record!.sys_id
    expect((await desk.read({ table: 'core_company', sys_id: sysId })).sys_id).toBe(sysId)
    expect((await map(name, sysId, 'core_company', 'production')).status).toBe(200)
    const { suggestion: match } = await suggestion(name)
    expect(match).toMatchObject({ sys_id: sysId, evidence: [{ kind: 'sys_id' }] })
  })

  test('two companies of one name are for a person to tell apart', async () => {
    const name = unique('Twins')
    await newPartner(name)
    for (const city of ['Delft', 'Breda']) await desk.create('core_company', { name, city })
    const { suggestion: clear, others, why } = await suggestion(name)
    expect(clear).toBeNull()
    expect(others.map((one: { city: string }) => one.city).sort()).toEqual(['Breda', 'Delft'])
    expect(why).toContain('about equally likely')
  })

  test('finds companies and accounts by a part of their name, page by page', async () => {
    const mark = unique('Leafing')
    for (const letter of ['A', 'B', 'C']) await desk.create('core_company', { name: `${mark} ${letter}` })
    const page = (offset: string) =>
      system.askAsOperator('/operator/organisations/candidates', { environment: 'sandbox', search: mark, limit: '2', offset })
    const [first, second] = [await page('0'), await page('2')]
    expect(first.body.total).toBe(3)
    expect([...first.body.result, ...second.body.result].map(one => one.name)).toEqual([`${mark} A`, `${mark} B`, `${mark} C`])
    const known = await system.askAsOperator('/operator/organisations/candidates', { environment: 'sandbox', search: 'Demo Customer' })
    expect(known.body.result).toMatchObject([
      { table: 'core_company', stands_for: north.name },
      { table: 'customer_account', stands_for: south.name },
    ])
    const odd = await system.askAsOperator('/operator/organisations/candidates', { environment: 'sandbox', search: 'x^ORsys_idISNOTEMPTY' })
    expect(odd.status).toBe(400)
    expect(odd.body.error.field).toBe('search')
  })
})

describe('an organisation that is not mapped', () => {
  test('cannot file, and the answer says what to map', async () => {
    const name = unique('Unmapped')
    const partner = await newPartner(name)
    const { status, body } = await partner.fileTicket({ short_description: `Of ${name}` })
    expect(status).toBe(403)
    expect(body.error.message).toBe(`The organisation "${name}" is not mapped to a company or account of the service desk in sandbox.`)
    expect(body.error.hint).toContain('Ask the operator to map')
    expect(await desk.find('incident', `short_description=Of ${name}`)).toEqual([])
  })

  test('is shown nothing of a ticket that has no company', async () => {
    const partner = await newPartner(unique('Nobody'))
    const made = await desk.create('incident', { short_description: 'Of no company' })
    expect((await partner.readTicket(shown(made))).status).toBe(404)
    expect((await partner.listOpenTickets()).body.result).toEqual([])
    expect(partner.updates.heard).toEqual([])
  })

  test('was it mapped before, it files nothing more and keeps what it filed; the other environment stays as it is', async () => {
    const own = await filed(south, { short_description: 'Filed while it was mapped' })
    const told = await madeByOperator(desk, south, 'incident')
    await south.updates.until({ number: shown(told), action: 'New' })
    const { table, sys_id: sysId } = south.access.organisation
    expect((await unmap(south.name)).status).toBe(200)
    expect((await south.fileTicket()).body.error.code).toBe('organisation_not_mapped')
    expect((await south.readTicket(own.number)).status).toBe(200)
    expect((await south.readTicket(shown(told))).status).toBe(404)
    expect((await organisation(south.name, 'production')).mapping).toMatchObject({ sys_id: sysId, state: 'there' })
    expect((await unmap(south.name)).status).toBe(404)
    expect((await map(south.name, sysId, table)).status).toBe(200)
    expect((await south.readTicket(shown(told))).status).toBe(200)
    await filed(south)
  })
})

describe('a mapping is refused', () => {
  test('to a record that stands for somebody else', async () => {
    const name = unique('Second')
    await newPartner(name)
    const { status, body } = await map(name, north.access.organisation.sys_id)
    expect(status).toBe(409)
    expect(body.error).toMatchObject({ code: 'mapping_taken', field: 'sys_id', message: expect.stringContaining(`"${north.name}"`) })
    expect((await organisation(name)).mapping).toBeNull()
  })

  test('by the database too, when two people confirm the same record at once', async () => {
    const names = [unique('One'), unique('Two'), unique('Three')]
    for (const name of names) await newPartner(name)
    const { sys_id: sysId } = await desk.create('core_company', { name: unique('Wanted') })
    const answers = await Promise.all(names.map(name => map(name, sysId)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409])
    await expect(
      system.backOffice.changeAgreement(names.find((_, at) => answers[at]!.status === 409)!, 'sandbox', {
        organisation: { sysId, name: 'Wanted', table: 'core_company' },
      }),
    ).rejects.toThrow(/agreement_organisation/)
  })

  test.each([
    ['a record that is not there', () => map(north.name, 'f'.repeat(32)), 400, 'not_a_company'],
    [
      'a record that is no company',
      async () => map(north.name, (await desk.find('sys_user', 'user_name=admin'))[0]!.sys_id),
      400,
      'not_a_company',
    ],
    [
      'a company that is called an account',
      () => map(north.name, north.access.organisation.sys_id, 'customer_account'),
      400,
      'not_a_company',
    ],
    ['a table of something else', () => map(north.name, north.access.organisation.sys_id, 'sys_user'), 400, 'invalid_field'],
    ['a sys_id that is none', () => map(north.name, 'x^ORactive=true'), 400, 'invalid_field'],
    ['an unknown organisation', () => map('Nobody at all', north.access.organisation.sys_id), 404, 'not_found'],
    ['an environment that is none', () => map(north.name, north.access.organisation.sys_id, 'core_company', 'live'), 400, 'invalid_field'],
  ])('for %s', async (_, asked, expected, code) => {
    const { status, body } = await asked()
    expect([status, body.error.code]).toEqual([expected, code])
    expect((await organisation(north.name)).mapping.sys_id).toBe(north.access.organisation.sys_id)
  })

  test('to a record that is gone later, and the list says so', async () => {
    const name = unique('Gone')
    await newPartner(name)
    const record = await desk.create('core_company', { name })
    await map(name, record.sys_id)
    await desk.ask('DELETE', `/api/now/table/core_company/${record.sys_id}`)
    expect((await organisation(name)).mapping).toMatchObject({ sys_id: record.sys_id, name, state: 'gone' })
    expect((await unmap(name)).status).toBe(200)
  })
})

test('an organisation is found by its name in whatever bytes it is written', async () => {
  const name = unique('Büro é')
  await newPartner(name)
  const record = await desk.create('core_company', { name })
  expect((await map(` ${name.normalize('NFD')}`, record.sys_id)).status).toBe(200)
  expect((await organisation(name)).mapping.sys_id).toBe(record.sys_id)
  expect((await unmap(name.normalize('NFD'))).status).toBe(200)
  expect((await organisation(name)).mapping).toBeNull()
})

describe('variables of an organisation', () => {
  const variable = (name: string) => `${pathOf(north.name)}/variables/${name}`

  test('are set, listed beside what is mapped, and removed', async () => {
    const set = { environment: 'sandbox', value: 'NL-0042' }
    expect((await system.changeAsOperator('PUT', variable('contract_number'), set)).status).toBe(200)
    const { variables } = await organisation(north.name)
    expect(variables).toEqual({ contract_number: 'NL-0042', servicenow_company_sys_id: north.access.organisation.sys_id })
    expect((await organisation(north.name, 'production')).variables).not.toHaveProperty('contract_number')
    const removed = () => system.changeAsOperator('DELETE', `${variable('contract_number')}?environment=sandbox`)
    expect([(await removed()).status, (await removed()).status]).toEqual([200, 404])
  })

  test('never speak over the mapping, and have plain names', async () => {
    for (const name of ['servicenow_company_sys_id', 'Has%20Space', '__proto__']) {
      const { status, body } = await system.changeAsOperator('PUT', variable(name), { environment: 'sandbox', value: 'x' })
      expect([status, body.error.field]).toEqual([400, 'variable'])
    }
  })
})

describe('mappings as a file', () => {
  const HEAD = 'organisation,environment,table,sys_id,company'

  test('go out and come in again without changing anything', async () => {
    const odd = unique('=HYPERLINK("http://x.example"), "quoted"')
    await newPartner(odd)
    const { sys_id: sysId } = await desk.create('core_company', { name: odd })
    await map(odd, sysId)
    const { status, headers, body } = await system.askAsOperator('/operator/organisations/export.csv')
    expect([status, headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8'])
    expect(body).toContain(`${HEAD}\r\n`)
    expect(body).toContain(`"'=HYPERLINK(""http://x.example""), ""quoted""`)
    const back = await importFile(body)
    expect(back.body.result).toMatchObject({ mapped: 0, unchanged: expect.any(Number) })
    expect((await organisation(odd)).mapping.sys_id).toBe(sysId)
  })

  test('exchange the records of two organisations', async () => {
    const names = [unique('Left'), unique('Right')]
    const ids: string[] = []
    for (const name of names) {
      await newPartner(name)
      ids.push((await desk.create('core_company', { name })).sys_id)
      await map(name, ids.at(-1)!)
    }
    const { status, body } = await importFile(`${HEAD}\n${names[0]},sandbox,,${ids[1]},\n${names[1]},sandbox,,${ids[0]},\n`)
    expect([status, body.result]).toEqual([200, { lines: 2, mapped: 2, unchanged: 0, passed_over: 0 }])
    expect((await organisation(names[0]!)).mapping.sys_id).toBe(ids[1])
  })

  test('all or nothing: what is wrong is told by line, and nothing is changed', async () => {
    const name = unique('Good')
    await newPartner(name)
    const { sys_id: sysId } = await desk.create('core_company', { name })
    const good = `${name},sandbox,core_company,${sysId},`
    const wrong = [
      `Nobody at all,sandbox,,${'e'.repeat(32)},`,
      `${south.name},sandbox,,${'f'.repeat(32)},`,
      `${south.name},production,,${north.access.organisation.sys_id},`,
    ]
    const fromInstance = await importFile([HEAD, good, ...wrong].join('\n'))
    expect(fromInstance.status).toBe(400)
    expect(fromInstance.body.error.code).toBe('invalid_csv')
    expect(fromInstance.body.error.message).toContain('Line 3: There is no organisation "Nobody at all".')
    expect(fromInstance.body.error.problems).toMatchObject([
      { line: 3, column: 'organisation', code: 'not_found' },
      { line: 4, column: 'sys_id', code: 'not_a_company' },
      { line: 5, column: 'sys_id', code: 'mapping_taken' },
    ])
    expect((await importFile([HEAD, good, `${south.name},live,,,`].join('\n'))).body.error.problems).toMatchObject([
      { line: 3, column: 'environment' },
    ])
    expect((await importFile([HEAD, good, good].join('\n'))).body.error.problems).toMatchObject([{ line: 3, column: 'organisation' }])
    expect((await organisation(name)).mapping).toBeNull()
    expect((await importFile([HEAD, good].join('\n'))).body.result).toMatchObject({ mapped: 1 })
  })

  test('a file of 1,001 lines is refused', async () => {
    const line = `${north.name},sandbox,,${north.access.organisation.sys_id},\n`
    const { status, body } = await importFile(`${HEAD}\n${line.repeat(1_001)}`)
    expect([status, body.error.code]).toEqual([413, 'too_large'])
    expect(body.error.message).toContain('1001 lines')
    expect((await importFile('x'.repeat(1_048_577))).status).toBe(413)
  })

  test('is text/csv in UTF-8, nothing else', async () => {
    const { email, password } = system.firstSteps.portalUsers.operator
    const send = (type: string, body: Uint8Array) =>
      ask(address(system.firstSteps.exchange, '/operator/organisations/import.csv'), {
        method: 'POST',
        headers: { authorization: `Basic ${Buffer.from(`${email}:${password}`).toString('base64')}`, 'content-type': type },
        body,
      })
    expect((await send('application/x-www-form-urlencoded', Buffer.from(HEAD))).status).toBe(415)
    expect((await send('text/csv', Buffer.from([...Buffer.from(HEAD), 0xe9]))).status).toBe(415)
  })
})

describe('who may', () => {
  test.each([
    ['GET', ''],
    ['GET', '/candidates?environment=sandbox'],
    ['GET', '/suggestions?environment=sandbox'],
    ['GET', '/export.csv'],
    ['POST', '/import.csv'],
    ['PUT', '/x/mapping'],
    ['DELETE', '/x/mapping?environment=sandbox'],
    ['PUT', '/x/variables/y'],
    ['DELETE', '/x/variables/y?environment=sandbox'],
  ])('%s /operator/organisations%s is the operator’s alone', async (method, path) => {
    const url = `${system.firstSteps.exchange}/operator/organisations${path}`
    for (const authorization of [undefined, `Bearer ${await north.token()}`]) {
      const { status, body } = await ask(url, { method, headers: authorization ? { authorization } : {} })
      expect([status, body.error.code]).toEqual([401, 'sign_in_required'])
    }
  })
})
