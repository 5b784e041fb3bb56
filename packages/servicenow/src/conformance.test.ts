import { createInstance, DEMO, type Instance, serveInstance } from '@deskbridge/instance'
import { makeFreshDatabase } from '@deskbridge/postgres/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connect, listAll, listChangedSince, query, type ServiceNow, serviceNow } from './index.ts'
import { failureOf } from './proof/failure.ts'

/** The rows of the catalogue against the practice instance, in process and over a socket. */

/** A user of a customer: signed in, without a role. */
const OUTSIDER = DEMO.customers[0]!.users[0]!.userName

let instance: Instance
let served: Awaited<ReturnType<typeof serveInstance>>
let database: Awaited<ReturnType<typeof makeFreshDatabase>>
let admin: ServiceNow
let outsider: ServiceNow

beforeAll(async () => {
  database = await makeFreshDatabase()
  instance = await createInstance({ databaseUrl: database.url, schema: 'practice' })
  served = await serveInstance(instance, { port: 0 })
  await instance.setPassword('admin', 'pässwörd')
  await instance.setPassword(OUTSIDER, 'pw')
  admin = as('admin', 'pässwörd')
  outsider = as(OUTSIDER, 'pw')
})

afterAll(async () => {
  await served?.close()
  await instance?.close()
  await database?.drop()
})

function as(userName: string, password: string, baseUrl = 'http://practice.example'): ServiceNow {
  const signIn = { kind: 'basic', userName, password } as const
  return serviceNow(connect(baseUrl.includes('127.0.0.1') ? { baseUrl, signIn } : { baseUrl, signIn, settleMs: 0, fetch: instance.fetch }))
}

