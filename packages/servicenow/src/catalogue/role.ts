import { nameOf, ROLE_ID, SOURCE } from '../rows/people.ts'
import { getRow, listRow, type RecordFamily } from '../rows/record-rows.ts'
import { uniqueRow } from '../rows/unique-row.ts'

/** Roles (servicenow-core 8.3). */

const role = {
  family: 'role',
  table: 'sys_user_role',
  one: 'a role',
  many: 'roles',
  hint: '',
  source: SOURCE,
  readers: ['itil'],
  writers: [],
  exampleId: ROLE_ID,
  exampleShown: { sys_id: ROLE_ID, name: 'itil', description: 'Works on tickets' },
  exampleValues: {},
  exampleChange: {},
} as const satisfies RecordFamily

export const roleActions = [
  getRow(role),
  uniqueRow(role, { verb: 'getByName', key: 'name', field: 'name', called: 'name', value: nameOf('Name of the role, such as itil.') }),
  listRow(role),
] as const
