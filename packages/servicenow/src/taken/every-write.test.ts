import { createInstance, DEMO, type Instance } from '@deskbridge/instance'
import { makeFreshDatabase } from '@deskbridge/postgres/testing'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import {
  type Action,
  type ActionName,
  type Connection,
  catalogue,
  connect,
  jsonSchema,
  perform,
  ServiceNowError,
  serviceNow,
} from '../index.ts'
import { type Cases, cases } from '../proof/cases.ts'
import type { NotTaken, WriteOutcome } from './not-taken.ts'

/** What an instance leaves out of a write is named by every action that writes fields of a record, and nothing else is. */

const writing = (catalogue as unknown as readonly Action[]).filter(({ effect }) => effect !== 'reads')

/** Writes that set no field of a record, or none that anybody can look for. */
const SETS_NO_FIELD: Partial<Record<ActionName, string>> = {
  'table.delete': 'deletes',
  'change.delete': 'deletes',
  'attachment.delete': 'deletes',
  'group.removeMember': 'deletes',
  'configurationItem.removeRelation': 'deletes',
  'attachment.upload': 'sends bytes; the address says where to',
  'change.calculateRisk': 'ServiceNow decides',
  'change.checkConflicts': 'ServiceNow decides',
  'change.refreshImpactedServices': 'ServiceNow decides',
  'change.takeFirstFreeTime': 'ServiceNow decides; its messages say what came of it',
  'change.addItems': 'a worker does it; its messages say what came of it',
}

let instance: Instance
let database: Awaited<ReturnType<typeof makeFreshDatabase>>
let prepared: Cases
let sent: { method: string; path: string; body: Record<string, unknown> }[] = []
/** Changes the body of a write on its way, where no fault of the instance reaches. */
let onItsWay: ((body: Record<string, unknown>) => void) | undefined

const TO = { baseUrl: 'http://practice.example', settleMs: 0 }
const as = (userName: string, fetch = watched) => connect({ ...TO, signIn: { kind: 'basic', userName, password: 'pw' }, fetch })
const admin = () => as('admin')

async function watched(request: Request): Promise<Response> {
  const body = request.method === 'GET' ? {} : ((await request.clone().json()) as Record<string, unknown>)
  sent.push({ method: request.method, path: new URL(request.url).pathname, body: structuredClone(body) })
  if (request.method === 'GET' || !onItsWay) return instance.fetch(request)
  onItsWay(body)
  return instance.fetch(new Request(request, { body: JSON.stringify(body) }))
}

async function faults(method: string, fault?: object): Promise<void> {
  const headers = { authorization: `Basic ${Buffer.from('admin:pw').toString('base64')}`, 'content-type': 'application/json' }
  const request = new Request(`${TO.baseUrl}/practice/faults`, { method, headers, ...(fault && { body: JSON.stringify(fault) }) })
  expect((await instance.fetch(request)).ok).toBe(true)
}

beforeAll(async () => {
  database = await makeFreshDatabase()
  instance = await createInstance({ databaseUrl: database.url, schema: 'practice' })
  await instance.setPassword('admin', 'pw')
  const sdk = serviceNow(as('admin', instance.fetch))
  prepared = cases(sdk)
  const { sys_id: sysId = '' } = await sdk.incident.create({ values: { short_description: 'has a comment', comments: 'hello' } })
  expect((await sdk.journal.list({ recordIds: [sysId] })).rows).toHaveLength(1)
})

afterEach(async () => {
  onItsWay = undefined
  await faults('DELETE')
})

afterAll(async () => {
  await instance?.close()
  await database?.drop()
})

type Struck = { outcome: WriteOutcome; refused?: undefined } | { outcome?: undefined; refused: ServiceNowError }

async function performNamed(connection: Connection, name: string, input: object): Promise<Struck> {
  const row = writing.find(one => one.name === name)!
  try {
    return { outcome: (await perform(connection, row, input)) as WriteOutcome }
  } catch (refused) {
    if (refused instanceof ServiceNowError) return { refused }
    throw refused
  }
}

const looks = () => sent.filter(({ method }) => method === 'GET').map(({ path }) => path)
const JOURNAL = '/api/now/table/sys_journal_field'

