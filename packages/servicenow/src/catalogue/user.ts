import { z } from 'zod'
import { query } from '../encoded-query/query.ts'
import { action } from '../performing/action.ts'
import * as input from '../rows/input.ts'
import { tableNeeds } from '../rows/needs.ts'
import { MEMBERSHIP, nameOf, ROLE_ID, SOURCE, USER_ID } from '../rows/people.ts'
import { columnsFrom } from '../rows/reading.ts'
import { createRow, getRow, listRow, type RecordFamily, updateRow } from '../rows/record-rows.ts'
import { uniqueRow } from '../rows/unique-row.ts'
import { within } from '../rows/within.ts'

/** Users, and the groups and roles that they have (servicenow-core 8.3). */

const OPTIONAL = ['name', 'email', 'time_zone'] as const

const user = {
  family: 'user',
  table: 'sys_user',
  one: 'a user',
  many: 'users',
  hint: 'The password cannot be set this way. A user is made inactive (active false), not deleted.',
  source: SOURCE,
  readers: [],
  writers: ['user_admin', 'admin'],
  exampleId: USER_ID,
  exampleShown: { sys_id: USER_ID, user_name: 'abel.tuter', name: 'Abel Tuter', email: 'abel.tuter@example.com' },
  exampleValues: { user_name: 'abel.tuter', first_name: 'Abel', last_name: 'Tuter', email: 'abel.tuter@example.com' },
  exampleChange: { active: 'false' },
} as const satisfies RecordFamily

export const userActions = [
  action({
    name: 'user.current',
    title: 'Who am I',
    whenToUse: 'To see as whom this connection is signed in, and so whether its credentials work.',
    effect: 'reads',
    shape: 'own',
    needs: tableNeeds('sys_user'),
    paging: 'none',
    input: z.strictObject({}),
    output: z.object({
      sys_id: z.string(),
      user_name: z.string(),
      name: z.string(),
      email: z.string(),
      time_zone: z.string().describe('Empty: the time zone of the instance.'),
    }),
    request: () => ({
      method: 'GET',
      path: '/api/now/table/sys_user',
      parameters: {
        sysparm_query: 'sys_id=javascript:gs.getUserID()',
        sysparm_fields: ['sys_id', 'user_name', ...OPTIONAL].join(','),
        sysparm_exclude_reference_link: true,
        sysparm_limit: 2,
      },
    }),
    perform: async (sender, call) => {
      const { result } = await sender.send(call)
      if (!Array.isArray(result)) throw sender.failure('broken-answer', 'the result is no list')
      if (result.length === 0) throw sender.failure('unreadable', 'the user may not read its own record in sys_user')
      if (result.length > 1) throw sender.failure('broken-answer', 'the instance did not evaluate gs.getUserID()')
      return columnsFrom(sender, result[0], { required: ['sys_id', 'user_name'], optional: OPTIONAL })
    },
    example: {
      input: {},
      output: {
        sys_id: '62826bf03710200044e0bfc8bcbe5df1',
        user_name: 'abel.tuter',
        name: 'Abel Tuter',
        email: 'abel.tuter@example.com',
        time_zone: '',
      },
    },
    source: 'Table API on sys_user with gs.getUserID() (servicenow-core 8.3)',
    repeat: 'safe',
  }),
  getRow(user),
  uniqueRow(user, {
    verb: 'getByUserName',
    key: 'userName',
    field: 'user_name',
    called: 'user name',
    value: nameOf('What the user signs in with.'),
  }),
  listRow(user),
  createRow(user),
  updateRow(user),
  within({
    name: 'user.groups',
    table: 'sys_user_grmember',
    title: 'List the groups of a user',
    whenToUse: 'To see in which groups a user is. Ask for the field group.name to have their names.',
    needs: tableNeeds('sys_user_grmember', { roles: ['itil'] }),
    asks: { user: input.sysId.describe('sys_id of the user.') },
    condition: ({ user }) => query().where('user', '=', user).text(),
    example: { input: { user: USER_ID }, row: MEMBERSHIP },
    source: SOURCE,
  }),
  within({
    name: 'user.roles',
    table: 'sys_user_has_role',
    title: 'List the roles of a user',
    whenToUse: 'To see which roles a user has, and through which group. Ask for the field role.name to have their names.',
    needs: tableNeeds('sys_user_has_role', { roles: ['itil'] }),
    asks: { user: input.sysId.describe('sys_id of the user.') },
    condition: ({ user }) => query().where('user', '=', user).text(),
    example: {
      input: { user: USER_ID },
      row: { sys_id: 'b55a6bf03710200044e0bfc8bcbe5d02', user: USER_ID, role: ROLE_ID, inherited: 'false' },
    },
    source: SOURCE,
  }),
] as const
