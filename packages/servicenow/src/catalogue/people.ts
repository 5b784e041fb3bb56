import { z } from 'zod'
import { query } from '../encoded-query/query.ts'
import { action } from '../performing/action.ts'
import * as input from '../rows/input.ts'
import { tableNeeds } from '../rows/needs.ts'
import { deleted, writtenRow } from '../rows/output.ts'
import { readColumns, readRow, readRows } from '../rows/reading.ts'
import { createRow, getRow, listRow, type RecordFamily, updateRow } from '../rows/record-rows.ts'
import { uniqueRow } from '../rows/unique-row.ts'
import { within } from '../rows/within.ts'
import { createCall, deleteCall, listCall } from '../table-api/record-calls.ts'

/** Users, groups and who is in them, roles and who has them (servicenow-core 8.3). */

const USER_ID = '62826bf03710200044e0bfc8bcbe5df1'
const GROUP_ID = '287ebd7da9fe198100f92cc8d1d2154e'
const ROLE_ID = '282bf1fac6112285017366cb5f867469'
const SOURCE = 'servicenow-core 8.3'

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

const group = {
  family: 'group',
  table: 'sys_user_group',
  one: 'a group',
  many: 'groups',
  hint: 'Its members are rows of their own: group.addMember.',
  source: SOURCE,
  readers: [],
  writers: ['user_admin', 'admin'],
  exampleId: GROUP_ID,
  exampleShown: { sys_id: GROUP_ID, name: 'Network', active: 'true' },
  exampleValues: { name: 'Network', description: 'Whoever looks after cables and waves' },
  exampleChange: { manager: USER_ID },
} as const satisfies RecordFamily

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

const text = (about: string) => z.string().min(1).max(255).describe(about)
const MEMBERSHIP = { sys_id: 'a55a6bf03710200044e0bfc8bcbe5d01', user: USER_ID, group: GROUP_ID }
const members = {
  needs: tableNeeds('sys_user_grmember', { roles: ['user_admin', 'admin'] }),
  source: `Table API on sys_user_grmember; ${SOURCE}`,
}
const memberInput = z.strictObject({
  group: input.sysId.describe('sys_id of the group.'),
  user: input.sysId.describe('sys_id of the user.'),
})
const membershipOf = ({ group, user }: z.output<typeof memberInput>) => query().where('group', '=', group).where('user', '=', user).text()

export const peopleActions = [
  getRow(user),
  uniqueRow(user, {
    verb: 'getByUserName',
    key: 'userName',
    field: 'user_name',
    called: 'user name',
    value: text('What the user signs in with.'),
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
  getRow(group),
  uniqueRow(group, { verb: 'getByName', key: 'name', field: 'name', called: 'name', value: text('Name of the group.') }),
  listRow(group),
  createRow(group),
  updateRow(group),
  within({
    name: 'group.members',
    table: 'sys_user_grmember',
    title: 'List the members of a group',
    whenToUse: 'To see who is in a group. Ask for the fields user.name and user.email to have them.',
    needs: tableNeeds('sys_user_grmember', { roles: ['itil'] }),
    asks: { group: input.sysId.describe('sys_id of the group.') },
    condition: ({ group }) => query().where('group', '=', group).text(),
    example: { input: { group: GROUP_ID }, row: MEMBERSHIP },
    source: SOURCE,
  }),
  action({
    name: 'group.addMember',
    title: 'Add a user to a group',
    whenToUse: 'To put a user into a group. One who is a member already stays one, and nothing is written.',
    effect: 'changes',
    shape: 'written',
    needs: members.needs,
    paging: 'none',
    input: memberInput,
    output: writtenRow,
    request: asked => listCall('sys_user_grmember', { query: membershipOf(asked), limit: 1 }),
    perform: async (ask, call, asked) => {
      const [there] = readRows(ask, await ask.send(call), 'false')
      return there ?? readRow(ask, (await ask.send(createCall('sys_user_grmember', asked, {}))).result, 'false')
    },
    example: { input: { group: GROUP_ID, user: USER_ID }, output: MEMBERSHIP },
    source: members.source,
    repeat: { probe: 'Ask group.members. The action looks there first, so it may be performed again once an uncertain write has settled.' },
  }),
  action({
    name: 'group.removeMember',
    title: 'Take a user out of a group',
    whenToUse: 'To end a membership. Fails with not-found where there is none.',
    effect: 'deletes',
    shape: 'own',
    needs: members.needs,
    paging: 'none',
    input: memberInput,
    output: deleted,
    request: asked => listCall('sys_user_grmember', { query: membershipOf(asked), fields: ['sys_id', 'user', 'group'], limit: 10 }),
    perform: async (ask, call, asked) => {
      const found = readRows(ask, await ask.send(call), 'false').map(row =>
        readColumns(ask, row, { required: ['sys_id', 'user', 'group'] }),
      )
      if (found.length === 0) throw ask.failure('not-found', 'the user is no member of the group, or the membership is hidden')
      // An instance that ignored the condition would have another membership deleted.
      if (found.some(({ user, group }) => user !== asked.user || group !== asked.group))
        throw ask.failure('broken-answer', 'the instance gave memberships that were not asked for')
      for (const { sys_id } of found) await ask.send(deleteCall('sys_user_grmember', sys_id))
      return { deleted: true as const }
    },
    example: { input: { group: GROUP_ID, user: USER_ID }, output: { deleted: true } },
    source: members.source,
    repeat: { probe: 'Ask group.members: who is not there is removed.' },
  }),
  getRow(role),
  uniqueRow(role, { verb: 'getByName', key: 'name', field: 'name', called: 'name', value: text('Name of the role, such as itil.') }),
  listRow(role),
] as const
