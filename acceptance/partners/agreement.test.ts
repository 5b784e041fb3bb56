import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Answer } from '../system/answer.ts'
import type { DeskRecord } from '../system/desk.ts'
import { type StartedSystem, startSystem } from '../system/start-system.ts'

let system: StartedSystem
beforeAll(async () => {
  system = await startSystem()
})
afterAll(() => system?.end())

const partners = '/operator/partners'
const pathOf = (name: string) => `${partners}/${encodeURIComponent(name)}`
const add = async (name: string) => expect(await system.changeAsOperator('POST', partners, { name })).toMatchObject({ status: 200 })
const propose = (name: string, agreement: object, more: object = {}) =>
  system.changeAsOperator('PATCH', `${pathOf(name)}/agreement`, { environment: 'sandbox', agreement, ...more })
const show = async (name: string) => (await system.askAsOperator(`${pathOf(name)}/agreement`, { environment: 'sandbox' })).body.result

/** Nobody saves an agreement until so many wait for their turn. */
async function whileAgreementsWait<T>(howMany: number, propose: () => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: system.databaseUrl! })
  await client.connect()
  try {
    await client.query(`begin; lock table exchange.agreement in share row exclusive mode`)
    const proposed = propose()
    const waiting = `select count(*)::int from pg_locks where not granted and database = (select oid from pg_database where datname = current_database())`
    await vi.waitFor(async () => expect((await client.query(waiting)).rows[0].count).toBe(howMany), 10_000)
    await client.query('commit')
    return await proposed
  } finally {
    await client.end()
  }
}

describe('a partner', () => {
  test('that is made waits, and it is said for what', async () => {
    await add('Harbour Logistics')
    const { body } = await system.askAsOperator(pathOf('Harbour Logistics'))
    expect(body.result.environments).toMatchObject([
      { environment: 'sandbox', says: 'waits for: an agreement, a project, a secret' },
      { environment: 'production', says: 'waits for: an agreement, a project, a secret' },
    ])
    await propose('Harbour Logistics', { roles: ['customer'] })
    expect((await show('Harbour Logistics')).says).toBe('waits for: a service, a confirmed organisation, a project, a secret')
  })

  test('of the demo company can file and be told', async () => {
    const { body } = await system.askAsOperator(partners)
    const north = body.result.find(({ name }: { name: string }) => name === 'Demo Customer North')
    expect(north.environments).toMatchObject([
      { environment: 'sandbox', says: 'can file and be told', waits_for: [] },
      { environment: 'production', says: 'can file and be told' },
    ])
    const provider = body.result.find(({ name }: { name: string }) => name === 'Demo Provider')
    expect(provider.environments[0].says).toBe('can work on tasks and be told')
    expect(provider.environments[1].says).toBe('waits for: a project, a secret')
  })

  test('of a name that is taken, in whatever bytes, is not made', async () => {
    await add('Zoë’s Bakery')
    for (const name of ['Zoë’s Bakery', 'Zoë’s Bakery'.normalize('NFD'), ' Zoë’s Bakery '])
      expect(await system.changeAsOperator('POST', partners, { name })).toMatchObject({
        status: 409,
        body: { error: { code: 'name_taken' } },
      })
  })

  test('that nobody knows is answered with the nearest names', async () => {
    const { status, body } = await system.askAsOperator(pathOf('Demo Custmer North'))
    expect({ status, hint: body.error.hint }).toEqual({
      status: 404,
      hint: expect.stringMatching(/^The nearest names are: Demo Customer North, /),
    })
  })
})