/** What is read beside the journal. */
const LOOKS: Partial<Record<ActionName, readonly string[]>> = {
  'group.addMember': ['/api/now/table/sys_user_grmember'],
  'change.approve': ['/api/now/table/sysapproval_approver'],
  'change.reject': ['/api/now/table/sysapproval_approver'],
}

/** What a row writes, as the instance is asked for it: fields of the record, with the way to leave one out. */
async function findWrittenFields(name: string): Promise<{ field: string; leaveOut(): Promise<void> }[]> {
  const { input } = await prepared[name as ActionName]()
  sent = []
  const { outcome } = await performNamed(admin(), name, input)
  expect(outcome).toBeDefined()
  expect(outcome).not.toHaveProperty('notTaken')
  expect(outcome).not.toHaveProperty('notChecked')
  const { method, body, path } = sent.find(({ method }) => method !== 'GET')!
  const [part] = (body.rest_requests ?? []) as { url: string; body: string }[]
  const at = (part ? part.url.split('?')[0]! : path).replace(/[0-9a-f]{32}.*/, '')
  const fields = part ? (JSON.parse(Buffer.from(part.body, 'base64').toString()) as object) : body
  const words = 'comments' in fields || 'work_notes' in fields
  expect(looks()).toEqual([...(LOOKS[name as ActionName] ?? []), ...(words ? [JOURNAL] : [])])
  const fault = (field: string) => () => faults('POST', { kind: 'unwritable-field', fields: [field], method, path: at })
  return Object.entries(fields).flatMap(([field, value]) => {
    if (field !== 'attributes') return [{ field: part ? `0.${field}` : field, leaveOut: fault(field) }]
    return Object.keys(value as object).map(attribute => ({
      field: attribute,
      leaveOut: async () => {
        onItsWay = ({ attributes }) => delete (attributes as Record<string, unknown>)[attribute]
      },
    }))
  })
}

/** Without these the API refuses the whole. */
const REFUSED_WITHOUT: Partial<Record<ActionName, readonly string[]>> = {
  'incident.putOnHold': ['hold_reason'],
  'incident.resolve': ['close_code', 'close_notes'],
  'change.approve': ['state'],
  'change.reject': ['state', 'comments'],
  'approval.reject': ['comments'],
  'configurationItem.createOrUpdate': ['source'],
  'configurationItem.addRelations': ['source'],
}

describe('a field that the instance leaves out is named', () => {
  const rows = writing.filter(({ name }) => !Object.hasOwn(SETS_NO_FIELD, name))

  test.each(rows.map(({ name, output }) => [name, output] as const))('%s', async (name, output) => {
    const { properties = {} } = jsonSchema(output, 'output')
    expect(Object.keys(properties)).toEqual(expect.arrayContaining(['notTaken', 'notChecked']))
    const fields = await findWrittenFields(name)
    const refused: string[] = []
    for (const { field, leaveOut } of fields) {
      const { input } = await prepared[name as ActionName]()
      await leaveOut()
      const struck = await performNamed(admin(), name, input)
      await faults('DELETE')
      onItsWay = undefined
      if (struck.refused) {
        expect(['refused', 'invalid'], `${field}: ${struck.refused.message}`).toContain(struck.refused.kind)
        refused.push(field)
      } else expect(struck.outcome.notTaken, field).toContainEqual(lost(field))
    }
    expect(refused).toEqual(REFUSED_WITHOUT[name as ActionName] ?? [])
    if (name !== 'change.reject') expect(refused.length).toBeLessThan(fields.length)
  })

  test('change.reject, which a rule undoes', async () => {
    const { input } = await prepared['change.reject']()
    await faults('POST', { kind: 'undone-write', path: '/approvals' })
    expect(await serviceNow(admin()).change.reject(input)).toMatchObject({
      notTaken: [lost('state', 'rejected', 'requested'), lost('comments', 'no', '')],
    })
  })
})

function lost(field: string, asked: string = expect.stringMatching(/./), kept: string = expect.any(String)): NotTaken {
  return { field, asked, kept }
}

test('what sets no field is a write all the same', () => {
  expect(writing.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(SETS_NO_FIELD)))
})

/** An incident that was saved since it was made, so that its count proves nothing. */
async function moved(values: Record<string, string> = {}): Promise<string> {
  const sdk = serviceNow(as('admin', instance.fetch))
  const { sys_id: sysId = '' } = await sdk.incident.create({ values: { short_description: 'moved', ...values } })
  await sdk.incident.update({ sysId, values: { urgency: '1' } })
  sent = []
  return sysId
}

