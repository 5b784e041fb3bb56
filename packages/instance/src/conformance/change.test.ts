import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { MODELS } from '../house-rules/change.ts'
import { DEMO, openRoom, PASSWORD, type Room } from './practice-room.ts'

let room: Room
beforeAll(async () => {
  room = await openRoom()
  for (const { userName } of DEMO.agents) await room.instance.setPassword(userName, PASSWORD)
})
afterAll(() => room.close())

const [one, two] = DEMO.agents.map(({ userName }) => userName) as [string, string]
const BASE = '/api/sn_chg_rest/change'
const call = (method: string, path: string, body?: unknown, user = one) => room.call(method, BASE + path, body, user)
const create = async (fields: object = {}, path = '') => (await call('POST', path, fields)).body.result
const patch = (id: string, fields: object) => call('PATCH', `/${id}`, fields)

describe('a change', () => {
  test('is made with 200, in typed pairs', async () => {
    const { status, body } = await call('POST', '', {
      short_description: 'New router',
      nonsense: '1',
      sys_created_by: 'me',
      start_date: '2026-07-06 18:59:27',
    })
    expect(status).toBe(200)
    expect(body.result).toMatchObject({
      state: { display_value: 'New', value: -5 },
      type: { display_value: 'Normal', value: 'normal' },
      chg_model: { display_value: 'Normal', value: MODELS.normal },
      active: { display_value: 'true', value: true },
      short_description: { display_value: 'New router', value: 'New router' },
      requested_by: { display_value: 'Demo Agent One', value: DEMO.agents[0].sysId },
      start_date: { display_value: '2026-07-06 20:59:27', value: '2026-07-06 18:59:27', display_value_internal: '2026-07-06 20:59:27' },
      end_date: { display_value: '', value: '', display_value_internal: '' },
      sla_due: { display_value: 'UNKNOWN', value: '', display_value_internal: '' },
      order: { display_value: '', value: '' },
      __meta: { ignoredFields: ['nonsense', 'sys_created_by'] },
    })
    expect(body.result.requested_by.link).toBeUndefined()
    expect(body.result.number.value).toMatch(/^CHG003\d{4}$/)
  })

  test('takes fields from the query string, and the body over them; a model decides the type', async () => {
    const { body } = await call('POST', `?short_description=query&category=Network&chg_model=${MODELS.emergency}`, {
      short_description: 'body',
    })
    expect(body.result).toMatchObject({
      short_description: { value: 'body' },
      category: { value: 'Network' },
      type: { value: 'emergency' },
    })
    expect((await call('POST', '', { chg_model: 'nothing' })).status).toBe(400)
    const shown = await call('POST', '', { encrypted_fields: 'assignment_group', assignment_group: 'Network', cmdb_ci: 'NORTH-SRV-01' })
    expect(shown.body.result).toMatchObject({ assignment_group: { value: DEMO.networkGroup.sysId } })
  })

  test('is read, changed and deleted under its kind, with and without a version', async () => {
    const { sys_id: id } = await create({}, '/normal')
    expect((await call('GET', `/normal/${id.value}`)).body.result.sys_id.value).toBe(id.value)
    expect((await room.call('GET', `/api/sn_chg_rest/v1/change/${id.value}`)).status).toBe(200)
    expect((await call('GET', `/emergency/${id.value}`)).status).toBe(404)
    expect((await call('PATCH', `/normal/${id.value}`, { risk: 2 })).body.result.risk).toEqual({ display_value: 'High', value: 2 })
    expect((await call('DELETE', `/${id.value}`)).status).toBe(403)
    const gone = await call('DELETE', `/normal/${id.value}`, undefined, 'admin')
    expect(gone).toMatchObject({ status: 200, body: { result: { sys_id: { value: id.value } } } })
    expect((await call('GET', `/${id.value}`)).status).toBe(404)
  })

  test('an illegal step is refused in this API’s words', async () => {
    const { sys_id: id } = await create()
    const refused = await patch(id.value, { state: '-1' })
    expect(refused).toMatchObject({ status: 400, body: { status: 'failure', error: { detail: '' } } })
    expect(refused.body.error.message).toMatch(
      /^Change Request record could not be updated\. Operation against file 'change_request' was aborted by Business Rule 'Change Model: Check State Transition/,
    )
  })

  test('knows its next states', async () => {
    const { sys_id: id } = await create({}, '/emergency')
    const { result } = (await call('GET', `/${id.value}/nextstates`)).body
    expect(result.available_states).toEqual(['-3', '4', '-5'])
    expect(result.state_label).toEqual({ '-3': 'Authorize', '4': 'Canceled', '-5': 'New' })
    expect(result.state_transitions[0]).toMatchObject([{ from_state: '-5', to_state: '-3', transition_available: true, conditions: [] }])
  })

  test('is listed by query, by fields and in an order', async () => {
    const mark = `mark ${Date.now()}`
    for (const [description, kind] of [
      ['b', 'normal'],
      ['a', 'normal'],
      ['c', 'emergency'],
    ])
      await create({ short_description: mark, description }, `/${kind}`)
    const list = async (path: string) =>
      (await call('GET', path)).body.result.map((row: Record<string, { value: string }>) => row.description!.value)
    const marked = `sysparm_query=short_description=${encodeURIComponent(mark)}`
    expect(await list(`?${marked}&order=description`)).toEqual(['a', 'b', 'c'])
    expect(await list(`/normal?${marked}^NQshort_description=${encodeURIComponent(mark)}&order=description`)).toEqual(['a', 'b'])
    expect(await list(`?short_description=${encodeURIComponent(mark)}&description=c`)).toEqual(['c'])
    expect(await list(`?${marked}&order=description&sysparm_limit=1&sysparm_offset=1`)).toEqual(['b'])
  })

  test('is approved by who was asked, through its own door', async () => {
    const { sys_id: id } = await create({ assignment_group: DEMO.networkGroup.sysId })
    await patch(id.value, { state: '-4' })
    const answer = (state: string, user: string, comments?: string) => call('PATCH', `/${id.value}/approvals`, { state, comments }, user)
    expect((await answer('approved', one)).status).toBe(400)
    expect((await answer('rejected', two)).status).toBe(400)
    expect(await answer('approved', two)).toMatchObject({
      status: 200,
      body: { result: { state: { display_value: 'Authorize', value: -3 } } },
    })
  })

  test('nobody without a role may look', async () => {
    expect(await call('GET', '', undefined, 'north.user.one')).toMatchObject({
      status: 403,
      body: { error: { message: 'User Not Authorized', detail: 'Failed API level ACL Validation' } },
    })
  })
})

