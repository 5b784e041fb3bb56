/**
 * The peer of the practice instance: a bare `node:http` server that gives the same answers from the same tables, by statements
 * written by hand, through the same driver. No sign-in, no rights, no rules, no query language, no other headers.
 */
import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import pg from 'pg'

const [schema = ''] = process.argv.slice(2)
const databaseUrl = process.env.DATABASE_URL
const types = { getTypeParser: () => (value: string) => value } as unknown as pg.CustomTypesConfig
const pool = new pg.Pool({ connectionString: databaseUrl, max: 6, types })
type Cell = string | null
const rows = async (name: string, text: string, values: unknown[]) =>
  (await pool.query<Cell[]>({ name, text, values, rowMode: 'array' })).rows

const task = `${schema}.task`
const { rows: found } = await pool.query(
  `select column_name as name, data_type as type from information_schema.columns where table_schema = $1 and table_name = 'task'`,
  [schema],
)
const typeOf = new Map<string, string>(found.map(({ name, type }) => [name, type]))

const server = createServer((request, response) => {
  answer(request, response).catch(error => {
    console.error('bare server:', error)
    response.destroy()
  })
})
process.on('disconnect', () => process.exit())
const address = await new Promise<string>(done => {
  server.listen(0, '127.0.0.1', () => done(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))
})

const NOW = `date_trunc('second', statement_timestamp() at time zone 'UTC')`
const SYSTEM = 'sys_id, sys_created_on, sys_created_by, sys_updated_on, sys_updated_by, sys_mod_count'

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [, what, key = ''] = request.url!.split('/')
  switch (what) {
    case 'shape':
      takeShape(JSON.parse(await text(request)))
      return send(response, '{}')
    case 'record': {
      const [row] = await rows('record', `${wholeRecord} where t.sys_id = $1 and t.sys_class_name = 'incident'`, [key])
      return send(response, JSON.stringify({ result: whole(row!) }))
    }
    case 'list': {
      const where = `where t.sys_class_name = 'incident' and t.active and t.assignment_group = $1`
      const listed = await rows(
        'list',
        `select number, short_description, state, priority, caller_id, sys_updated_on from ${task} t ${where} order by sys_updated_on desc, sys_id limit 100`,
        [key],
      )
      const [count] = await rows('total', `select count(*) from ${task} t ${where}`, [key])
      return send(response, JSON.stringify({ result: listed.map(short) }), { 'X-Total-Count': count![0]! })
    }
    case 'count': {
      const [row] = await rows(
        'count',
        `select count(*) from ${task} t where t.sys_class_name = 'incident' and t.active and t.assignment_group = $1`,
        [key],
      )
      return send(response, JSON.stringify({ result: { stats: { count: row![0] } } }))
    }
    case 'words': {
      const match = `(select sys_id from ${task} where text_search @@ websearch_to_tsquery('english', $1)
        union all select element_id from ${schema}.sys_journal_field where to_tsvector('english', left(value, 50000)) @@ websearch_to_tsquery('english', $1))`
      const listed = await rows(
        'words',
        `select number, short_description, state, priority, caller_id, sys_updated_on from ${task} t
         where t.sys_class_name = 'incident' and t.sys_id in ${match}
         order by ts_rank(t.text_search, websearch_to_tsquery('english', $1)) desc, sys_id limit 100`,
        [key],
      )
      return send(response, JSON.stringify({ result: listed.map(short) }))
    }
    case 'create':
      return create(await text(request), response)
    default:
      return update(key, await text(request), response)
  }
}

