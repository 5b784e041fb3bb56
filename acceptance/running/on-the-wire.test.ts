import { once } from 'node:events'
import { Agent, type IncomingMessage, request } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { basic } from '../system/answer.ts'
import { type Command, runCommand } from '../system/command.ts'
import { type StartedSystem, startSystem } from '../system/start-system.ts'
import { Wire } from '../system/wire.ts'

/** What proxies and stock clients need of every port of ours: the exchange, a practice instance, the tools of an assistant. */

const TOKEN = 'the token of these tests'
const KEEP_ALIVE_SECONDS = '1'
let system: StartedSystem
let tools: Command
let hasty: Command
let urls: Record<'exchange' | 'practice instance' | 'tools', string>

function serveTools(environment: Readonly<Record<string, string>> = {}): Command {
  const { url, username, password } = system.firstSteps.instances.sandbox
  return runCommand(['mcp', '--http', '0'], {
    SERVICENOW_INSTANCE_URL: url,
    SERVICENOW_USERNAME: username!,
    SERVICENOW_PASSWORD: password!,
    DESKBRIDGE_MCP_TOKEN: TOKEN,
    ...environment,
  })
}

async function addressOf(command: Command): Promise<string> {
  await command.untilPrinted('Ctrl-C', 30_000)
  return new URL(/Tools: (\S+)/.exec(command.output())![1]!).origin
}

beforeAll(async () => {
  system = await startSystem()
  tools = serveTools()
  hasty = serveTools({ KEEP_ALIVE_SECONDS })
  const { exchange, instances } = system.firstSteps
  urls = { exchange, 'practice instance': instances.sandbox.url, tools: await addressOf(tools) }
})
afterAll(async () => {
  tools?.process.kill('SIGTERM')
  hasty?.process.kill('SIGTERM')
  await system?.end()
})

/** One call that needs nothing, at each port. */
const SIMPLE: Readonly<Record<keyof typeof urls, Call>> = {
  exchange: { path: '/healthz' },
  'practice instance': { path: '/practice/faults/kinds' },
  // As an assistant's program calls.
  tools: {
    path: '/mcp',
    method: 'POST',
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    body: JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' }),
  },
}

interface Call {
  path: string
  method?: string
  headers?: Record<string, string>
  body?: string
}

/** A caller with one connection that it keeps, as a proxy does. */
function keeper(url: string) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  return {
    /** Whether it went over the connection that was there, and for how long the port keeps it. */
    call: async ({ path, method = 'GET', headers = {}, body }: Call) => {
      const asked = request(url + path, { agent, method, headers })
      asked.end(body)
      const [answer] = (await once(asked, 'response')) as [IncomingMessage]
      answer.resume()
      await once(answer, 'end')
      expect(answer.statusCode).toBeLessThan(300)
      return { reused: asked.reusedSocket, keeps: answer.headers['keep-alive'] }
    },
    connections: () => Object.values(agent.freeSockets).flat().length,
    end: () => agent.destroy(),
  }
}

describe('an idle connection', () => {
  test('stays longer than a proxy keeps its own, at every port, unless KEEP_ALIVE_SECONDS says otherwise', async () => {
    const ports = (Object.keys(SIMPLE) as (keyof typeof urls)[]).map(port => ({ port, keeper: keeper(urls[port]) }))
    for (const { port, keeper } of ports) expect((await keeper.call(SIMPLE[port])).keeps).toBe('timeout=90')
    const short = keeper(await addressOf(hasty))
    expect((await short.call(SIMPLE.tools)).keeps).toBe(`timeout=${KEEP_ALIVE_SECONDS}`)
    // Node's own limit is 5 s, and one more for the way.
    await pause(6_500)
    for (const { port, keeper } of ports) expect((await keeper.call(SIMPLE[port])).reused).toBe(true)
    expect(short.connections()).toBe(0)
    for (const one of [...ports.map(({ keeper }) => keeper), short]) one.end()
  }, 20_000)
})

const MEGABYTES = 8
const MUCH = 'QUJD'.repeat((MEGABYTES * 1024 * 1024) / 4)

/** A request whose refusal is certain long before its body has arrived. */
interface Refused {
  at: keyof typeof urls
  path: string
  type: string
  body?: string
  authorization?: () => Promise<string> | string
  status: number
}

const asPartner = async () => `Bearer ${await system.partner('customer').token()}`
const asOperator = () => basic(system.firstSteps.portalUsers.operator.email, system.firstSteps.portalUsers.operator.password)
const asDesk = () => basic(system.firstSteps.instances.sandbox.username!, system.firstSteps.instances.sandbox.password!)
const TICKET = '/network/kpn/servicenow/Ticket'
const INCIDENT = '/api/now/table/incident'