test('tasks of a change are its own', async () => {
  const { sys_id: id } = await create()
  const made = (await call('POST', `/${id.value}/task`, { short_description: 'Order the part', change_task_type: 'planning' })).body.result
  expect(made).toMatchObject({ parent: { value: id.value }, change_request: { value: id.value }, state: { value: 1 } })
  expect((await call('GET', `/${id.value}/task`)).body.result).toHaveLength(1)
  const path = `/${id.value}/task/${made.sys_id.value}`
  expect((await call('PATCH', path, { state: '2' })).body.result.state).toEqual({ display_value: 'In Progress', value: 2 })
  const { sys_id: other } = await create()
  expect((await call('PATCH', `/${other.value}/task/${made.sys_id.value}`, { state: '3' })).status).toBe(404)
  expect((await call('DELETE', path, undefined, 'admin')).status).toBe(200)
  expect((await call('GET', path)).status).toBe(404)
})

test('a standard change comes from its template, whose plans the request does not change', async () => {
  const [template] = (await call('GET', '/standard/template')).body.result
  expect((await call('GET', `/standard/template/${template.sys_id.value}`)).body.result.template.value).toContain('Reboot Windows Server')
  const { status, body } = await call('POST', `/standard/${template.sys_id.value}`, {
    assignment_group: DEMO.networkGroup.sysId,
    backout_plan: 'mine',
  })
  expect(status).toBe(200)
  expect(body.result).toMatchObject({
    type: { value: 'standard' },
    short_description: { value: 'Reboot Windows Server' },
    backout_plan: { value: 'None' },
    assignment_group: { value: DEMO.networkGroup.sysId },
  })
  expect((await call('POST', '/standard/nothing', {})).status).toBe(404)
  expect((await call('GET', '/model')).body.result.map((model: { name: { value: string } }) => model.name.value)).toEqual([
    'Emergency',
    'Normal',
    'Standard',
  ])
})

