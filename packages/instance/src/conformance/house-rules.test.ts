import { afterAll, beforeAll, describe, expect } from 'vitest'
import { DEMO, openRoom, type Room } from './practice-room.ts'
import { practiceOnly as test } from './which-instance.ts'

let room: Room

beforeAll(async () => {
  room = await openRoom()
})
afterAll(() => room.close())

const DESK = 'demo.agent.one'
const EXCHANGE = 'deskbridge.integration'

const patch = (table: string, id: string, fields: object, user?: string) =>
  room.call('PATCH', `/api/now/table/${table}/${id}?sysparm_exclude_reference_link=true`, fields, user)
const read = async (table: string, id: string) =>
  (await room.call('GET', `/api/now/table/${table}/${id}?sysparm_exclude_reference_link=true`)).body.result
const refusal = (detail: string) => ({ status: 403, body: { error: { message: 'Operation Failed', detail }, status: 'failure' } })

describe('numbers', () => {
  const first: [string, RegExp][] = [
    ['incident', /^INC001\d{4}$/],
    ['incident_task', /^TASK002\d{4}$/],
    ['problem', /^PRB004\d{4}$/],
    ['problem_task', /^PTASK001\d{4}$/],
    ['change_request', /^CHG003\d{4}$/],
    ['change_task', /^CTASK001\d{4}$/],
    ['sc_request', /^REQ001\d{4}$/],
    ['sc_req_item', /^RITM001\d{4}$/],
    ['sc_task', /^SCTASK001\d{4}$/],
  ]
  for (const [table, pattern] of first)
    test(table, async () => {
      expect((await room.create(table, {})).number).toMatch(pattern)
    })

  test('a number that comes with an insert is taken', async () => {
    expect(await room.create('incident', { number: 'INC0000042' })).toMatchObject({
      number: 'INC0000042',
      task_effective_number: 'INC0000042',
    })
  })
})

describe('incident', () => {
  test('priority follows impact and urgency, whatever is written to it', async () => {
    const { sys_id: id } = await room.create('incident', { impact: '1', urgency: '1', priority: '5' })
    expect((await read('incident', id!)).priority).toBe('1')
    expect((await patch('incident', id!, { urgency: '3' })).body.result.priority).toBe('3')
    expect((await patch('incident', id!, { priority: '1', description: 'x' })).body.result.priority).toBe('3')
  })

  test('resolving needs a code and notes, named by their labels', async () => {
    const { sys_id: id } = await room.create('incident', {})
    expect(await patch('incident', id!, { state: '6' })).toMatchObject(
      refusal('Data Policy Exception: The following fields are mandatory: Resolution code, Resolution notes'),
    )
    expect(await patch('incident', id!, { state: '6', close_code: 'no such code', close_notes: 'x' })).toMatchObject(
      refusal('Data Policy Exception: The following fields are mandatory: Resolution code'),
    )
    expect((await read('incident', id!)).state).toBe('1')
    const { body } = await patch('incident', id!, { state: '6', close_code: 'Solution provided', close_notes: 'done' }, DESK)
    expect(body.result).toMatchObject({ state: '6', incident_state: '6', active: 'true', resolved_by: DEMO.agents[0].sysId, closed_at: '' })
    expect(body.result.resolved_at).toBe(body.result.sys_updated_on)
    const closed = await patch('incident', id!, { state: '7' })
    expect(closed.body.result).toMatchObject({
      state: '7',
      active: 'false',
      closed_by: DEMO.admin.sysId,
      resolved_by: DEMO.agents[0].sysId,
    })
    expect(closed.body.result.closed_at).toBe(closed.body.result.sys_updated_on)
  })

  test('a closed incident stays closed', async () => {
    const { sys_id: id } = await room.create('incident', { state: '7', close_code: 'User error', close_notes: 'x' })
    const answer = await patch('incident', id!, { state: '2' })
    expect(answer.status).toBe(403)
    expect(answer.body.error.detail).toMatch(
      /^Operation against file 'incident' was aborted by Business Rule '.+\^[0-9a-f]{32}'\. Business Rule Stack:.+$/,
    )
  })

  test('reopening a resolved one is counted and signed', async () => {
    const { sys_id: id } = await room.create('incident', { state: '6', close_code: 'User error', close_notes: 'x' })
    const { body } = await patch('incident', id!, { state: '2' }, DESK)
    expect(body.result).toMatchObject({
      state: '2',
      reopen_count: '1',
      reopened_by: DEMO.agents[0].sysId,
      resolved_at: '',
      resolved_by: '',
    })
    expect(body.result.reopened_time).toBe(body.result.sys_updated_on)
  })

  test('On Hold needs a reason, and leaving it clears the reason', async () => {
    const { sys_id: id } = await room.create('incident', {})
    expect(await patch('incident', id!, { state: '3' })).toMatchObject(
      refusal('Data Policy Exception: The following fields are mandatory: On hold reason'),
    )
    expect((await patch('incident', id!, { state: '3', hold_reason: '4' })).body.result).toMatchObject({ state: '3', hold_reason: '4' })
    expect((await patch('incident', id!, { incident_state: '2' })).body.result).toMatchObject({
      state: '2',
      incident_state: '2',
      hold_reason: '',
    })
  })

  const held = async (reason: string, callerId: string = DEMO.customers[0].users[0].sysId) => {
    const { sys_id: id } = await room.create('incident', { caller_id: callerId, state: '3', hold_reason: reason })
    return id!
  }

  test("the caller's answer ends the wait for it", async () => {
    const byCaller = await patch('incident', await held('1', DEMO.agents[0].sysId), { comments: 'here' }, DESK)
    expect(byCaller.body.result).toMatchObject({ state: '2', incident_state: '2', hold_reason: '', sys_mod_count: '1' })
  })

  test('what is no answer of the caller leaves it on hold', async () => {
    expect((await patch('incident', await held('1'), { comments: 'please answer' }, DESK)).body.result.state).toBe('3')
    expect((await patch('incident', await held('1'), { comments: 'from a provider' }, EXCHANGE)).body.result.state).toBe('3')
    const ofAgent = (reason: string) => held(reason, DEMO.agents[0].sysId)
    expect((await patch('incident', await ofAgent('1'), { work_notes: 'internal' }, DESK)).body.result.state).toBe('3')
    expect((await patch('incident', await ofAgent('4'), { comments: 'any news?' }, DESK)).body.result.state).toBe('3')
    expect((await patch('incident', await held('1'), { comments: 'x', state: '8' }, EXCHANGE)).body.result.state).toBe('8')
  })

  test("takes its caller's company when it has none", async () => {
    const caller = { caller_id: DEMO.customers[1].users[0].sysId }
    expect((await room.create('incident', caller)).company).toBe(DEMO.customers[1].sysId)
    expect((await room.create('incident', { ...caller, company: DEMO.operator.sysId })).company).toBe(DEMO.operator.sysId)
    expect((await room.create('incident', { caller_id: 'not a sys_id' })).company).toBe('')
  })
})

