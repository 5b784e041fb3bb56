import { afterAll, beforeAll, describe, expect } from 'vitest'
import { MODELS } from '../house-rules/change.ts'
import { DEMO, openRoom, PASSWORD, type Room } from './practice-room.ts'
import { practiceOnly as test } from './which-instance.ts'

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
