import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { Agent } from 'node:https'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { serveInstance } from '@deskbridge/instance'
import { afterAll, beforeAll, describe, expect, vi } from 'vitest'
import { incidentFlow } from './node-red-flow.ts'
import { DEMO, openRoom, PASSWORD, type Room } from './practice-room.ts'
import { FETCHING, realClients } from './real-clients.ts'
import { practiceOnly as test } from './which-instance.ts'

/** Clients that others wrote for ServiceNow, unchanged, over a socket. */

let room: Room
let served: Awaited<ReturnType<typeof serveInstance>>
let clients: Awaited<ReturnType<typeof realClients>>

beforeAll(async () => {
  clients = await realClients()
  room = await openRoom()
  served = await serveInstance(room.instance, { port: 0 })
  room.instance.setBaseUrl(served.url)
}, FETCHING)
afterAll(async () => {
  await served.close()
  await room.close()
})

// biome-ignore lint/suspicious/noExplicitAny: answers are looked at as a script would.
type Any = any

describe('servicenow-rest-api', () => {
  /** It calls `https://NAME.service-now.com` and nothing else: the line it is given ends at the practice instance. */
  const line = () => Object.assign(new Agent(), { createConnection: () => connect(Number(new URL(served.url).port), '127.0.0.1') })
  let call: (method: string, ...args: unknown[]) => Promise<Any>

  beforeAll(() => {
    const ServiceNow = clients.load('servicenow-rest-api')
    const client = new ServiceNow('practice', 'admin', PASSWORD)
    client.setNetworkOptions({ httpsAgent: line() })
    call = (method, ...args) => new Promise(done => client[method](...args, done))
    // It tells the console every address.
    vi.spyOn(console, 'log').mockReturnValue()
  })

  test('creates by labels and names, finds by a query, changes, reads files, deletes', async () => {
    const made = await call(
      'createNewTask',
      { short_description: 'by a wrapper', urgency: '1 - High', caller_id: 'North User One' },
      'incident',
    )
    expect(made).toMatchObject({ short_description: 'by a wrapper', urgency: '1 - High', caller_id: { display_value: 'North User One' } })
    const found = await call('getTableData', ['number', 'state'], [`number=${made.number}`, 'active=true'], 'incident')
    expect(found).toEqual([{ number: made.number, state: 'New' }])
    expect(await call('getSampleData', 'change_request')).toHaveLength(1)
    expect(await call('getSysId', 'incident', made.number)).toBe(made.sys_id)
    const changed = await call('UpdateTask', 'incident', made.number, { state: 'In Progress', work_notes: 'looked at' })
    expect(changed).toMatchObject({ state: 'In Progress', work_notes: expect.stringContaining('looked at') })
    const parameters = `table_name=incident&table_sys_id=${made.sys_id}&file_name=note.txt`
    const sent = { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'hello' }
    const { result: file } = (await (await room.fetch(`/api/now/attachment/file?${parameters}`, sent)).json()) as Any
    expect(await call('getAllAttachmentsMetaData', made.sys_id)).toEqual([file])
    expect(await call('getAttachmentMetaData', file.sys_id)).toEqual(file)
    expect((await call('getAttachment', file.sys_id)).data).toBe('hello')
    expect(await call('DeleteTask', 'incident', made.number)).toMatchObject({ status: 204 })
    expect(await call('getTableData', [], [`number=${made.number}`], 'incident')).toEqual([])
  })

  test('hears what is wrong', async () => {
    const wrong = await call('getTableData', [], [], 'nope')
    expect(wrong.response).toMatchObject({ status: 400, data: { error: { message: 'Invalid table nope' } } })
  })
})

