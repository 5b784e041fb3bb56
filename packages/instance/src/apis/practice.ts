import type { ApiCall, OpenCall } from '../call/call.ts'
import { DEMO } from '../demo-company/demo.ts'
import { escaped, htmlPage, tableOf } from '../wire/html.ts'
import { assertNothingSaid } from './practice-input.ts'

/** POST /practice/reset: all records as they were in the beginning. */
export async function resetInstance(call: ApiCall): Promise<Response> {
  await assertNothingSaid(call, 'it brings all records back to what the instance began with')
  await call.practice.reset()
  return new Response(null, { status: 204 })
}

const ANSWERS: readonly (readonly [address: string, what: string])[] = [
  ['/api/now/table/{table}', 'Table API, also with <code>v1</code> and <code>v2</code>'],
  ['/api/now/attachment', 'Attachment API'],
  ['/api/now/stats/{table}', 'Aggregate API'],
  ['/api/now/batch', 'Batch API'],
  ['/api/now/import/{staging table}', 'Import Set API'],
  ['/api/sn_chg_rest/change', 'Change Management API'],
  ['/api/now/tinyurl', 'short addresses for long queries'],
  ['/api/now/ui/user/current_user', 'who am I'],
  ['/oauth_token.do', 'OAuth 2.0'],
  ['/practice', 'what a desk does, with the command for it'],
  ['/practice/faults', 'what can go wrong on purpose (<code>/practice/faults/kinds</code> lists it)'],
  ['/practice/clock', 'the clock, which can be set'],
  ['/practice/wake-ups', 'calls made after changes'],
  ['/practice/reset', 'POST: all records as they were in the beginning'],
]

/** GET /: readable without signing in, so it names nobody but the people that every instance begins with. */
export async function showFrontPage({ practice }: OpenCall): Promise<Response> {
  const { database, dictionary } = practice
  const wanted = [
    DEMO.admin,
    DEMO.integration,
    ...DEMO.agents,
    ...DEMO.customers.flatMap(({ defaultCaller, users }) => [defaultCaller, ...users]),
  ]
  const users = await database.run(
    `select u.user_name, u.name, coalesce(string_agg(r.name, ', ' order by r.name), '') from ${database.name('sys_user')} u
      left join ${database.name('sys_user_has_role')} h on h."user" = u.sys_id left join ${database.name('sys_user_role')} r on r.sys_id = h.role
      where u.sys_id = any($1::text[]) and u.active group by u.sys_id, u.user_name, u.name order by array_position($1::text[], u.sys_id)`,
    [wanted.map(({ sysId }) => sysId)],
  )
  const tables = [...dictionary.tables.values()].map(({ name, label, parent, columns }) => [
    `<code>${name}</code>`,
    escaped(label),
    parent?.name ?? '',
    String(columns.size),
  ])
  return htmlPage(
    'Practice instance',
    `<p>A server that answers as ServiceNow does, for trying, learning and testing. It is not ServiceNow, and not made by ServiceNow.
Its companies and people do not exist.</p>
<p><a href="/practice">At the desk</a>: what a desk does with each kind of ticket, with the command for it.</p>
<h2 id="apis">What it answers</h2>
${tableOf(
  ['Address', 'What'],
  ANSWERS.map(([address, what]) => [`<code>${address}</code>`, what]),
)}
<h2 id="people">Who can sign in</h2>
<p>With the password that whoever started it was shown or chose.</p>
${tableOf(
  ['User', 'Name', 'Roles'],
  users.map(cells => cells.map(cell => escaped(cell ?? ''))),
)}
<h2 id="differences">What it does not</h2>
<p>The Case, Trouble Ticket and Service Catalog APIs answer 501. There are no workflows, service levels, notifications or
scripts. <code>known-differences.md</code> in its package has the whole list, with reasons.</p>
<h2 id="tables">Tables</h2>
${tableOf(['Table', 'Label', 'Extends', 'Fields'], tables)}`,
  )
}
