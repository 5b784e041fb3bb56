import { createInstance, DEMO, type Instance } from '@deskbridge/instance'
import { makeFreshDatabase } from '@deskbridge/postgres/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Action, type ActionName, type Connection, catalogue, connect, perform, serviceNow, usability } from '../index.ts'
import { type Cases, cases } from '../proof/cases.ts'

/** Every row of the catalogue, performed against the practice instance as an administrator. */

const rows = catalogue as unknown as readonly Action[]

let instance: Instance
let database: Awaited<ReturnType<typeof makeFreshDatabase>>
let connection: Connection
let prepared: Cases
/** Method and path of what was sent, for the action under test alone. */
let sent: string[] = []

beforeAll(async () => {
  database = await makeFreshDatabase()
  instance = await createInstance({ databaseUrl: database.url, schema: 'practice' })
  await instance.setPassword('admin', 'pw')
  const to = { baseUrl: 'http://practice.example', signIn: { kind: 'basic', userName: 'admin', password: 'pw' } as const, settleMs: 0 }
  connection = connect({
    ...to,
    fetch: request => {
      sent.push(`${request.method} ${new URL(request.url).pathname}`)
      return instance.fetch(request)
    },
  })
  prepared = cases(serviceNow(connect({ ...to, fetch: instance.fetch })))
})

afterAll(async () => {
  await instance?.close()
  await database?.drop()
})

test('there is a case for every row, and no other', () => {
  expect(Object.keys(prepared).sort()).toEqual(rows.map(({ name }) => name).sort())
})

describe.each(rows.map(row => [row.name, row] as const))('%s', (name, row) => {
  test('does what it says, and answers as its schema says', async () => {
    const { input, answer } = await prepared[name as ActionName]()
    sent = []
    const output = await perform(connection, row, input)
    expect(row.output.safeParse(output).error).toBeUndefined()
    expect(output).toMatchObject(answer)
    for (const said of ['notTaken', 'notChecked']) expect(output).not.toHaveProperty(said)
    if (row.effect === 'reads') for (const call of sent) expect(call).toMatch(/^GET |^POST \/api\/now\/v1\/batch$/)
    else expect(sent.filter(call => !call.startsWith('GET '))).toHaveLength(1)
  })
})

test('an administrator may use every action, and to find out costs a few reads', async () => {
  sent = []
  const check = usability(connection)
  for (const row of rows) expect(await check(row), row.name).toEqual({ state: 'usable' })
  expect(sent.every(call => call.startsWith('GET '))).toBe(true)
  expect(sent.length).toBeLessThan(40)
})

test('a user without a role learns what it may not use, and what to change', async () => {
  const { userName, sysId } = DEMO.customers[0].users[0]
  await instance.setPassword(userName, 'pw')
  const signIn = { kind: 'basic', userName, password: 'pw' } as const
  // It sees the few that are its own, which need not be among the first.
  await serviceNow(connection).incident.create({ values: { short_description: 'mine', caller_id: sysId } })
  const check = usability(connect({ baseUrl: 'http://practice.example', signIn, fetch: instance.fetch }))
  const of = (name: ActionName) => check(rows.find(row => row.name === name)!)
  expect(await of('user.current')).toEqual({ state: 'usable' })
  expect(await of('incident.list')).toMatchObject({ state: 'usable' })
  expect(await of('incident.resolve')).toMatchObject({ state: 'not-proven', change: expect.stringContaining('itil') })
  expect(await of('journal.list')).toMatchObject({ state: 'not-usable', change: expect.stringContaining('sys_journal_field') })
  expect(await of('change.createNormal')).toMatchObject({
    state: 'not-usable',
    change: expect.stringContaining('com.snc.change_management'),
  })
})

test('table.describe: inherited columns, a child that says otherwise, choices of the nearest table', async () => {
  const { columns } = await serviceNow(connection).table.describe({ table: 'incident' })
  const named = new Map(columns.map(column => [column.name, column]))
  expect(named.get('caller_id')).toMatchObject({ type: 'reference', reference: 'sys_user', declaredBy: 'incident' })
  expect(named.get('short_description')).toMatchObject({ maxLength: 160, declaredBy: 'task', choices: [] })
  expect(named.get('sys_id')).toMatchObject({ declaredBy: 'task' })
  expect(named.get('state')?.choices).toContainEqual({ value: '6', label: 'Resolved' })
  expect(named.get('state')?.choices.map(({ label }) => label)).not.toContain('Work in Progress')
  const task = await serviceNow(connection).table.describe({ table: 'incident_task' })
  expect(task.columns.find(({ name }) => name === 'state')?.choices).toContainEqual({ value: '2', label: 'Work in Progress' })
})
