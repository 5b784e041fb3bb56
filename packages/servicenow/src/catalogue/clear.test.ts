import { createInstance, type Instance } from '@deskbridge/instance'
import { makeFreshDatabase } from '@deskbridge/postgres/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Action, catalogue, connect, jsonSchema, perform, type ServiceNow, ServiceNowError, serviceNow } from '../index.ts'

/** A field of a record is emptied on purpose, by every action that writes fields. */

let instance: Instance
let database: Awaited<ReturnType<typeof makeFreshDatabase>>
let sdk: ServiceNow
/** JSON bodies of writes. */
let sent: unknown[] = []

const signIn = { kind: 'basic', userName: 'admin', password: 'pw' } as const
const connection = connect({
  baseUrl: 'http://practice.example',
  signIn,
  settleMs: 0,
  fetch: async request => {
    if (request.method !== 'GET') sent.push(await request.clone().json())
    return instance.fetch(request)
  },
})

beforeAll(async () => {
  database = await makeFreshDatabase()
  instance = await createInstance({ databaseUrl: database.url, schema: 'practice' })
  await instance.setPassword('admin', 'pw')
  sdk = serviceNow(connection)
})
afterAll(async () => {
  await instance?.close()
  await database?.drop()
})

async function practise(method: string, fault?: object): Promise<void> {
  const headers = { authorization: `Basic ${Buffer.from('admin:pw').toString('base64')}`, 'content-type': 'application/json' }
  const request = new Request('http://practice.example/practice/faults', { method, headers, ...(fault && { body: JSON.stringify(fault) }) })
  expect((await instance.fetch(request)).ok).toBe(true)
}

const rows = catalogue as unknown as readonly Action[]
const inputsOf = ({ input }: Action) => Object.keys(jsonSchema(input, 'input').properties ?? {})
const clearing = rows.filter(row => inputsOf(row).includes('clear'))
/** Fields of records that are no text of their own: they say who or what, and an action that sets them is the way to end it. */
const OF_ITS_OWN = ['journal.add', 'change.approve', 'change.reject', 'group.addMember']

test('every action that writes fields of a record can clear one', () => {
  const writing = rows.filter(row => row.effect === 'changes' && inputsOf(row).some(name => ['values', 'attributes'].includes(name)))
  const verbs = rows.filter(row => row.shape === 'written' && row.effect === 'changes' && !OF_ITS_OWN.includes(row.name))
  expect(new Set(clearing)).toEqual(new Set([...writing, ...verbs]))
  expect(clearing.length).toBeGreaterThan(35)
})

describe.each(clearing.map(row => [row.name, row] as const))('%s', (_, row) => {
  const example = row.example.input as Record<string, unknown>
  const bodyOf = (input: object) => {
    const json = row.request(row.input.parse(input)).json as Record<string, unknown>
    return (json.attributes ?? json) as Record<string, unknown>
  }

  test('sends the empty value of a field that is cleared, beside what it sets', () => {
    const before = bodyOf(example)
    expect(bodyOf({ ...example, clear: ['u_one', 'u_two'] })).toEqual({ ...before, u_one: '', u_two: '' })
    expect(bodyOf({ ...example, clear: [] })).toEqual(before)
  })

  test('refuses a field that is set and cleared; nothing is sent', async () => {
    const [field] = Object.entries(bodyOf(example)).find(([, value]) => value !== undefined) ?? []
    if (field === undefined) return
    sent = []
    const refused = await perform(connection, row, { ...example, clear: ['u_one', field] }).catch((error: unknown) => error)
    expect(refused).toMatchObject({ kind: 'invalid', written: 'no', detail: `clear: ${field}: to be set, and to be cleared` })
    expect(sent).toEqual([])
  })
})

const FIELDS = ['description', 'assigned_to', 'urgency'] as const

describe('on an instance', () => {
  const made = async () => {
    const { rows: users } = await sdk.user.list({ limit: 1 })
    const values = { short_description: 'clear', description: 'long', assigned_to: users[0]!.sys_id!, urgency: '2' }
    return (await sdk.incident.create({ values })).sys_id!
  }

  test('the field is empty then, and the others are as they were', async () => {
    const sysId = await made()
    const cleared = await sdk.incident.update({ sysId, clear: ['description', 'assigned_to'], fields: [...FIELDS] })
    expect(cleared).toEqual({ description: '', assigned_to: '', urgency: '2' })
  })

  test('an empty value clears as well', async () => {
    const sysId = await made()
    expect(await sdk.incident.update({ sysId, values: { description: '' }, fields: ['description'] })).toEqual({ description: '' })
  })

  test('an action with inputs of its own clears by their names, and by those of the record', async () => {
    const sysId = await made()
    expect(await sdk.incident.assign({ sysId, clear: ['person'], fields: [...FIELDS] })).toMatchObject({ assigned_to: '' })
    const comment = 'Nobody has it.'
    expect(await sdk.incident.assign({ sysId, comment, clear: ['assigned_to', 'description'], fields: [...FIELDS] })).toEqual({
      description: '',
      assigned_to: '',
      urgency: '2',
    })
    await expect(sdk.incident.assign({ sysId, person: sysId, clear: ['person'] })).rejects.toThrow(
      'assigned_to: to be set, and to be cleared',
    )
    await expect(sdk.incident.assign({ sysId, comment })).rejects.toThrow('group, person, or both are needed')
  })

  test('what stays filled is not taken, and what cannot be seen is not checked', async () => {
    const sysId = await made()
    await practise('POST', { kind: 'unwritable-field', fields: ['description'] })
    const { notTaken, notChecked } = await sdk.incident.update({ sysId, clear: ['description', 'u_there_is_none'] })
    await practise('DELETE')
    expect(notTaken).toEqual([{ field: 'description', asked: '', kept: 'long' }])
    expect(notChecked).toEqual(['u_there_is_none'])
  })

  test('a write of nothing is refused, and says what it needs', async () => {
    const sysId = await made()
    sent = []
    for (const input of [{}, { values: {} }, { clear: [] }, { values: {}, clear: [] }]) {
      const refused = await sdk.incident.update({ sysId, ...input }).catch((error: unknown) => error)
      expect(refused).toBeInstanceOf(ServiceNowError)
      expect(refused).toMatchObject({ kind: 'invalid', detail: 'values: at least one field, here or in clear' })
    }
    expect(sent).toEqual([])
  })
})
