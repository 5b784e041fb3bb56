import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, statSync } from 'node:fs'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { ROWS } from '../catalogue/rows.ts'
import { COMMAND, openPractice, type Practice } from '../proof/practice.ts'
import { toolName } from './tool.ts'

/** `deskbridge mcp` as an assistant meets it: the protocol's own client, over both ways, against a practice instance. */

type Shape = { properties: Record<string, { description?: string }> }

let practice: Practice
let http: ChildProcess
let address: URL
let tokenFile: string
let said = ''
const clients: Record<string, Client> = {}

beforeAll(async () => {
  practice = await openPractice()
  http = spawn(process.execPath, [COMMAND, 'mcp', '--http', '0'], { env: practice.env, stdio: ['ignore', 'pipe', 'inherit'] })
  for await (const piece of http.stdout!.setEncoding('utf8')) {
    said += piece
    if (said.includes('Ctrl-C')) break
  }
  address = new URL(/Tools: (\S+)/.exec(said)![1]!)
  tokenFile = /Bearer token: in (\S+)/.exec(said)![1]!
  const token = readFileSync(tokenFile, 'utf8').trim()
  clients['streamable HTTP'] = await client(
    new StreamableHTTPClientTransport(address, { requestInit: { headers: { authorization: `Bearer ${token}` } } }),
  )
  clients.stdio = await client(overStdio())
  clients['read only'] = await client(overStdio('--read-only'))
})
afterEach(() => practice.noFaults())
afterAll(async () => {
  for (const one of Object.values(clients)) await one.close()
  http.kill('SIGTERM')
  if (http.exitCode === null) await once(http, 'exit')
  await practice.close()
})

function overStdio(...args: string[]) {
  return new StdioClientTransport({ command: process.execPath, args: [COMMAND, 'mcp', ...args], env: practice.env })
}

async function client(transport: StdioClientTransport | StreamableHTTPClientTransport): Promise<Client> {
  const made = new Client({ name: 'an assistant', version: '1' })
  await made.connect(transport as Transport)
  return made
}

async function call(way: string, name: string, input: object = {}) {
  const answer = (await clients[way]!.callTool({ name, arguments: input as Record<string, unknown> })) as CallToolResult
  const [first] = answer.content
  return { ...answer, text: first?.type === 'text' ? first.text : '' }
}

test('over HTTP the token is in a file for its owner alone, and is not printed', () => {
  expect(statSync(tokenFile).mode & 0o777).toBe(0o600)
  expect(said).not.toContain(readFileSync(tokenFile, 'utf8').trim())
  expect(address.hostname).toBe('127.0.0.1')
})

