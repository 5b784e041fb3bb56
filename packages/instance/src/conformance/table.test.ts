import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DEMO, openRoom, query, type Room } from './practice-room.ts'

let room: Room

beforeAll(async () => {
  room = await openRoom()
})
afterAll(() => room.close())

const create = async (table: string, fields: object, user?: string) => {
  const answer = await room.call('POST', `/api/now/table/${table}`, fields, user)
  expect(answer.body).toMatchObject({ result: {} })
  expect(answer.status).toBe(201)
  return answer.body.result as Record<string, string>
}

describe('creating', () => {
  test('an incident gets its number, defaults and priority, and says where it is', async () => {
    const answer = await room.call('POST', '/api/now/table/incident', { short_description: 'no network', impact: '2', urgency: 2 })
    expect(answer.status).toBe(201)
    const { result } = answer.body
    expect(result).toMatchObject({
      short_description: 'no network',
      priority: '3',
      state: '1',
      incident_state: '1',
      active: 'true',
      sys_mod_count: '0',
      sys_class_name: 'incident',
      approval: 'not requested',
      category: 'inquiry',
      made_sla: 'true',
      severity: '3',
      notify: '1',
      close_code: '',
      hold_reason: '',
      comments: '',
      sys_created_by: 'admin',
      sys_domain: { link: 'http://localhost:8081/api/now/table/sys_user_group/global', value: 'global' },
      opened_by: { link: `http://localhost:8081/api/now/table/sys_user/${DEMO.admin.sysId}`, value: DEMO.admin.sysId },
    })
    expect(result.number).toMatch(/^INC001\d{4}$/)
    expect(result.task_effective_number).toBe(result.number)
    expect(result.sys_id).toMatch(/^[0-9a-f]{32}$/)
    expect(result.sys_created_on).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/)
    expect(result.opened_at).toBe(result.sys_created_on)
    expect(answer.headers.get('location')).toBe(`http://localhost:8081/api/now/table/incident/${result.sys_id}`)
  })
})