const REFUSALS: Readonly<Record<string, Refused>> = {
  'no JSON': { at: 'exchange', path: TICKET, type: 'application/json', body: '{"a":x', authorization: asPartner, status: 400 },
  'no base64': {
    at: 'exchange',
    path: TICKET,
    type: 'application/json',
    body: '{"attachments":[{"content":"QU?D',
    authorization: asPartner,
    status: 400,
  },
  'too much text': { at: 'exchange', path: TICKET, type: 'application/json', body: '{"a":"', authorization: asPartner, status: 413 },
  'another type': { at: 'exchange', path: TICKET, type: 'text/plain', authorization: asPartner, status: 415 },
  'no token': { at: 'exchange', path: TICKET, type: 'application/json', status: 401 },
  'no such path': { at: 'exchange', path: '/nothing', type: 'application/json', status: 404 },
  'no such method': { at: 'exchange', path: '/healthz', type: 'application/json', status: 405 },
  'a token request that is too long': {
    at: 'exchange',
    path: '/oauth/client_credential/accesstoken',
    type: 'application/x-www-form-urlencoded',
    status: 400,
  },
  'a file of mappings that is too long': {
    at: 'exchange',
    path: '/operator/organisations/import.csv',
    type: 'text/csv',
    authorization: asOperator,
    status: 413,
  },
  'nobody signed in to the instance': { at: 'practice instance', path: INCIDENT, type: 'application/json', status: 401 },
  'another type for the instance': { at: 'practice instance', path: INCIDENT, type: 'image/png', authorization: asDesk, status: 415 },
  'a file for no record': {
    at: 'practice instance',
    path: '/api/now/attachment/file?table_name=incident&table_sys_id=none&file_name=a.png',
    type: 'image/png',
    authorization: asDesk,
    status: 404,
  },
  'no token for the tools': { at: 'tools', path: '/mcp', type: 'application/json', status: 401 },
}

describe('a refusal in the middle of a body is heard', () => {
  test.each(Object.entries(REFUSALS))('by fetch: %s', async (_, { at, path, type, body = '', authorization, status }) => {
    const headers = { 'content-type': type, ...(authorization ? { authorization: await authorization() } : {}) }
    // Once in four it was a broken connection.
    for (let round = 0; round < 2; round += 1) {
      const answer = await fetch(urls[at] + path, { method: 'POST', headers, body: body + MUCH })
      expect(answer.status).toBe(status)
      expect(await answer.text()).toMatch(/\S/)
    }
  })

  test.each(Object.entries(REFUSALS))(
    'by a program that listens only when it has sent everything: %s',
    async (_, { at, path, type, body = '', authorization, status }) => {
      const wire = await Wire.open(urls[at])
      wire.socket.pause()
      const length = { 'content-type': type, 'content-length': String(body.length + MUCH.length) }
      const head = { ...length, host: new URL(urls[at]).host, ...(authorization ? { authorization: await authorization() } : {}) }
      const answered = wire.ask('POST', path, head)
      for await (const piece of [body, ...MUCH.match(/.{1,1000000}/g)!]) await wire.send(piece)
      wire.socket.resume()
      expect((await answered).status).toBe(status)
      wire.socket.destroy()
    },
  )

  test('and a caller who never ends is not listened to for ever', async () => {
    const wire = await Wire.open(urls.exchange)
    const asked = wire.ask('POST', TICKET, { 'content-type': 'text/plain', 'transfer-encoding': 'chunked' })
    expect((await asked).status).toBe(401)
    const piece = `100000\r\n${'x'.repeat(0x100000)}\r\n`
    let sent = 0
    while (!wire.socket.closed && sent < 400) {
      await wire.send(piece)
      sent += 1
    }
    expect(sent).toBeLessThan(400)
  })
})

describe('while it drains', () => {
  test('it answers, each answer sends its caller elsewhere, and what is idle ends with it', async () => {
    await system.stop()
    system = await system.startAgain({ KEEP_ALIVE_SECONDS: '2', DRAIN_SECONDS: '1' })
    const { exchange, instances } = system.firstSteps
    const [idle, used, desk] = await Promise.all([exchange, exchange, instances.sandbox.url].map(Wire.open))
    expect((await used!.ask('GET', '/healthz')).headers.get('keep-alive')).toBe('timeout=2')
    expect((await desk!.ask('GET', SIMPLE['practice instance'].path)).headers.get('keep-alive')).toBe('timeout=2')
    expect((await idle!.ask('GET', '/healthz')).status).toBe(200)
    const stopped = system.stop()
    const until = Date.now() + 5_000
    let answer = await used!.ask('GET', '/readyz')
    while (answer.status === 200 && Date.now() < until) answer = await used!.ask('GET', '/readyz')
    expect(answer).toMatchObject({ status: 503, body: expect.stringContaining('draining') })
    expect(answer.headers.get('connection')).toBe('close')
    await used!.ended
    expect((await stopped).code).toBe(0)
    await idle!.ended
  })
})