describe.each(['in process', 'over a socket'])('%s', where => {
  let sdk: ServiceNow

  beforeAll(() => {
    sdk = where === 'in process' ? admin : as('admin', 'pässwörd', served.url)
  })

  test('who am I', async () => {
    expect(await sdk.user.current()).toMatchObject({ sys_id: DEMO.admin.sysId, user_name: 'admin' })
  })

  test('an incident from its creation to its end', async () => {
    const created = await sdk.incident.create({
      values: { short_description: 'Wi-Fi, ünïcode & 100%', impact: 2, urgency: '2', correlation_id: `c-${where}` },
    })
    expect(created).toMatchObject({ priority: '3', state: '1', short_description: 'Wi-Fi, ünïcode & 100%', sys_mod_count: '0' })
    const sysId = created.sys_id as string
    expect(await sdk.incident.getByNumber({ number: created.number as string })).toMatchObject({ sys_id: sysId })
    const found = await sdk.incident.list({
      query: query().where('correlation_id', '=', `c-${where}`).text(),
      fields: ['sys_id', 'caller_id.email'],
    })
    expect(found).toMatchObject({ rows: [{ sys_id: sysId }], total: 1 })

    const refused = await failureOf(sdk.incident.update({ sysId, values: { state: '6' } }))
    expect(refused).toMatchObject({ kind: 'refused', written: 'no', status: 403, detail: expect.stringContaining('mandatory') })
    const resolved = await sdk.incident.update({
      sysId,
      values: { state: 6, close_code: 'Solution provided', close_notes: 'done' },
      fields: ['state', 'active'],
    })
    expect(resolved).toEqual({ state: '6', active: 'true' })
    expect(await sdk.incident.get({ sysId, fields: ['state', 'opened_by'], displayValue: 'all' })).toMatchObject({
      state: { value: '6', display_value: 'Resolved' },
      opened_by: { value: DEMO.admin.sysId },
    })
    expect(await sdk.table.delete({ table: 'incident', sysId })).toEqual({ deleted: true })
    expect(await failureOf(sdk.incident.get({ sysId }))).toMatchObject({ kind: 'not-found' })
    expect(await failureOf(sdk.incident.getByNumber({ number: created.number as string }))).toMatchObject({ kind: 'not-found' })
  })

  test('comments, work notes and field changes of a record', async () => {
    const { sys_id: sysId = '' } = await sdk.incident.create({ values: { short_description: 'talk' } })
    await sdk.journal.add({ table: 'incident', sysId, element: 'comments', text: 'first\nline, ^ and all' })
    await sdk.journal.add({ table: 'incident', sysId, element: 'work_notes', text: 'internal' })
    const { rows } = await sdk.journal.list({ recordIds: [sysId] })
    expect(rows.map(({ element, value, sys_created_by }) => ({ element, value, sys_created_by }))).toEqual(
      expect.arrayContaining([
        { element: 'comments', value: 'first\nline, ^ and all', sys_created_by: 'admin' },
        { element: 'work_notes', value: 'internal', sys_created_by: 'admin' },
      ]),
    )
    expect((await sdk.journal.list({ recordIds: [sysId], element: 'work_notes', since: rows[0]?.sys_created_on ?? '' })).rows).toHaveLength(
      1,
    )
    await sdk.incident.update({ sysId, values: { state: '2' } })
    const changes = (await sdk.audit.list({ recordIds: [sysId] })).rows
    expect(changes).toContainEqual(
      expect.objectContaining({ fieldname: 'state', oldvalue: '1', newvalue: '2', user: 'admin', documentkey: sysId }),
    )
  })

  test('every kind of task record is created and found by its number', async () => {
    const change = await sdk.change.create({ values: { short_description: 'c' } })
    const request = await sdk.request.create({ values: { short_description: 'r' } })
    const item = await sdk.requestItem.create({ values: { short_description: 'i', request: request.sys_id as string } })
    const incident = await sdk.incident.create({ values: { short_description: 'i' } })
    const created = [
      [sdk.change, change],
      [sdk.request, request],
      [sdk.requestItem, item],
      [sdk.incidentTask, await sdk.incidentTask.create({ values: { short_description: 't', incident: incident.sys_id as string } })],
      [sdk.changeTask, await sdk.changeTask.create({ values: { short_description: 't', change_request: change.sys_id as string } })],
      [sdk.requestTask, await sdk.requestTask.create({ values: { short_description: 't', request_item: item.sys_id as string } })],
    ] as const
    for (const [family, row] of created)
      expect(await family.getByNumber({ number: row.number as string, fields: ['sys_id'] })).toMatchObject({ sys_id: row.sys_id })
    expect(change.state).toBe('-5')
  })

  test('a file at a record: up, listed, down again, gone', async () => {
    const { sys_id: sysId = '' } = await sdk.incident.create({ values: { short_description: 'with a file' } })
    const bytes = new Uint8Array(3_000_000).map((_, n) => n % 251)
    const to = { table: 'incident', sysId, contentType: 'image/png' }
    const uploaded = await sdk.attachment.upload({ ...to, name: 'prüf & ung.png', body: bytes })
    expect(uploaded).toMatchObject({ file_name: 'prüf & ung.png', size_bytes: '3000000', table_name: 'incident', table_sys_id: sysId })
    const streamed = await sdk.attachment.upload({ ...to, name: 'b.png', body: new Blob([bytes]).stream(), size: bytes.length })

    const { rows } = await sdk.attachment.list({ recordIds: [sysId] })
    expect(new Set(rows.map(row => row.sys_id))).toEqual(new Set([uploaded.sys_id, streamed.sys_id]))
    expect(await sdk.attachment.get({ sysId: uploaded.sys_id })).toMatchObject({ file_name: 'prüf & ung.png', content_type: 'image/png' })

    for (const file of [uploaded, streamed]) {
      const { name, contentType, size, body } = await sdk.attachment.download({ sysId: file.sys_id })
      expect({ name, contentType, size }).toEqual({ name: file.file_name, contentType: 'image/png', size: bytes.length })
      expect(Buffer.from(await new Response(body).arrayBuffer()).equals(bytes)).toBe(true)
    }
    expect(await sdk.attachment.delete({ sysId: uploaded.sys_id })).toEqual({ deleted: true })
    expect(await failureOf(sdk.attachment.get({ sysId: uploaded.sys_id }))).toMatchObject({ kind: 'not-found' })
    expect(await failureOf(sdk.attachment.download({ sysId: uploaded.sys_id }))).toMatchObject({ kind: 'not-found' })
    const nowhere = sdk.attachment.upload({ ...to, sysId: 'f'.repeat(32), name: 'a.png', body: bytes.subarray(0, 10) })
    expect(await failureOf(nowhere)).toMatchObject({ kind: 'not-found', written: 'no' })
  })

  test('signed in by OAuth, with both grants', async () => {
    await instance.setOAuthClient({ clientId: 'c-1', clientSecret: 's-1', userName: 'admin' })
    const to = where === 'in process' ? { baseUrl: 'http://practice.example', fetch: instance.fetch } : { baseUrl: served.url }
    const client = { kind: 'oauth', clientId: 'c-1', clientSecret: 's-1' } as const
    const byClient = serviceNow(connect({ ...to, signIn: { ...client, grant: 'client_credentials' } }))
    expect((await byClient.user.current()).user_name).toBe('admin')
    const byPassword = serviceNow(connect({ ...to, signIn: { ...client, grant: 'password', userName: 'admin', password: 'pässwörd' } }))
    expect((await byPassword.user.current()).user_name).toBe('admin')
    const wrong = serviceNow(connect({ ...to, signIn: { ...client, clientSecret: 'x', grant: 'client_credentials' } }))
    expect(await failureOf(wrong.incident.create({ values: { a: 'b' } }))).toMatchObject({ kind: 'unauthorised', written: 'no' })
  })

  test('an unknown table, a wrong password', async () => {
    expect(await failureOf(sdk.table.list({ table: 'nope' }))).toMatchObject({ kind: 'invalid', status: 400, detail: 'Invalid table nope' })
    const stranger = as('admin', 'wrong', where === 'in process' ? undefined : served.url)
    expect(await failureOf(stranger.incident.create({ values: { a: 'b' } }))).toMatchObject({ kind: 'unauthorised', written: 'no' })
  })

  test('walking by key over records that change meanwhile', { timeout: 60_000 }, async () => {
    const mark = `walk-${where}`
    for (let from = 0; from < 300; from += 20) {
      await Promise.all(
        Array.from({ length: 20 }, (_, n) =>
          sdk.incident.create({ values: { short_description: `${from + n}`, correlation_id: mark }, fields: ['sys_id'] }),
        ),
      )
    }
    const filter = query().where('correlation_id', '=', mark).text()
    const seen: string[] = []
    for await (const row of listAll(sdk, { table: 'incident', query: filter, fields: ['short_description'], pageSize: 37 })) {
      seen.push(row.short_description as string)
      if (seen.length === 50) await sdk.incident.update({ sysId: row.sys_id as string, values: { urgency: '1' } })
    }
    expect(seen.map(Number).sort((a, b) => a - b)).toEqual(Array.from({ length: 300 }, (_, n) => n))
    const changed: string[] = []
    for await (const row of listChangedSince(sdk, {
      table: 'task',
      query: filter,
      fields: ['short_description'],
      pageSize: 41,
      since: { updatedOn: '2020-01-01 00:00:00', sysId: '' },
    })) {
      changed.push(`${row.sys_updated_on} ${row.sys_id}`)
    }
    expect(changed).toHaveLength(300)
    expect([...changed].sort()).toEqual(changed)
  })
})

test('who may not read the journal is told so', async () => {
  const { sys_id: sysId = '' } = await admin.incident.create({ values: { short_description: 'private' } })
  await admin.journal.add({ table: 'incident', sysId, element: 'work_notes', text: 'internal' })
  const error = await failureOf(outsider.journal.list({ recordIds: [sysId] }))
  expect(['unreadable', 'forbidden']).toContain(error.kind)
  expect(['unreadable', 'forbidden']).toContain((await failureOf(outsider.audit.list({ recordIds: [sysId] }))).kind)
})