describe('an agreement', () => {
  let company: DeskRecord
  let agreed: Answer
  beforeAll(async () => {
    await add('Named')
    company = await system.desk().create('core_company', { name: 'Named Company' })
    await system.desk().create('sys_user_group', { name: 'Named Field Team' })
    agreed = await propose('Named', {
      roles: ['Customer', 'provider'],
      organisation: 'Named Company',
      services: ['workplace', 'E-mail'],
      solver_groups: ['Named Field Team'],
      default_caller: 'agent.one@operator.example',
    })
  })

  test('names services, groups, the organisation and the default caller as the service desk does', async () => {
    const { status, body } = agreed
    expect({ status, body }).toMatchObject({ status: 200, body: { result: { saved: true, version: expect.any(String) } } })
    expect(body.result.differences).toContainEqual({
      term: 'services',
      comes: expect.arrayContaining([expect.stringMatching(/^Workplace \([0-9a-f]{32}\)$/)]),
      goes: [],
    })
    expect((await show('Named')).agreement).toEqual({
      roles: ['customer', 'provider'],
      organisation: { name: 'Named Company', sys_id: company.sys_id, table: 'core_company' },
      ticket_types: ['Incident', 'Request for Information', 'Change Request', 'Service Request'],
      services: ['Workplace', 'E-mail'],
      operator_tickets_shared: false,
      default_caller: 'demo.agent.one',
      unmatched: 'default',
      task_types: ['Incident Task', 'Change Task', 'Request Task'],
      solver_groups: ['Named Field Team'],
      watched_fields: expect.arrayContaining(['priority']),
      calls_per_minute: 600,
    })
    const { body: mapped } = await system.askAsOperator('/operator/organisations', { after: 'Nam', limit: '1' })
    expect(mapped.result[0].environments[0].mapping).toMatchObject({
      sys_id: company.sys_id,
      confirmed_by: system.firstSteps.portalUsers.operator.email,
    })
  })

  test('that is shown can be proposed again, and changes nothing', async () => {
    const { agreement, version } = await show('Named')
    const { body } = await propose('Named', agreement, { version })
    expect(body.result).toMatchObject({ saved: false, differences: [], version })
  })

  test('is not saved by a dry run, which says what it would change', async () => {
    const before = await show('Named')
    const { body } = await propose('Named', { calls_per_minute: 60, services: ['E-mail'] }, { dry_run: true })
    expect(body.result).toMatchObject({ saved: false, version: before.version })
    expect(body.result.differences).toEqual([
      { term: 'services', comes: [], goes: [expect.stringMatching(/^Workplace \(/)] },
      { term: 'calls_per_minute', comes: ['60'], goes: ['600'] },
    ])
    expect(await show('Named')).toEqual(before)
  })

  test('with names that nobody has is refused with the nearest ones, all at once, and stays as it is', async () => {
    const before = await show('Named')
    const { status, body } = await propose('Named', {
      services: ['Workplce', 'E-mail'],
      solver_groups: ['Demo Provider Feld Team'],
      organisation: 'Nam Company',
    })
    expect(status).toBe(400)
    expect(body.error).toMatchObject({ code: 'invalid_agreement', field: 'organisation' })
    expect(body.error.problems).toMatchObject([
      { field: 'organisation', given: 'Nam Company', closest: expect.arrayContaining(['Named Company']) },
      { field: 'services', given: 'Workplce', hint: expect.stringMatching(/^The nearest are: Workplace\b/) },
      { field: 'solver_groups', given: 'Demo Provider Feld Team', closest: expect.arrayContaining(['Demo Provider Field Team']) },
    ])
    expect(await show('Named')).toEqual(before)
  })

  test('with a name that several records have is refused with all of them; its sys_id says which is meant', async () => {
    const twins = [
      await system.desk().create('sys_user_group', { name: 'Twins', description: 'of the north' }),
      await system.desk().create('sys_user_group', { name: 'Twins', description: 'of the south' }),
    ]
    const { status, body } = await propose('Named', { solver_groups: ['Twins'] })
    expect({ status, code: body.error.code }).toEqual({ status: 400, code: 'invalid_agreement' })
    const [problem] = body.error.problems
    expect(problem.candidates).toHaveLength(2)
    expect(problem.candidates).toEqual(
      expect.arrayContaining(twins.map(({ sys_id, fields }) => ({ name: 'Twins', sys_id, tells: fields.description }))),
    )
    const chosen = twins[1]!.sys_id
    expect((await propose('Named', { solver_groups: [chosen, 'Named Field Team'] })).body.result.saved).toBe(true)
    expect((await show('Named')).agreement.solver_groups).toEqual(['Twins', 'Named Field Team'])
    // From now on the name means the one that is agreed.
    const again = await propose('Named', { solver_groups: ['twins', 'Named Field Team'] })
    expect(again.body.result).toMatchObject({ saved: false, differences: [] })
  })

  test('may name fifty groups of long names at once', async () => {
    const names = Array.from({ length: 50 }, (_, at) => `Team ${at} für Störungen an Fördertechnik, Hallentoren und Übergabestellen`)
    for (const name of names) await system.desk().create('sys_user_group', { name })
    const { status, body } = await propose('Named', { solver_groups: names }, { dry_run: true })
    expect({ status, body }).toMatchObject({ status: 200 })
    expect(body.result.agreement.solver_groups).toEqual(names)
  })

  test('does not take a group that is not active', async () => {
    await system.desk().create('sys_user_group', { name: 'Old Team', active: 'false' })
    expect((await propose('Named', { solver_groups: ['Old Team'] })).body.error).toMatchObject({
      message: expect.stringContaining('the group "Old Team" is not active'),
    })
  })

  test('does not take an organisation that stands for somebody else', async () => {
    expect(await propose('Named', { organisation: 'Demo Customer South' })).toMatchObject({
      status: 409,
      body: { error: { code: 'mapping_taken', message: expect.stringContaining('Demo Customer South') } },
    })
  })

  test('does not take a group whose tasks are another provider’s: whoever of two proposes it first has it', async () => {
    expect(await propose('Named', { solver_groups: ['Demo Provider Field Team'] })).toMatchObject({
      status: 409,
      body: {
        error: { code: 'mapping_taken', field: 'solver_groups', message: expect.stringContaining('those of "Demo Provider" already') },
      },
    })
    await system.desk().create('sys_user_group', { name: 'Wanted by all' })
    const names = ['First Provider', 'Second Provider', 'Third Provider']
    for (const name of names) await add(name)
    const answers = await whileAgreementsWait(names.length, () =>
      Promise.all(names.map(name => propose(name, { roles: ['provider'], solver_groups: ['Wanted by all'] }))),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409])
  })

  test('may go on naming its group, and one that is a customer only has no claim to it', async () => {
    await add('Only Customer')
    expect((await propose('Only Customer', { roles: ['customer'], solver_groups: ['Demo Provider Field Team'] })).status).toBe(200)
    expect((await propose('Only Customer', { roles: ['customer', 'provider'] })).status).toBe(409)
    expect((await propose('Demo Provider', { calls_per_minute: 6_001 })).body.result.saved).toBe(true)
  })

  test('does not drop one of two names of the same record without a word', async () => {
    const { sys_id } = (await system.desk().find('cmdb_ci_service', 'name=E-mail'))[0]!
    const { body } = await propose('Named', { services: ['E-mail', { name: 'Mail', sys_id }] })
    expect(body.error).toMatchObject({ code: 'invalid_agreement', message: expect.stringContaining('"E-mail" and "Mail" are one record') })
  })

  test('of many names that nobody has is refused with the nearest of some: each search asks the service desk', async () => {
    const { body } = await propose('Named', { services: Array.from({ length: 60 }, (_, at) => `Workplce ${at}`) })
    expect(body.error.problems.filter(({ closest }: { closest: string[] }) => closest.length)).toHaveLength(20)
    expect((await propose('Named', { services: Array.from({ length: 1_001 }, () => 'E-mail') })).status).toBe(400)
  })

  test('refuses a term that there is not, and says which there are', async () => {
    expect((await propose('Named', { servces: ['E-mail'] })).body.error).toMatchObject({
      code: 'invalid_field',
      message: expect.stringContaining('has no term "servces"; its terms are: roles, '),
    })
  })

  test('that several operators change at the same moment is changed by one of them', async () => {
    const seen = (await show('Named')).version
    const rates = [101, 102, 103, 104, 105, 106]
    const answers = await Promise.all(rates.map(calls_per_minute => propose('Named', { calls_per_minute }, { version: seen })))
    const winner = answers.findIndex(({ status }) => status === 200)
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409, 409])
    expect((await show('Named')).agreement.calls_per_minute).toBe(rates[winner])
  })

  test('that another operator has changed meanwhile is not overwritten', async () => {
    const seen = (await show('Named')).version
    expect((await propose('Named', { calls_per_minute: 90 }, { version: seen })).body.result.saved).toBe(true)
    expect(await propose('Named', { unmatched: 'refuse' }, { version: seen })).toMatchObject({
      status: 409,
      body: { error: { code: 'changed_meanwhile' } },
    })
    const now = await show('Named')
    expect(now.agreement).toMatchObject({ calls_per_minute: 90, unmatched: 'default' })
    expect((await propose('Named', { unmatched: 'refuse' }, { version: now.version })).body.result.saved).toBe(true)
  })
})