describe('items', () => {
  test('affected ones are added by a worker; the services above them are impacted', async () => {
    const { sys_id: id } = await create()
    const [server] = DEMO.configurationItems.north
    const { sys_id: type } = await room.create('cmdb_rel_type', { name: 'Test::Tested by' })
    await room.create('cmdb_rel_ci', { parent: DEMO.services[2].sysId, child: server.sysId, type })
    const sent = { association_type: 'affected', cmdb_ci_sys_ids: [server.sysId, 'nothing'], refresh_impacted_services: true }
    const { status, body } = await call('POST', `/${id.value}/ci`, sent)
    expect(status).toBe(202)
    expect(body.result).toMatchObject({ state: { value: 1, display_value: 'Waiting' }, type: 'affected', messages: { errorMessages: [] } })
    const link = new URL(body.result.worker.link)
    const worker = (await room.call('GET', link.pathname)).body.result
    expect(worker).toMatchObject({
      state: { value: 4, display_value: 'Error' },
      messages: { errorMessages: ['Configuration item nothing does not exist'] },
    })
    const affected = (await call('GET', `/${id.value}/ci?association_type=affected`)).body.result
    expect(affected).toMatchObject([{ ci_item: { display_value: 'NORTH-SRV-01', value: server.sysId } }])
    const impacted = (await call('GET', `/${id.value}/ci?association_type=impacted`)).body.result
    expect(impacted).toMatchObject([{ cmdb_ci_service: { value: DEMO.services[2].sysId } }])
    expect((await call('GET', `/${id.value}/ci`)).status).toBe(400)
  })

  test('two changes on one item at one time are in conflict, and the first free slot is after the other', async () => {
    const [, server] = DEMO.configurationItems.north
    const when = { cmdb_ci: server.sysId, start_date: '2031-01-01 10:00:00', end_date: '2031-01-01 12:00:00' }
    await create(when)
    const { sys_id: id } = await create({ ...when, start_date: '2031-01-01 11:00:00' })
    expect((await call('POST', `/${id.value}/conflict`)).body.result).toMatch(/^[0-9a-f]{32}$/)
    const { result } = (await call('GET', `/${id.value}/conflict`)).body
    expect(result).toMatchObject({ status: 'Conflict', record_count: 1, job_status: 'Complete' })
    expect((await call('DELETE', `/${id.value}/conflict`)).status).toBe(200)
    const { status, body } = await call('PATCH', `/${id.value}/schedule/first_available`, {
      duration_in_seconds: 3600,
      planned_start_time: '2031-01-01 09:30:00',
    })
    expect(status).toBe(202)
    const worker = (await call('GET', `/worker/${body.result.worker.sysId}`)).body.result
    expect(worker).toMatchObject({
      state: { value: 3 },
      messages: { infoMessages: ['Change has been updated'] },
      payload: { spans: [{ start: { value: '2031-01-01 12:00:00' }, end: { value: '2031-01-01 13:00:00' } }] },
    })
    expect((await call('GET', `/${id.value}`)).body.result.start_date.value).toBe('2031-01-01 12:00:00')
    expect((await call('GET', `/${id.value}/schedule`)).status).toBe(202)
    expect((await call('GET', `/ci/${server.sysId}/schedule?duration_in_seconds=60`)).status).toBe(202)
  })

  test('a change without an item or times has no schedule', async () => {
    const { sys_id: id } = await create()
    expect((await call('GET', `/${id.value}/schedule`)).status).toBe(400)
    expect((await call('POST', `/${id.value}/conflict`)).status).toBe(400)
  })
})

test('a risk is as high as the impact', async () => {
  const { sys_id: id } = await create({ impact: '1' })
  expect((await call('PATCH', `/${id.value}/risk`)).body.result).toMatchObject({ risk: { value: 2 }, impact: { value: 1 } })
})

test('hostile words never become a 500', async () => {
  const { sys_id: id } = await create()
  for (const bad of ["'; drop table task; --", '%00', '😀', '../..', '^NQ'])
    for (const path of [
      `/${encodeURIComponent(bad)}`,
      `/worker/${bad}`,
      `/standard/${bad}`,
      `/${id.value}/task/${bad}`,
      `?order=${bad}`,
      `?sysparm_query=${bad}`,
      `?textSearch=${bad}`,
    ])
      expect((await call('GET', path)).status).toBeLessThan(500)
  for (const body of [
    { cmdb_ci_sys_ids: {}, association_type: 'affected' },
    { cmdb_ci_sys_ids: 'x\u0000', association_type: 'constructor' },
    [1],
    'x',
  ])
    expect((await call('POST', `/${id.value}/ci`, body)).status).toBeLessThan(500)
  expect((await call('PATCH', `/${id.value}/schedule/first_available`, { duration_in_seconds: 'x', planned_start_time: {} })).status).toBe(
    400,
  )
})