async function create(body: string, response: ServerResponse): Promise<void> {
  const { short_description, description, caller_id, assignment_group, impact, urgency, correlation_id } = JSON.parse(body)
  const [row] = await rows(
    'create',
    `with made as (select ${NOW} as now, 'INC' || lpad(nextval('${schema}.number_inc')::text, 7, '0') as number), t as (
     insert into ${task} (${SYSTEM}, sys_class_name, sys_domain, sys_domain_path, number, task_effective_number, short_description, description,
       state, incident_state, active, priority, impact, urgency, severity, notify, approval, upon_approval, upon_reject, escalation, made_sla,
       knowledge, reassignment_count, category, opened_at, opened_by, caller_id, assignment_group, correlation_id, child_incidents, reopen_count)
     select $1, now, 'admin', now, 'admin', 0, 'incident', 'global', '/', number, number, $2, $3, 1, 1, true, 4, $4::integer, $5::integer, 3, 1,
       'not requested', 'proceed', 'cancel', 0, true, false, 0, 'inquiry', now, $6, $6, $7, $8, 0, 0 from made returning *)
     ${wholeRecord.replace(`from ${task} t`, 'from t')}`,
    [randomBytes(16).toString('hex'), short_description, description, impact, urgency, caller_id, assignment_group, correlation_id],
  )
  send(response, JSON.stringify({ result: whole(row!) }))
}

async function update(id: string, body: string, response: ServerResponse): Promise<void> {
  const { work_notes, short_description } = JSON.parse(body)
  const [row] = await rows(
    'update',
    `with o as (select sys_id, short_description from ${task} where sys_id = $1 for update), t as (
     update ${task} t set short_description = $2, sys_updated_on = ${NOW}, sys_updated_by = 'admin', sys_mod_count = t.sys_mod_count + 1
       from o where t.sys_id = o.sys_id returning t.*),
     j as (insert into ${schema}.sys_journal_field (${SYSTEM}, name, element, element_id, value)
       select $3, ${NOW}, 'admin', ${NOW}, 'admin', 0, 'incident', 'work_notes', $1, $4),
     a as (insert into ${schema}.sys_audit (${SYSTEM}, tablename, documentkey, fieldname, oldvalue, newvalue, "user", record_checkpoint)
       select replace(gen_random_uuid()::text, '-', ''), ${NOW}, 'admin', ${NOW}, 'admin', 0, 'incident', $1, v.field, v.before, v.after, 'admin', t.sys_mod_count::text
       from t, o, lateral (values ('short_description', o.short_description, $2), ('work_notes', null, $4)) v (field, before, after))
     ${wholeRecord.replace(`from ${task} t`, 'from t')}`,
    [id, short_description, randomBytes(16).toString('hex'), work_notes],
  )
  send(response, JSON.stringify({ result: whole(row!) }))
}

interface Field {
  name: string
  stored: boolean
  truth: boolean
  link: string | undefined
}
let fields: Field[] = []
let wholeRecord = ''

/** The same fields in the same shape as a record of the instance, which this is one of. */
function takeShape(record: Record<string, string | { link: string }>): void {
  fields = Object.entries(record).map(([name, value]) => ({
    name,
    stored: typeOf.has(name),
    truth: typeOf.get(name) === 'boolean',
    link: typeof value === 'object' ? value.link.slice(0, value.link.lastIndexOf('/') + 1) : undefined,
  }))
  // One cell of JSON, as the driver spends more on describing a hundred columns than on their values.
  const cells = fields.filter(({ stored }) => stored).map(({ name }) => `t."${name}"::text`)
  wholeRecord = `select to_json(array[${cells.join(', ')}]) from ${task} t`
}

function whole([cell]: Cell[]): Record<string, unknown> {
  const cells = JSON.parse(cell!) as Cell[]
  const record: Record<string, unknown> = {}
  let at = 0
  for (const { name, stored, truth, link } of fields) {
    const value = stored ? (cells[at++] ?? '') : ''
    record[name] =
      link && value !== '' ? { link: link + value, value } : truth ? (value === '' ? '' : String(value.startsWith('t'))) : value
  }
  return record
}

function short([number, short_description, state, priority, caller, sys_updated_on]: Cell[]): Record<string, unknown> {
  const caller_id = { link: `${address}/api/now/table/sys_user/${caller}`, value: caller }
  return { number, short_description, state, priority, caller_id, sys_updated_on }
}

async function text(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(piece as Buffer)
  return Buffer.concat(pieces).toString()
}

function send(response: ServerResponse, body: string, headers: Record<string, string> = {}): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...headers }).end(body)
}

process.send!({ url: address })
