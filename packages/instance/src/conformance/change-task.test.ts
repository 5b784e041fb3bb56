import { expect } from 'vitest'
import { changeRoom } from './change-room.ts'
import { practiceOnly as test } from './which-instance.ts'

const { call, create } = changeRoom()

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
