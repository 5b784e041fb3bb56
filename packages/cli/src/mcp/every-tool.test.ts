import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { ROWS } from '../catalogue/rows.ts'
import { COMMAND, openPractice, PASSWORD, type Practice } from '../proof/practice.ts'
import { toolName } from './tool.ts'

/** Every row of the catalogue as a tool over HTTP, asked with every kind of credential; what it must answer is computed from the row. */

const TOKENS = { all: 'the token of the server with all tools', reading: 'the token of the server that only reads' }
type Which = keyof typeof TOKENS

/** A walk is many small steps; on a busy machine they take their time. */
vi.setConfig({ testTimeout: 120_000 })

let practice: Practice
const servers = {} as Record<Which, { process: ChildProcess; address: URL }>
const agent = new Agent({ keepAlive: true, maxSockets: 8 })

beforeAll(async () => {
  practice = await openPractice()
  await Promise.all([serve('all'), serve('reading', '--read-only')])
})
afterAll(async () => {
  agent.destroy()
  for (const { process } of Object.values(servers)) {
    process.kill('SIGTERM')
    if (process.exitCode === null) await once(process, 'exit')
  }
  await practice?.close()
})

async function serve(which: Which, ...args: string[]): Promise<void> {
  const env = { ...practice.env, DESKBRIDGE_MCP_TOKEN: TOKENS[which] }
  const child = spawn(process.execPath, [COMMAND, 'mcp', '--http', '0', ...args], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  for await (const piece of child.stdout.setEncoding('utf8')) {
    said += piece
    if (said.includes('Ctrl-C')) break
  }
  servers[which] = { process: child, address: new URL(/Tools: (\S+)/.exec(said)![1]!) }
}

interface Heard {
  status: number
  text: string
}

/** fetch would not let us say another host. */
function post(which: Which, headers: Record<string, string>, message: object, path = '/mcp'): Promise<Heard> {
  const { hostname, port } = servers[which].address
  const common = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }
  return new Promise((done, failed) => {
    const sent = request({ agent, hostname, port, path, method: 'POST', headers: { ...common, ...headers } }, response => {
      let text = ''
      response.setEncoding('utf8').on('data', piece => (text += piece))
      response.once('end', () => done({ status: response.statusCode ?? 0, text }))
    })
    sent.once('error', failed).end(JSON.stringify({ jsonrpc: '2.0', id: 1, ...message }))
  })
}

const calling = (row: (typeof ROWS)[number]) => ({
  method: 'tools/call',
  params: { name: toolName(row), arguments: row.example.input },
})
const bearer = (which: Which) => ({ authorization: `Bearer ${TOKENS[which]}` })

/** What somebody comes with who may not call, and what each must hear. */
function refusedAt(which: Which): { name: string; headers: Record<string, string>; path?: string; status: number }[] {
  const right = bearer(which)
  const other = which === 'all' ? 'reading' : 'all'
  const authorizations = {
    nothing: undefined,
    'an empty header': '',
    'a scheme alone': 'Bearer',
    'the token without its scheme': TOKENS[which],
    'the token as Basic': `Basic ${Buffer.from(`:${TOKENS[which]}`).toString('base64')}`,
    'the token with more behind it': `${right.authorization}, x`,
    'the beginning of the token': right.authorization.slice(0, -1),
    'the token of another server': bearer(other).authorization,
    'the password of the instance': `Basic ${Buffer.from(`admin:${PASSWORD}`).toString('base64')}`,
  }
  return [
    ...Object.entries(authorizations).map(([name, authorization]) => ({
      name,
      headers: authorization === undefined ? {} : { authorization },
      status: 401,
    })),
    { name: 'the token in the address', headers: {}, path: `/mcp?access_token=${encodeURIComponent(TOKENS[which])}`, status: 401 },
    ...['evil.example', `evil.example:${servers[which].address.port}`, servers[other].address.host].map(host => ({
      name: `the token, under the name ${host}`,
      headers: { ...right, host },
      status: 403,
    })),
    ...['https://evil.example', 'null', servers[other].address.origin, servers[which].address.origin.replace('http', 'https')].map(
      origin => ({ name: `the token, from a page of ${origin}`, headers: { ...right, origin }, status: 403 }),
    ),
  ]
}

/** How many rows there are of what anything could have been done to. */
async function everythingThere(): Promise<unknown> {
  const tables = ['task', 'cmdb_ci', 'sys_attachment', 'sys_audit', 'sys_journal_field', 'sys_user', 'core_company', 'sys_import_set_row']
  return Promise.all(tables.map(async table => [table, (await practice.ask(`/api/now/stats/${table}?sysparm_count=true`)).result]))
}

test('every tool is refused to whoever does not come with the token of this server, to it and from a page of it', async () => {
  const before = await everythingThere()
  for (const { name, headers, path, status } of refusedAt('all'))
    await Promise.all(
      ROWS.map(async row => {
        const heard = await post('all', headers, calling(row), path)
        expect(heard.status, `${row.name}, called with ${name}: ${heard.text}`).toBe(status)
        expect(heard.text).not.toContain('"result"')
      }),
    )
  for (const { name, headers, path, status } of refusedAt('reading'))
    for (const method of ['initialize', 'tools/list', 'ping'])
      expect((await post('reading', headers, { method, params: {} }, path)).status, `${method} with ${name}`).toBe(status)
  expect(await everythingThere()).toEqual(before)
})

test('with the token the tools are told, also to a page of this very address', async () => {
  const { address } = servers.all
  for (const more of [{}, { origin: address.origin }, { host: `localhost:${address.port}` }]) {
    const { status, text } = await post('all', { ...bearer('all'), ...more }, { method: 'tools/list' })
    expect(status).toBe(200)
    for (const row of ROWS) expect(text).toContain(`"${toolName(row)}"`)
  }
})

test('every tool that changes something is missing where only reading is allowed, and nothing is changed there', async () => {
  const before = await everythingThere()
  for (const row of ROWS) {
    const { status, text } = await post('reading', bearer('reading'), calling(row))
    expect(status, row.name).toBe(200)
    if (row.effect === 'reads') expect(text, row.name).not.toContain('is not offered')
    else expect(text, row.name).toContain(`\\"${toolName(row)}\\" is not offered`)
  }
  expect(await everythingThere()).toEqual(before)
})