describe.each(['stdio', 'streamable HTTP'])('over %s', way => {
  test('every action is a tool, marked with what it does', async () => {
    const { tools } = await clients[way]!.listTools()
    expect(tools.map(({ name }) => name)).toEqual(ROWS.map(toolName))
    for (const tool of tools) {
      expect(tool.name).toMatch(/^[a-zA-Z0-9_-]{1,64}$/)
      const { effect, whenToUse, repeat } = ROWS.find(row => toolName(row) === tool.name)!
      expect(tool.description).toContain(whenToUse)
      expect(tool.annotations).toMatchObject({
        readOnlyHint: effect === 'reads',
        destructiveHint: effect === 'deletes',
        idempotentHint: repeat === 'safe',
      })
    }
  })

  test('an incident is made, found and commented on', async () => {
    const made = JSON.parse(
      (await call(way, 'incident_create', { values: { short_description: `by ${way}` }, fields: ['sys_id', 'number'] })).text,
    )
    const found = JSON.parse((await call(way, 'incident_list', { query: `number=${made.number}`, fields: ['short_description'] })).text)
    expect(found).toEqual({ rows: [{ short_description: `by ${way}` }], total: 1 })
    await call(way, 'journal_add', { table: 'incident', sysId: made.sys_id, element: 'comments', text: 'We look at it.' })
    const { structuredContent } = await call(way, 'journal_list', { recordIds: [made.sys_id] })
    expect(structuredContent).toMatchObject({ rows: [{ value: 'We look at it.' }] })
  })

  test('what went wrong is an answer of the tool, in the words of the command line', async () => {
    expect(await call(way, 'incident_get', { sysId: 'INC1' })).toMatchObject({
      isError: true,
      text: expect.stringContaining('sysId: a sys_id has 32'),
    })
    expect(await call(way, 'incident_get', { sysId: '0'.repeat(32) })).toMatchObject({
      isError: true,
      text: expect.stringMatching(/^incident\.get failed, not-found: .*\(HTTP 404\)/),
    })
    await practice.fault({ kind: 'reset-after-write', method: 'POST', path: '/incident' })
    const unknown = await call(way, 'incident_create', { values: { short_description: `once by ${way}` } })
    expect(unknown).toMatchObject({
      isError: true,
      text: expect.stringMatching(/The outcome is unknown.*\. Do not simply repeat it\. Find out first: .*correlation_id/),
    })
    expect((await practice.ask(`/api/now/table/incident?sysparm_query=short_description=once by ${way}`)).result).toHaveLength(1)
    await expect(call(way, 'incident_nothing')).rejects.toThrow('there is no tool "incident_nothing"')
  })

  test('a field that the instance left out of a write is named, in the answer and in words', async () => {
    await practice.fault({ kind: 'unwritable-field', fields: ['description', 'comments'] })
    const made = await call(way, 'incident_create', { values: { short_description: 'partly', description: 'gone' }, fields: ['sys_id'] })
    expect(made.isError ?? false).toBe(false)
    expect(JSON.parse(made.text).notTaken).toEqual([{ field: 'description', asked: 'gone', kept: '' }])
    expect(made.content).toHaveLength(2)
    expect(made.content[1]).toEqual({
      type: 'text',
      text: expect.stringMatching(/^incident\.create was done, but ServiceNow did not take all of it.*\n {2}description: asked for "gone"/),
    })
    const words = { table: 'incident', sysId: JSON.parse(made.text).sys_id, element: 'comments', text: 'hello' }
    const said = await call(way, 'journal_add', words)
    expect(said.structuredContent).toMatchObject({ notTaken: [{ field: 'comments', asked: 'hello', kept: '' }] })
    await practice.noFaults()
    expect((await call(way, 'journal_add', words)).content).toHaveLength(1)
  })

  test('a file goes up and comes down', async () => {
    const [{ sys_id: sysId }] = JSON.parse((await call(way, 'incident_list', { limit: 1 })).text).rows
    const upload = {
      table: 'incident',
      sysId,
      name: 'a.bin',
      contentType: 'application/octet-stream',
      body: Buffer.from([0, 1, 255]).toString('base64'),
    }
    const up = await call(way, 'attachment_upload', upload)
    expect(up.structuredContent).toMatchObject({ size_bytes: '3' })
    const { content } = await call(way, 'attachment_download', { sysId: JSON.parse(up.text).sys_id })
    expect(content).toMatchObject([{ type: 'text' }, { type: 'resource', resource: { blob: upload.body } }])
    const { structuredContent: guessed } = await call(way, 'attachment_upload', {
      ...upload,
      name: 'notes.TXT',
      contentType: '',
      body: 'AAH/\r\nAAH/\n',
    })
    expect(guessed).toMatchObject({ size_bytes: '6', content_type: 'text/plain' })
    expect((await call(way, 'attachment_upload', { ...upload, body: '' })).structuredContent).toMatchObject({ size_bytes: '0' })
    expect(await call(way, 'attachment_upload', { ...upload, body: 'AAH/\nAé==' })).toMatchObject({
      isError: true,
      text: expect.stringContaining('body is not base64 (RFC 4648, section 4): character 7 is "é" (U+00E9)'),
    })
  })

  test('what is empty is left out, and clear empties a field', async () => {
    const { tools } = await clients[way]!.listTools()
    const { properties } = tools.find(({ name }) => name === 'incident_update')!.inputSchema as Shape
    expect(properties.values!.description).toMatch(/An empty one is left out; clear empties fields\.$/)
    expect(properties.clear!.description).toContain('on purpose')
    const values = { short_description: 'kept', description: 'long', assigned_to: '', urgency: null, impact: ' ' }
    const empty = { fields: [''], displayValue: '', clear: [null] }
    const made = JSON.parse((await call(way, 'incident_create', { values, ...empty })).text)
    expect(made).toMatchObject({ short_description: 'kept', description: 'long' })
    const update = { sysId: made.sys_id, fields: ['short_description', 'description'] }
    const said = await call(way, 'incident_update', { ...update, values: { short_description: '', urgency: '1', description: null } })
    expect(JSON.parse(said.text)).toEqual({ short_description: 'kept', description: 'long' })
    const cleared = await call(way, 'incident_update', { ...update, values: { short_description: '' }, clear: ['description', ' '] })
    expect(JSON.parse(cleared.text)).toEqual({ short_description: 'kept', description: '' })
    expect(await call(way, 'incident_update', { ...update, values: { description: '' } })).toMatchObject({
      isError: true,
      text: expect.stringContaining('values: at least one field, here or in clear'),
    })
    expect((await call(way, 'incident_list', { query: '', limit: 1, offset: null })).isError ?? false).toBe(false)
    expect(await call(way, 'incident_get', { sysId: '' })).toMatchObject({
      isError: true,
      text: expect.stringContaining('sysId: it is missing'),
    })
  })
})

