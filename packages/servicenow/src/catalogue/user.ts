import { z } from 'zod'
import { action } from '../performing/action.ts'
import { tableNeeds } from '../rows/needs.ts'
import { readColumns } from '../rows/reading.ts'

const OPTIONAL = ['name', 'email', 'time_zone'] as const

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
    perform: async (ask, call) => {
      const { result } = await ask.send(call)
      if (!Array.isArray(result)) throw ask.failure('broken-answer', 'the result is no list')
      if (result.length === 0) throw ask.failure('unreadable', 'the user may not read its own record in sys_user')
      if (result.length > 1) throw ask.failure('broken-answer', 'the instance did not evaluate gs.getUserID()')
      return readColumns(ask, result[0], { required: ['sys_id', 'user_name'], optional: OPTIONAL })
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
] as const
