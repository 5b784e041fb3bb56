import type { ApiCall, OpenCall } from '../call/call.ts'
import { DEMO } from '../demo-company/demo.ts'

/** POST /practice/reset: all records as they were in the beginning. */
export async function resetInstance({ practice }: ApiCall): Promise<Response> {
  await practice.reset()
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
  ['/practice/faults', 'what can go wrong on purpose (<code>/practice/faults/kinds</code> lists it)'],
  ['/practice/clock', 'the clock, which can be set'],
  ['/practice/wake-ups', 'calls made after changes'],
  ['/practice/reset', 'POST: all records as they were in the beginning'],
]

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:56rem;margin:2rem auto;padding:0 1rem;color:#1b1f24}
h2{margin-top:2rem}table{border-collapse:collapse}td,th{text-align:left;vertical-align:top;padding:.2rem 1.2rem .2rem 0;border-bottom:1px solid #ddd}
code{background:#f2f3f5;padding:0 .2rem;border-radius:3px}`

const rows = (of: readonly (readonly string[])[]) => of.map(cells => `<tr><td>${cells.join('<td>')}`).join('\n')

const escaped = (text: string) => text.replace(/[&<>"]/g, character => `&#${character.charCodeAt(0)};`)

/** GET / and /practice: readable without signing in, so it names nobody but the people that every instance begins with. */
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
  const page = `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Deskbridge practice instance</title>
<style>${STYLE}</style>
<h1>Deskbridge practice instance</h1>
<p>A server that answers as ServiceNow does, for trying, learning and testing. It is not ServiceNow, and not made by ServiceNow.
Its companies and people do not exist.</p>
<h2>What it answers</h2>
<table>${rows(ANSWERS.map(([address, what]) => [`<code>${address}</code>`, what]))}</table>
<h2>Who can sign in</h2>
<p>With the password that whoever started it was shown or chose.</p>
<table><tr><th>User<th>Name<th>Roles
${rows(users.map(cells => cells.map(cell => escaped(cell ?? ''))))}</table>
<h2>What it does not</h2>
<p>The Case, Trouble Ticket and Service Catalog APIs answer 501. There are no workflows, service levels, notifications or
scripts. <code>known-differences.md</code> in its package has the whole list, with reasons.</p>
<h2>Tables</h2>
<table><tr><th>Table<th>Label<th>Extends<th>Fields
${rows(tables)}</table>
</html>`
  return new Response(page, { headers: { 'Content-Type': 'text/html;charset=UTF-8' } })
}