describe('words', () => {
  const sdk = () => serviceNow(admin())

  test('that were taken cost one look, other fields none', async () => {
    const sysId = await moved()
    expect(await sdk().incident.update({ sysId, values: { state: '2', description: 'x' } })).not.toHaveProperty('notTaken')
    expect(looks()).toEqual([])
    expect(await sdk().incident.update({ sysId, values: { comments: 'one\r\ntwo ', work_notes: 'three' } })).not.toHaveProperty('notTaken')
    expect(looks()).toEqual([JOURNAL])
  })

  test('that a record which was never saved lost are known without a look', async () => {
    const { sys_id: sysId = '' } = await sdk().incident.create({ values: { short_description: 'never saved' } })
    await faults('POST', { kind: 'unwritable-field', fields: ['comments'] })
    sent = []
    expect(await sdk().incident.addComment({ sysId, text: 'hello' })).toMatchObject({ notTaken: [lost('comments', 'hello', '')] })
    expect(looks()).toEqual([])
  })

  test('that were lost are named, although another field was taken', async () => {
    const sysId = await moved()
    await faults('POST', { kind: 'unwritable-field', fields: ['work_notes'] })
    const answer = await sdk().incident.resolve({ sysId, closeCode: 'Solution provided', closeNotes: 'x', comment: 'c', workNote: 'w' })
    expect(answer).toMatchObject({ state: '6', notTaken: [lost('work_notes', 'w', '')] })
  })

  test('that stood there before in other words are no proof', async () => {
    const sysId = await moved()
    await sdk().incident.addComment({ sysId, text: 'first' })
    await faults('POST', { kind: 'unwritable-field', fields: ['comments'] })
    expect(await sdk().incident.addComment({ sysId, text: 'second' })).toMatchObject({ notTaken: [lost('comments', 'second', '')] })
  })

  test('that stood there before in the same words, long ago, leave it open', async () => {
    const sysId = await moved()
    await sdk().incident.addComment({ sysId, text: 'again' })
    await faults('POST', { kind: 'unwritable-field', fields: ['comments'] })
    const later = (response: Response) => withDate(response, Date.now() + 3_600_000)
    const connection = as('admin', async request => later(await watched(request)))
    expect(await serviceNow(connection).incident.addComment({ sysId, text: 'again' })).toMatchObject({ notChecked: ['comments'] })
  })

  test('of somebody else are not ours', async () => {
    const sysId = await moved()
    await faults('POST', { kind: 'unwritable-field', fields: ['comments'], user: 'admin' })
    const theirs = connect({ ...TO, signIn: { kind: 'basic', userName: DEMO.agents[0]!.userName, password: 'pw' }, fetch: instance.fetch })
    await instance.setPassword(DEMO.agents[0]!.userName, 'pw')
    expect(await serviceNow(theirs).incident.addComment({ sysId, text: 'the same' })).not.toHaveProperty('notTaken')
    expect(await sdk().incident.addComment({ sysId, text: 'the same' })).toMatchObject({ notTaken: [lost('comments', 'the same', '')] })
  })

  test('of a field that is no journal are compared, also where only other fields were asked for', async () => {
    const name = 'a client'
    const table = 'oauth_entity'
    const { sys_id: sysId = '' } = await sdk().table.create({
      table,
      values: { name, client_id: name, comments: 'one' },
      fields: ['sys_id'],
    })
    const update = (comments: string) => sdk().table.update({ table, sysId, values: { comments }, fields: ['name'] })
    expect(await update('one')).toEqual({ name })
    expect(await update('two')).toEqual({ name })
    await faults('POST', { kind: 'unwritable-field', fields: ['comments'] })
    expect(await update('three')).toEqual({ name, notTaken: [lost('comments', 'three', 'two')] })
    expect(await sdk().table.update({ table, sysId, values: { comments: 'three' } })).toMatchObject({
      notTaken: [lost('comments', 'three', 'two')],
    })
  })

  test('in a batch cost one look for all of it, and one for each that is not there', async () => {
    const ids = [await moved(), await moved(), await moved()]
    await faults('POST', { kind: 'unwritable-field', fields: ['comments'], path: ids[1] })
    const parameters = { sysparm_fields: 'number' }
    const requests = ids.map(id => ({
      method: 'PATCH' as const,
      path: `/api/now/table/incident/${id}`,
      parameters,
      json: { comments: 'hello', impact: 1 },
    }))
    sent = []
    const { answers, ...said } = await sdk().batch.send({ requests: [...requests, { method: 'GET', path: '/api/now/table/nope' }] })
    expect(said).toEqual({ notTaken: [lost('1.comments', 'hello', '')], unserviced: [] })
    expect(answers.map(({ body }) => Object.keys((body as { result?: object }).result ?? {}))).toEqual([
      ['number'],
      ['number'],
      ['number'],
      [],
    ])
    expect(looks()).toEqual([JOURNAL, `/api/now/table/incident/${ids[1]}`])
  })
})

