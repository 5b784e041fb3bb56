import { z } from 'zod'
import { query } from '../encoded-query/query.ts'
import { action } from '../performing/action.ts'
import * as input from '../rows/input.ts'
import { tableNeeds } from '../rows/needs.ts'
import { deleted, writtenRow } from '../rows/output.ts'
import { GROUP_ID, MEMBERSHIP, nameOf, SOURCE, USER_ID } from '../rows/people.ts'
import { columnsFrom, rowFrom, rowsFrom } from '../rows/reading.ts'
import { createRow, getRow, listRow, type RecordFamily, updateRow } from '../rows/record-rows.ts'
import { uniqueRow } from '../rows/unique-row.ts'
import { within } from '../rows/within.ts'
import { createCall, deleteCall, listCall } from '../table-api/record-calls.ts'

/** Groups, and who is in them (servicenow-core 8.3). */

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

const members = {
  needs: tableNeeds('sys_user_grmember', { roles: ['user_admin', 'admin'] }),
  source: `Table API on sys_user_grmember; ${SOURCE}`,
}
const memberInput = z.strictObject({
  group: input.sysId.describe('sys_id of the group.'),
  user: input.sysId.describe('sys_id of the user.'),
})
const membershipOf = ({ group, user }: z.output<typeof memberInput>) => query().where('group', '=', group).where('user', '=', user).text()

export const groupActions = [
  getRow(group),
  uniqueRow(group, { verb: 'getByName', key: 'name', field: 'name', called: 'name', value: nameOf('Name of the group.') }),
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
    perform: async (sender, call, asked) => {
      const [there] = rowsFrom(sender, await sender.send(call), 'false')
      return there ?? rowFrom(sender, (await sender.send(createCall('sys_user_grmember', asked, {}))).result, 'false')
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
    perform: async (sender, call, asked) => {
      const found = rowsFrom(sender, await sender.send(call), 'false').map(row =>
        columnsFrom(sender, row, { required: ['sys_id', 'user', 'group'] }),
      )
      if (found.length === 0) throw sender.failure('not-found', 'the user is no member of the group, or the membership is hidden')
      // An instance that ignored the condition would have another membership deleted.
      if (found.some(({ user, group }) => user !== asked.user || group !== asked.group))
        throw sender.failure('broken-answer', 'the instance gave memberships that were not asked for')
      for (const { sys_id } of found) await sender.send(deleteCall('sys_user_grmember', sys_id))
      return { deleted: true as const }
    },
    example: { input: { group: GROUP_ID, user: USER_ID }, output: { deleted: true } },
    source: members.source,
    repeat: { probe: 'Ask group.members: who is not there is removed.' },
  }),
] as const