describe('change', () => {
  const steps = async (type: string, states: string[], user?: string) => {
    const made = await room.create('change_request', { type, state: '3', assignment_group: DEMO.networkGroup.sysId })
    expect(made.state).toBe('-5')
    for (const state of states) {
      const answer = await patch('change_request', made.sys_id!, { state, close_code: 'successful', close_notes: 'x' }, user)
      expect(answer.status, `${type} to ${state}`).toBe(200)
      expect(answer.body.result.state).toBe(state)
    }
    return made.sys_id!
  }

  test('each type has its flow, whatever state an insert asks for', async () => {
    await steps('normal', ['-4', '-3', '-2', '-1', '0', '3'])
    await steps('emergency', ['-3', '-2', '-1', '0', '3'])
    const id = await steps('standard', ['-2', '-1', '0', '3'])
    expect(await read('change_request', id)).toMatchObject({ active: 'false', closed_by: DEMO.admin.sysId })
    await steps('normal', ['-4', '4'])
  })

  test('a jump is refused by the state model', async () => {
    const { sys_id: id } = await room.create('change_request', {})
    const answer = await patch('change_request', id!, { state: '-1' })
    expect(answer.status).toBe(403)
    expect(answer.body.error.detail).toMatch(
      /^Operation against file 'change_request' was aborted by Business Rule 'Change Model: Check State Transition\^[0-9a-f]{32}'\. Business Rule Stack:Change Model: Check State Transition$/,
    )
    expect((await patch('change_request', id!, { state: '-4' })).status).toBe(403)
    expect((await patch('change_request', id!, { state: '-4', assignment_group: DEMO.networkGroup.sysId })).status).toBe(200)
    expect((await patch('change_request', await steps('normal', ['4']), { state: '-5' })).status).toBe(403)
  })

  test('only the desk may stand in for approvals', async () => {
    const id = await steps('normal', ['-4'], EXCHANGE)
    expect((await patch('change_request', id, { state: '-3' }, EXCHANGE)).status).toBe(403)
    expect((await patch('change_request', id, { state: '-3' }, DESK)).status).toBe(200)
  })

  test('closing needs a code and notes', async () => {
    const made = await room.create('change_request', { type: 'standard' })
    for (const state of ['-2', '-1', '0']) await patch('change_request', made.sys_id!, { state })
    expect(await patch('change_request', made.sys_id!, { state: '3' })).toMatchObject(
      refusal('Data Policy Exception: The following fields are mandatory: Close code, Close notes'),
    )
  })

  test('Implement becomes Review when its last task ends', async () => {
    const id = await steps('standard', ['-2', '-1'])
    const tasks = [await room.create('change_task', { change_request: id }), await room.create('change_task', { change_request: id })]
    expect(tasks[0]!.state).toBe('1')
    expect((await patch('change_task', tasks[0]!.sys_id!, { state: '3' })).body.result).toMatchObject({ state: '3', active: 'false' })
    expect((await read('change_request', id)).state).toBe('-1')
    await patch('change_task', tasks[1]!.sys_id!, { state: '4' })
    expect((await read('change_request', id)).state).toBe('0')
  })
})

