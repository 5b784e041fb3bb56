import { afterAll, beforeAll, describe, expect } from 'vitest'
import { DEMO, openRoom, PASSWORD, type Room } from './practice-room.ts'
import { practiceOnly as test } from './which-instance.ts'

let room: Room
beforeAll(async () => {
  room = await openRoom()
  for (const { userName } of DEMO.agents) await room.instance.setPassword(userName, PASSWORD)
})
afterAll(() => room.close())

const [one, two, three] = DEMO.agents.map(({ userName }) => userName) as [string, string, string]
const plain = '?sysparm_exclude_reference_link=true'
const save = (table: string, id: string, fields: object, user = 'admin') =>
  room.call('PATCH', `/api/now/table/${table}/${id}${plain}`, fields, user)
const change = async (id: string) => (await room.call('GET', `/api/now/table/change_request/${id}${plain}`)).body.result
const asked = (id: string, among = '') => room.find('sysapproval_approver', `sysapproval=${id}^state=requested${among}`, 'sys_id')

async function assessed(group: string, type = 'normal'): Promise<string> {
  const { sys_id: id } = await room.create('change_request', { assignment_group: group, type }, one)
  await save('change_request', id!, { state: '-4' }, one)
  return id!
}

test('what an approval is for stands in both ways of naming it', async () => {
  const { sys_id: id } = await room.create('sc_request', {})
  expect(await room.create('sysapproval_approver', { sysapproval: id })).toMatchObject({ sysapproval: id, document_id: id })
})

describe('a normal change', () => {
  test('asks its group in Assess, the advisory group in Authorize, and is scheduled when both said yes', async () => {
    const id = await assessed(DEMO.networkGroup.sysId)
    expect(await change(id)).toMatchObject({ state: '-4', approval: 'requested' })
    const [peer] = await asked(id)
    expect(await room.find('sysapproval_approver', `sys_id=${peer}`, 'approver')).toEqual([DEMO.agents[1].sysId])
    expect((await save('sysapproval_approver', peer!, { state: 'approved' }, two)).body.result.state).toBe('approved')
    expect(await change(id)).toMatchObject({ state: '-3', approval: 'requested' })
    const [advisor] = await asked(id)
    await save('sysapproval_approver', advisor!, { state: 'approved', comments: 'Go ahead' }, three)
    expect(await change(id)).toMatchObject({ state: '-2', approval: 'approved' })
    expect(await asked(id)).toEqual([])
    expect(await room.find('sysapproval_group', `parent=${id}^ORDERBYsys_created_on`, 'approval')).toEqual(['approved', 'approved'])
  })

  test('one yes of a group is enough: the others need not answer', async () => {
    const id = await assessed(DEMO.serviceDeskGroup.sysId)
    const all = await asked(id)
    expect(all).toHaveLength(3)
    const mine = (await asked(id, `^approver=${DEMO.agents[2].sysId}`))[0]!
    await save('sysapproval_approver', mine, { state: 'approved' }, three)
    expect((await room.find('sysapproval_approver', `sysapproval=${id}^sys_idIN${all}`, 'state')).sort()).toEqual([
      'approved',
      'not_required',
      'not_required',
    ])
  })

  test('goes back to New when somebody says no, which needs a comment', async () => {
    const id = await assessed(DEMO.networkGroup.sysId)
    const [peer] = await asked(id)
    const without = await save('sysapproval_approver', peer!, { state: 'rejected' }, two)
    expect(without).toMatchObject({
      status: 403,
      body: { error: { detail: 'Data Policy Exception: The following fields are mandatory: Comments' } },
    })
    expect((await save('sysapproval_approver', peer!, { state: 'rejected', comments: 'Not this week' }, two)).status).toBe(200)
    expect(await change(id)).toMatchObject({ state: '-5', approval: 'rejected' })
    const { body } = await room.call('GET', `/api/now/table/sysapproval_approver/${peer}?sysparm_display_value=true`)
    expect(body.result.comments).toContain('Not this week')
  })

  test('is decided by who was asked or an administrator, by nobody else', async () => {
    const id = await assessed(DEMO.networkGroup.sysId)
    const [peer] = await asked(id)
    expect(await save('sysapproval_approver', peer!, { state: 'approved' }, one)).toMatchObject({
      status: 403,
      body: { error: { detail: 'ACL Exception Update Failed due to security constraints' } },
    })
    expect((await save('sysapproval_approver', peer!, { state: 'approved' })).status).toBe(200)
    expect((await change(id)).state).toBe('-3')
  })

  test('that is cancelled or moved on asks no more', async () => {
    const id = await assessed(DEMO.networkGroup.sysId)
    await save('change_request', id, { state: '4' }, one)
    expect(await room.find('sysapproval_approver', `sysapproval=${id}`, 'state')).toEqual(['cancelled'])
    const moved = await assessed(DEMO.networkGroup.sysId)
    await save('change_request', moved, { state: '-3' }, one)
    expect(await room.find('sysapproval_approver', `sysapproval=${moved}^ORDERBYsys_created_on`, 'state')).toContain('not_required')
  })
})

