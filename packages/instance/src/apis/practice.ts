import type { Call, OpenCall } from '../wire/call.ts'

/** POST /practice/reset: all records as they were in the beginning. */
export async function resetInstance({ practice }: Call): Promise<Response> {
  await practice.reset()
  return new Response(null, { status: 204 })
}

/** GET / and /practice */
export async function frontPage({ practice }: OpenCall): Promise<Response> {
  const tables = [...practice.dictionary.tables.values()]
  const rows = tables.map(
    ({ name, label, parent, columns }) => `<tr><td><code>${name}</code><td>${label}<td>${parent?.name ?? ''}<td>${columns.size}`,
  )
  const page = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Deskbridge practice instance</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem}td,th{text-align:left;padding:.1rem 1rem .1rem 0}</style>
<h1>Deskbridge practice instance</h1>
<p>A server that answers as ServiceNow does, for trying, learning and testing. It is not ServiceNow, and not made by ServiceNow.
Its companies and people do not exist.</p>
<h2>What it answers</h2>
<ul><li><code>/api/now/table/{table}</code>: the Table API, also with <code>v1</code> and <code>v2</code>
<li><code>/api/now/attachment</code>: the Attachment API
<li><code>/api/now/stats/{table}</code>: the Aggregate API
<li><code>/api/now/batch</code>: the Batch API
<li><code>/oauth_token.do</code>, <code>/oauth_revoke_token.do</code>: OAuth 2.0
<li><code>/api/now/ui/user/current_user</code>
<li><code>/practice/faults</code>: switches for faults, for administrators; <code>/practice/faults/kinds</code>: what can go wrong on purpose
<li><code>/practice/clock</code>: the clock, which an administrator may set</ul>
<h2>What it does not</h2>
<p>The Import Set, Change Management, Case, Trouble Ticket and Service Catalog APIs, approvals, workflows,
SLAs, notifications and scripts. <code>known-differences.md</code> has the whole list.</p>
<h2>Tables</h2>
<table><tr><th>Table<th>Label<th>Extends<th>Fields${rows.join('\n')}</table>
</html>`
  return new Response(page, { headers: { 'Content-Type': 'text/html;charset=UTF-8' } })
}