describe('request', () => {
  const family = async () => {
    const request = await room.create('sc_request', {})
    const item = await room.create('sc_req_item', { request: request.sys_id })
    const tasks = [
      await room.create('sc_task', { request_item: item.sys_id, request: request.sys_id }),
      await room.create('sc_task', { request_item: item.sys_id, request: request.sys_id }),
    ]
    return { request: request.sys_id!, item: item.sys_id!, tasks: tasks.map(task => task.sys_id!) }
  }

  const endings: [string[], string, string][] = [
    [['3', '3'], '3', 'closed_complete'],
    [['3', '4'], '4', 'closed_incomplete'],
    [['7', '7'], '7', 'closed_skipped'],
    [['3', '7'], '3', 'closed_complete'],
  ]
  for (const [states, state, requestState] of endings)
    test(`tasks that end as ${states} end the item and the request as ${requestState}`, async () => {
      const { request, item, tasks } = await family()
      await patch('sc_task', tasks[0]!, { state: states[0] })
      expect(await read('sc_req_item', item)).toMatchObject({ state: '1', active: 'true' })
      await patch('sc_task', tasks[1]!, { state: states[1] }, EXCHANGE)
      expect(await read('sc_req_item', item)).toMatchObject({ state, active: 'false', sys_updated_by: EXCHANGE })
      expect(await read('sc_request', request)).toMatchObject({ state, request_state: requestState, stage: requestState, active: 'false' })
      expect(await room.find('sys_audit', `documentkey=${request}^fieldname=request_state`, 'newvalue')).toEqual([requestState])
    })

  test('two tasks that end at the same moment end the item', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { request, tasks } = await family()
      await Promise.all(tasks.map(task => patch('sc_task', task, { state: '3' })))
      expect((await read('sc_request', request)).request_state).toBe('closed_complete')
    }
  })

  test('request_state leads, state follows, and the other way round', async () => {
    const leads: [object, object][] = [
      [{ request_state: 'closed_complete' }, { state: '3', active: 'false' }],
      [{ request_state: 'closed_incomplete' }, { state: '4', active: 'false' }],
      [{ request_state: 'closed_skipped' }, { state: '7', active: 'false' }],
      [{ request_state: 'closed_cancelled' }, { state: '4', active: 'false', request_state: 'closed_cancelled' }],
      [{ request_state: 'closed_rejected' }, { state: '4', active: 'false', request_state: 'closed_rejected' }],
      [{ state: '3' }, { request_state: 'closed_complete', active: 'false' }],
      [{ state: '2' }, { request_state: 'in_process', active: 'true' }],
    ]
    for (const [written, expected] of leads) {
      const { sys_id: id } = await room.create('sc_request', {})
      expect((await patch('sc_request', id!, written)).body.result).toMatchObject(expected)
    }
  })
})

test('a task counts how often it went from one group to another, not how it came to its first', async () => {
  const groups = [DEMO.serviceDeskGroup, DEMO.networkGroup].map(({ sysId }) => sysId)
  const { sys_id: id } = await room.create('incident_task', {})
  const counts: string[] = []
  for (const group of [groups[0], groups[1], groups[1], groups[0]])
    counts.push((await patch('incident_task', id!, { assignment_group: group })).body.result.reassignment_count)
  expect(counts).toEqual(['0', '1', '1', '2'])
})