function withDate(response: Response, at: number): Response {
  const headers = new Headers(response.headers)
  headers.set('date', new Date(at).toUTCString())
  return new Response(response.body, { status: response.status, headers })
}

describe('words that cannot be looked for are not called lost', () => {
  test.each<[string, object]>([
    ['a journal whose rows are hidden', { kind: 'hidden-journal' }],
    ['a journal that is silently empty', { kind: 'empty-journal' }],
    ['an instance that fails', { kind: 'server-error', method: 'GET' }],
    ['an instance that asks for a pause', { kind: 'too-many-requests', retryAfter: 30, method: 'GET' }],
    ['an instance that falls asleep', { kind: 'asleep', method: 'GET' }],
    ['half an answer', { kind: 'error-in-200', method: 'GET' }],
    ['no answer', { kind: 'timeout-before-write', method: 'GET' }],
    ['a connection that breaks', { kind: 'reset-before-write', method: 'GET' }],
  ])('%s: the write is done, and says what was not checked', async (_, fault) => {
    const sysId = await moved()
    await faults('POST', fault)
    const connection = connect({ ...TO, signIn: { kind: 'basic', userName: 'admin', password: 'pw' }, fetch: watched, timeoutMs: 300 })
    const answer = await serviceNow(connection).incident.update({ sysId, values: { comments: 'hello', impact: '1' } })
    expect(answer).toMatchObject({ impact: '1', notChecked: ['comments'] })
    expect(answer).not.toHaveProperty('notTaken')
    expect(sent.filter(({ method }) => method !== 'GET')).toHaveLength(1)
  })

  test('a journal of which one row is hidden: it may be ours', async () => {
    const sysId = await moved()
    const hiding = async (request: Request) => {
      const response = await watched(request)
      if (new URL(request.url).pathname !== JOURNAL) return response
      const { result } = (await response.json()) as { result: { value: string }[] }
      return Response.json({ result: result.filter(({ value }) => value !== 'hidden') }, { headers: response.headers })
    }
    const sdk = serviceNow(as('admin', hiding))
    expect(await sdk.incident.addComment({ sysId, text: 'seen' })).not.toHaveProperty('notChecked')
    expect(await sdk.incident.addComment({ sysId, text: 'hidden' })).toMatchObject({ notChecked: ['comments'] })
  })

  test('and a text that is no journal is lost whoever may read the journal', async () => {
    const sysId = await moved()
    await faults('POST', { kind: 'unwritable-field', fields: ['description'] })
    await faults('POST', { kind: 'hidden-journal' })
    expect(await serviceNow(admin()).incident.update({ sysId, values: { description: 'x' } })).toMatchObject({
      notTaken: [lost('description', 'x', '')],
    })
  })

  test('an answer without a time proves nothing', async () => {
    const sysId = await moved()
    const timeless = async (request: Request) => {
      const response = await watched(request)
      const headers = new Headers(response.headers)
      headers.delete('date')
      return new Response(response.body, { status: response.status, headers })
    }
    expect(await serviceNow(as('admin', timeless)).incident.addComment({ sysId, text: 'hello' })).toMatchObject({
      notChecked: ['comments'],
    })
  })
})