test('my approvals are those where I am the approver', async () => {
  const id = await assessed(DEMO.networkGroup.sysId)
  const mine = await room.find('sysapproval_approver', 'approver=javascript:gs.getUserID()^state=requested', 'sysapproval', two)
  expect(mine).toContain(id)
})

test('a standard change is approved before it is scheduled', async () => {
  const { sys_id: id } = await room.create('change_request', { type: 'standard' })
  await save('change_request', id!, { state: '-2' })
  expect(await change(id!)).toMatchObject({ state: '-2', approval: 'approved' })
  expect(await asked(id!)).toEqual([])
})

test('two decisions at the same moment schedule a change once', async () => {
  const { sys_id: id } = await room.create('sc_request', {})
  const ask = (approver: string) => room.create('sysapproval_approver', { sysapproval: id, approver, state: 'requested' })
  const asks = await Promise.all(DEMO.agents.map(agent => ask(agent.sysId)))
  expect((await room.call('GET', `/api/now/table/sc_request/${id}`)).body.result.approval).toBe('requested')
  await Promise.all(asks.map(({ sys_id: ask }) => save('sysapproval_approver', ask!, { state: 'approved' })))
  const { result } = (await room.call('GET', `/api/now/table/sc_request/${id}`)).body
  expect(result).toMatchObject({ approval: 'approved', request_state: 'in_process' })
})

test('a request that is rejected is closed as such, with what is open of it', async () => {
  const { sys_id: id } = await room.create('sc_request', {})
  const { sys_id: item } = await room.create('sc_req_item', { request: id })
  const { sys_id: done } = await room.create('sc_req_item', { request: id, state: '3' })
  const { sys_id: task } = await room.create('sc_task', { request_item: item })
  const { sys_id: ask } = await room.create('sysapproval_approver', { sysapproval: id, approver: DEMO.admin.sysId, state: 'requested' })
  await save('sysapproval_approver', ask!, { state: 'rejected', comments: 'Too expensive' })
  expect((await room.call('GET', `/api/now/table/sc_request/${id}`)).body.result).toMatchObject({
    approval: 'rejected',
    request_state: 'closed_rejected',
    active: 'false',
  })
  expect(await room.find('task', `sys_idIN${[item, done, task]}^ORDERBYsys_class_name^ORDERBYnumber`, 'state')).toEqual(['4', '3', '4'])
})

test('an approval of nothing that exists decides nothing', async () => {
  const hostile = await room.create('sysapproval_approver', {
    sysapproval: 'x^ORstate=requested',
    approver: DEMO.admin.sysId,
    state: 'requested',
  })
  const id = await assessed(DEMO.networkGroup.sysId)
  expect((await save('sysapproval_approver', hostile.sys_id!, { state: 'approved' })).status).toBe(200)
  expect(await asked(id)).toHaveLength(1)
})