describe('large answers', () => {
  beforeAll(async () => {
    const values = { description: 'x'.repeat(3_900), correlation_id: 'long' }
    for (let n = 0; n < 18; n++) await call('stdio', 'incident_create', { values, fields: ['sys_id'] })
  })

  test('a list that nobody limited is a short one, and says how to go on', async () => {
    const first = JSON.parse((await call('stdio', 'incident_list', { fields: ['number'] })).text)
    expect(first.rows).toHaveLength(20)
    expect(first.next).toContain('offset 20')
    const rest = JSON.parse((await call('stdio', 'incident_list', { fields: ['number'], offset: 20, limit: 1000 })).text)
    expect(rest.next).toBeUndefined()
    expect(rest.rows).toHaveLength(first.total - 20)
  })

  test('more than an assistant can read is cut where a row ends, or says that it is cut', async () => {
    const listed = JSON.parse((await call('stdio', 'incident_list', { query: 'correlation_id=long', fields: ['description'] })).text)
    expect(listed).toMatchObject({ total: 18, next: expect.stringContaining('offset 15') })
    expect(listed.rows).toHaveLength(15)
    const raw = await call('stdio', 'api_read', { path: '/api/now/table/incident', parameters: { sysparm_limit: 40 } })
    expect(raw.text.length).toBeLessThan(61_000)
    expect(JSON.parse(raw.text).next).toMatch(/^This is not all/)
  })

  test('a long text says how much of it is missing', async () => {
    const [{ sys_id: sysId }] = JSON.parse((await call('stdio', 'incident_list', { limit: 1 })).text).rows
    await call('stdio', 'journal_add', { table: 'incident', sysId, element: 'work_notes', text: 'y'.repeat(25_000) })
    const { text } = await call('stdio', 'journal_list', { recordIds: [sysId], element: 'work_notes' })
    expect(JSON.parse(text).rows.at(-1).value).toMatch(/^y{20000}… \[5000 more characters\]$/)
  })
})

test('--read-only neither shows nor does anything that changes', async () => {
  const { tools } = await clients['read only']!.listTools()
  expect(tools.map(({ name }) => name)).toEqual(ROWS.filter(({ effect }) => effect === 'reads').map(toolName))
  await expect(call('read only', 'incident_create', { values: { short_description: 'no' } })).rejects.toThrow('is not offered')
})

test('--only offers families and single actions', async () => {
  const few = await client(overStdio('--only', 'journal,user.current'))
  expect((await few.listTools()).tools.map(({ name }) => name)).toEqual(['journal_list', 'journal_add', 'user_current'])
  await few.close()
})