describe('the answer is what was asked for, whatever else was looked at', () => {
  const fields = ['number', 'caller_id', 'state']

  test.each(['false', 'true', 'all'] as const)('displayValue %s', async displayValue => {
    const sdk = serviceNow(admin())
    const sysId = await moved({ caller_id: DEMO.admin.sysId })
    const values = { state: '2', impact: '1', description: 'x' }
    const answer = await sdk.incident.update({ sysId, values, fields, displayValue })
    expect(answer).toEqual(await sdk.incident.get({ sysId, fields, displayValue }))
    expect(await sdk.incident.update({ sysId, values: { ...values, state: '1' }, displayValue })).toEqual(
      await sdk.incident.get({ sysId, displayValue }),
    )
    await faults('POST', { kind: 'unwritable-field', fields: ['description'] })
    expect(await sdk.incident.update({ sysId, values: { description: 'y' }, fields, displayValue })).toEqual({
      ...(await sdk.incident.get({ sysId, fields, displayValue })),
      notTaken: [lost('description', 'y', 'x')],
    })
  })

  test('a raw request, with links and display values', async () => {
    const sdk = serviceNow(admin())
    const path = `/api/now/table/incident/${await moved({ caller_id: DEMO.admin.sysId })}`
    const parameters = { sysparm_fields: 'number,caller_id', sysparm_display_value: true }
    const { body } = await sdk.api.request({ method: 'PATCH', path, parameters, json: { urgency: 2 } })
    expect(body).toEqual((await sdk.api.read({ path, parameters })).body)
  })

  test('so many fields that more would not fit: those that were not asked back are not checked', async () => {
    const many = Array.from({ length: 190 }, (_, n) => `u_a_field_with_a_long_name_${n}`)
    const answer = await serviceNow(admin()).incident.update({ sysId: await moved(), values: { impact: '1' }, fields: ['number', ...many] })
    expect(answer).toEqual({ number: expect.any(String), notChecked: ['impact'] })
  })
})

describe('fields that nobody sees', () => {
  test('one that does not exist is not checked, where the instance does not tell; named, where it does', async () => {
    const sdk = serviceNow(admin())
    const values = { short_description: 'x', colour: 'red' }
    expect(await sdk.change.create({ values })).toMatchObject({ notChecked: ['colour'] })
    expect(await sdk.change.createNormal({ values })).toMatchObject({ notTaken: [lost('colour', 'red', '')], ignoredFields: ['colour'] })
  })

  test('a password is neither asked back nor shown', async () => {
    let asked = ''
    const connection = as('admin', request => {
      asked += new URL(request.url).search
      return watched(request)
    })
    const { input } = await prepared['user.update']()
    const values = { user_password: 'a p@ssword', title: 'x' }
    const answer = await serviceNow(connection).user.update({ sysId: input.sysId, values, fields: ['sys_id'] })
    expect(answer).toEqual({ sys_id: input.sysId, notChecked: ['user_password'] })
    expect(asked).toContain('title')
    expect(asked).not.toContain('password')
  })
})

describe('a value that means the same is taken', () => {
  test('as the instance writes it', async () => {
    const values = {
      short_description: '  ends \r\n',
      description: 'one\r\ntwo',
      impact: 2,
      active: '1',
      knowledge: true,
      caller_id: DEMO.admin.sysId.toUpperCase(),
      due_date: '2026-01-31',
      close_notes: '',
    }
    const answer = await serviceNow(admin()).incident.create({ values })
    expect(answer).not.toHaveProperty('notTaken')
  })

  test('a label and a name, which were asked for as such', async () => {
    const parameters = { sysparm_input_display_value: true }
    const json = { short_description: 'x', urgency: '1 - High', caller_id: 'System Administrator', opened_at: '2026-01-31 10:00:00' }
    const request = { method: 'POST', path: '/api/now/table/incident', parameters, json } as const
    expect(await serviceNow(admin()).api.request(request)).not.toHaveProperty('notTaken')
    await faults('POST', { kind: 'unwritable-field', fields: ['caller_id'] })
    expect(await serviceNow(admin()).api.request(request)).toMatchObject({ notTaken: [lost('caller_id', 'System Administrator', '')] })
  })

  test('an unknown choice is not', async () => {
    const answer = await serviceNow(admin()).incident.create({ values: { short_description: 'x', impact: '9' } })
    expect(answer).toMatchObject({ notTaken: [lost('impact', '9', '3')] })
  })

  test('a text that is too long is not', async () => {
    const long = 'x'.repeat(200)
    const answer = await serviceNow(admin()).incident.create({ values: { short_description: long } })
    expect(answer).toMatchObject({ notTaken: [lost('short_description', long, 'x'.repeat(160))] })
  })
})