describe('the scaffolder actions of Backstage', () => {
  /** Its module registers its actions as it does in a Backstage backend. */
  const actions = async (): Promise<(id: string, input: object) => Promise<Any>> => {
    const { default: module } = clients.load('@backstage-community/plugin-scaffolder-backend-module-servicenow')
    const settings: Record<string, string> = {
      'servicenow.baseUrl': served.url,
      'servicenow.username': DEMO.agents[0].userName,
      'servicenow.password': PASSWORD,
    }
    const registered: Any[] = []
    for (const { init } of module.getRegistrations())
      await init.func({
        scaffolder: { addActions: (...each: Any[]) => registered.push(...each) },
        config: { getString: (key: string) => settings[key] },
      })
    return async (name, input) => {
      const output: Record<string, Any> = {}
      const action = registered.find(each => each.id === `servicenow:now:table:${name}`)
      await action.handler({ input, output: (key: string, value: Any) => Object.assign(output, { [key]: value }) })
      return output.result
    }
  }

  test('create, retrieve, modify, update and delete a record', async () => {
    const run = await actions()
    const made = await run('createRecord', {
      tableName: 'incident',
      requestBody: { short_description: 'scaffolded', caller_id: 'North User One' },
      sysparmInputDisplayValue: true,
      sysparmExcludeReferenceLink: true,
      sysparmFields: ['sys_id', 'number', 'caller_id', 'priority'],
    })
    expect(made).toMatchObject({ caller_id: DEMO.customers[0].users[0].sysId, priority: '5' })
    const one = { tableName: 'incident', sysId: made.sys_id }
    expect((await run('retrieveRecord', { ...one, sysparmDisplayValue: 'all', sysparmFields: ['state'] })).state.display_value).toBe('New')
    const listed = await run('retrieveRecords', {
      tableName: 'incident',
      sysparmQuery: `number=${made.number}`,
      sysparmLimit: 1,
      sysparmNoCount: true,
    })
    expect(listed).toHaveLength(1)
    expect(await run('modifyRecord', { ...one, requestBody: { urgency: '1' } })).toMatchObject({
      urgency: '1',
      short_description: 'scaffolded',
    })
    expect(await run('updateRecord', { ...one, requestBody: { impact: '1' }, sysparmSuppressAutoSysField: true })).toMatchObject({
      priority: '1',
    })
    await run('deleteRecord', one)
    await expect(run('retrieveRecord', one)).rejects.toThrow('No Record found')
    await expect(run('createRecord', { tableName: 'nope', requestBody: {} })).rejects.toThrow('Invalid table nope')
  })
})

describe('Node-RED', () => {
  let folder: string
  let running: ChildProcess
  let port: number

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'deskbridge-node-red-'))
    port = await freePort()
    const { flow, credentials } = incidentFlow(served.url, 'admin', PASSWORD)
    writeFileSync(join(folder, 'flows.json'), JSON.stringify(flow))
    writeFileSync(join(folder, 'flows_cred.json'), JSON.stringify(credentials))
    const settings = { flowFile: 'flows.json', credentialSecret: false, uiHost: '127.0.0.1', uiPort: port, httpAdminRoot: false }
    const quiet = { telemetry: { enabled: false, updateNotification: false }, logging: { console: { level: 'warn' } } }
    writeFileSync(join(folder, 'settings.js'), `module.exports = ${JSON.stringify({ ...settings, ...quiet })}`)
    const program = clients.load.resolve('node-red/red.js')
    running = spawn(process.execPath, [program, '--userDir', folder], { stdio: ['ignore', 'inherit', 'inherit'] })
  })
  afterAll(async () => {
    const ended = new Promise(done => running.once('exit', done))
    running.kill('SIGTERM')
    await ended
    rmSync(folder, { recursive: true, force: true })
  })

  test('a flow creates an incident, reads it back and works on it', async () => {
    const [made, seen, worked] = await story()
    expect(made).toMatchObject({ short_description: 'from a flow', priority: '2', state: '1', sys_created_by: 'admin' })
    expect(seen).toMatchObject({ number: made.number, state: 'New', opened_by: { display_value: 'System Administrator' } })
    expect(worked).toMatchObject({ number: made.number, state: '2', sys_mod_count: '1' })
    expect(await room.find('sys_journal_field', `element_id=${made.sys_id}`, 'value')).toEqual(['Somebody is looking at it'])
  })

  /** The flow's own answer; Node-RED takes a moment until it listens. */
  async function story(): Promise<Any> {
    for (;;) {
      if (running.exitCode !== null) throw new Error(`Node-RED ended with ${running.exitCode}`)
      const answer = await fetch(`http://127.0.0.1:${port}/story`).catch(() => undefined)
      if (answer?.ok) return await answer.json()
      if (answer && answer.status !== 404) throw new Error(`Node-RED answered ${answer.status}: ${await answer.text()}`)
      await pause(200)
    }
  }
})

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise(done => server.once('listening', done))
  const { port } = server.address() as AddressInfo
  await new Promise(done => server.close(done))
  return port
}