describe('journals', () => {
  test('entries are appended, raw they are empty, displayed the newest comes first', async () => {
    const { sys_id: id } = await room.create('incident', { comments: 'one' })
    await patch('incident', id!, { comments: 'two\nlines' }, DESK)
    await patch('incident', id!, { work_notes: 'internal' }, DESK)
    const raw = await read('incident', id!)
    expect(raw).toMatchObject({ comments: '', work_notes: '', comments_and_work_notes: '', sys_mod_count: '2' })
    const shown = await room.call(
      'GET',
      `/api/now/table/incident/${id}?sysparm_display_value=true&sysparm_fields=comments,work_notes,comments_and_work_notes`,
    )
    const at = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d`
    const one = String.raw`${at} - System Administrator \(Additional comments\)\none\n\n`
    const two = String.raw`${at} - Demo Agent One \(Additional comments\)\ntwo\nlines\n\n`
    const note = String.raw`${at} - Demo Agent One \(Work notes\)\ninternal\n\n`
    expect(shown.body.result.comments).toMatch(new RegExp(`^${two}${one}$`))
    expect(shown.body.result.work_notes).toMatch(new RegExp(`^${note}$`))
    expect(shown.body.result.comments_and_work_notes).toMatch(new RegExp(`^${note}${two}${one}$`))
    const rows = await room.call('GET', `/api/now/table/sys_journal_field?sysparm_query=element_id=${id}%5EORDERBYsys_created_on`)
    expect(rows.body.result).toMatchObject([
      { name: 'incident', element: 'comments', element_id: id, value: 'one', sys_created_by: 'admin' },
      { name: 'incident', element: 'comments', value: 'two\nlines', sys_created_by: DESK },
      { name: 'incident', element: 'work_notes', value: 'internal' },
    ])
  })

  test('a history shows in the very answer that adds to it', async () => {
    const made = await room.call('POST', '/api/now/table/incident?sysparm_display_value=true&sysparm_fields=comments', { comments: 'now' })
    expect(made.body.result.comments).toContain('(Additional comments)\nnow\n\n')
  })

  test('a comment alone moves the record, an empty one does not', async () => {
    const { sys_id: id } = await room.create('incident', {})
    expect((await patch('incident', id!, { comments: 'x' })).body.result.sys_mod_count).toBe('1')
    expect((await patch('incident', id!, { comments: '' })).body.result.sys_mod_count).toBe('1')
  })
})

describe('audit', () => {
  test('one row for each changed field of a save, all of one moment; none for the insert', async () => {
    const { sys_id: id } = await room.create('incident', { impact: '3', urgency: '3', comments: 'at birth' })
    expect(await room.find('sys_audit', `documentkey=${id}`, 'fieldname')).toEqual([])
    const saved = await patch(
      'incident',
      id!,
      { urgency: '1', comments: 'hurry', assignment_group: DEMO.networkGroup.sysId, description: 'more' },
      DESK,
    )
    const answer = await room.call('GET', `/api/now/table/sys_audit?sysparm_query=documentkey=${id}%5EORDERBYfieldname`)
    const rows = answer.body.result as Record<string, string>[]
    expect(rows.map(({ fieldname, oldvalue, newvalue }) => [fieldname, oldvalue, newvalue])).toEqual([
      ['assignment_group', '', DEMO.networkGroup.sysId],
      ['comments', '', 'hurry'],
      ['description', '', 'more'],
      ['priority', '5', '3'],
      ['urgency', '3', '1'],
    ])
    for (const row of rows)
      expect(row).toMatchObject({
        tablename: 'incident',
        user: DESK,
        record_checkpoint: '1',
        reason: '',
        sys_created_on: saved.body.result.sys_updated_on,
      })
    const [journal] = await room.find('sys_journal_field', `element_id=${id}^value=hurry`, 'sys_created_on')
    expect(journal).toBe(saved.body.result.sys_updated_on)
  })

  test('moments, truth and empty values are raw', async () => {
    const { sys_id: id } = await room.create('incident', { description: 'x', state: '2' })
    const saved = await patch('incident', id!, { state: '8', description: '' })
    const answer = await room.call(
      'GET',
      `/api/now/table/sys_audit?sysparm_query=documentkey=${id}&sysparm_fields=fieldname,oldvalue,newvalue`,
    )
    const values = Object.fromEntries(
      answer.body.result.map((row: Record<string, string>) => [row.fieldname, [row.oldvalue, row.newvalue]]),
    )
    expect(values).toEqual({
      state: ['2', '8'],
      incident_state: ['2', '8'],
      active: ['true', 'false'],
      closed_at: ['', saved.body.result.closed_at],
      closed_by: ['', DEMO.admin.sysId],
      description: ['x', ''],
    })
  })

  test('a refused or empty save leaves nothing behind', async () => {
    const { sys_id: id } = await room.create('incident', {})
    await patch('incident', id!, { state: '6', comments: 'resolved', work_notes: 'x' })
    await patch('incident', id!, { state: '1' })
    expect(await room.find('sys_audit', `documentkey=${id}`, 'fieldname')).toEqual([])
    expect(await room.find('sys_journal_field', `element_id=${id}`, 'value')).toEqual([])
  })
})
