import { expect } from 'vitest'
import type { Room } from '../practice-room.ts'

/** Lets other APIs and saves make rows of the tables that nobody writes: history, files, conflicts, what a worker did. */
export async function makeRowsOfTheirOwn(room: Room): Promise<void> {
  const incident = await room.create('incident', { work_notes: 'A row of sys_journal_field' })
  await room.call('PATCH', `/api/now/table/incident/${incident.sys_id}`, { description: 'A row of sys_audit' })
  const file = `table_name=incident&table_sys_id=${incident.sys_id}&file_name=a-row.txt`
  const attached = await room.call('POST', `/api/now/attachment/file?${file}`, 'sys_attachment', 'admin', { 'content-type': 'text/plain' })
  expect(attached.status).toBe(201)
  const gone = await room.create('incident', { short_description: 'A row of sys_audit_delete' })
  await room.call('DELETE', `/api/now/table/incident/${gone.sys_id}`)

  const { sys_id: cmdb_ci } = await room.create('cmdb_ci_server', { name: 'In two changes' })
  const planned = { cmdb_ci, start_date: '2031-01-01 10:00:00', end_date: '2031-01-01 11:00:00' }
  await room.create('change_request', planned)
  const change = await room.create('change_request', planned)
  for (const what of ['conflict', 'refresh_impacted_services'])
    expect((await room.call('POST', `/api/sn_chg_rest/change/${change.sys_id}/${what}`)).status, what).toBe(200)
}
