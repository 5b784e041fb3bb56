import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { makeFreshDatabase } from '@deskbridge/postgres/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type SocketSystem, settingsFor, startBehindSocket, until, untilAnswered } from '../faults/socket-system.ts'
import { type Answer, ask } from '../system/answer.ts'
import { runCommand } from '../system/command.ts'
import { Desk } from '../system/desk.ts'
import { FREE_PORTS, newDataFolder } from '../system/start-system.ts'

const get = (url: string): Promise<Answer> => ask(url, { method: 'GET' })

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  await new Promise(done => server.close(done))
  return port
}

test('from the first moment it listens until it can serve every call hears 503 and that it is starting, and it says that it lives', async () => {
  const port = await freePort()
  const folder = newDataFolder()
  const database = await makeFreshDatabase()
  const command = runCommand(['start'], { ...FREE_PORTS, PORT: String(port), DESKBRIDGE_DATA: folder.path, DATABASE_URL: database.url })
  const seen = new Map<string, Set<string>>()
  const note = (path: string, what: string) => seen.set(path, (seen.get(path) ?? new Set()).add(what))
  try {
    for (let ready = false; !ready; ) {
      for (const path of ['/readyz', '/', '/openapi.json', '/healthz', '/network/kpn/servicenow/TicketUpdates']) {
        const answer = await get(`http://127.0.0.1:${port}${path}`).catch(() => undefined)
        if (!answer) continue
        note(path, `${answer.status} ${answer.body.status ?? answer.body.error?.code ?? 'page'}`)
        if (answer.status === 503) expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
        if (path === '/readyz') ready = answer.status === 200
      }
    }
  } finally {
    command.process.kill('SIGKILL')
    await command.ended
    await database.drop()
    folder.remove()
  }
  expect(Object.fromEntries([...seen].map(([path, answers]) => [path, [...answers]]))).toEqual({
    '/readyz': ['503 starting', '200 ready'],
    '/': ['503 exchange_unavailable', '200 page'].slice(0, seen.get('/')!.size),
    '/openapi.json': ['503 exchange_unavailable', '200 page'].slice(0, seen.get('/openapi.json')!.size),
    '/healthz': ['200 ok'],
    '/network/kpn/servicenow/TicketUpdates': ['503 exchange_unavailable', '401 invalid_token'].slice(
      0,
      seen.get('/network/kpn/servicenow/TicketUpdates')!.size,
    ),
  })
})

describe('an exchange behind a load balancer, with its instance over a network', () => {
  let system: SocketSystem
  beforeAll(async () => {
    system = await startBehindSocket({ settings: { DRAIN_SECONDS: '1.5' } })
  })
  afterAll(async () => {
    await system?.[Symbol.asyncDispose]()
  })
  const customer = () => system.exchange.partner('customer')
  const readyz = () => get(`${system.exchange.firstSteps.exchange}/readyz`)

  test('a journal that is hidden is said to anyone by its kind, and to the operator with its cause', async () => {
    const { body } = await untilAnswered(() => customer().fileTicket())
    const record = await system.instance.desk.record(body.kpn_ticket_number)
    await until('it is captured', async () => {
      return (await system.rows('select from exchange.captured_record where sys_id = $1', [record.sys_id])).length === 1
    })
    const blind = await system.instance.fault({ kind: 'empty-journal', path: 'sys_journal_field' })
    await system.instance.desk.comment(record, 'Said in the dark')
    const troubled = await until('the trouble is told', async () => {
      const answer = await readyz()
      return answer.body.status === 'troubled' && answer
    })
    expect(troubled.status).toBe(200)
    expect(troubled.body).toEqual({
      status: 'troubled',
      database: 'ok',
      capture: { sandbox: 'failing', production: 'ok' },
      troubles: [{ kind: 'capture-blind', environment: 'sandbox', count: 1, since: expect.stringMatching(/^20\d\d-.*Z$/) }],
    })
    expect(JSON.stringify(troubled.body)).not.toContain(record.sys_id)
    const { body: told } = await system.exchange.askAsOperator('/operator/troubles')
    expect(told.result).toEqual([
      expect.objectContaining({
        kind: 'capture-blind',
        since: troubled.body.troubles[0].since,
        sys_ids: [record.sys_id],
        cause: expect.stringContaining('may not read'),
      }),
    ])
    const trouble = 'deskbridge_troubles{kind="capture-blind",environment="sandbox"} 1'
    const isInFigures = async () => String((await get(`${system.exchange.firstSteps.exchange}/metrics`)).body).includes(trouble)
    await until('/metrics has it', isInFigures)
    await blind.off()
    await until('all is well', async () => (await readyz()).body.status === 'ready')
    await until('/metrics has it no more', async () => !(await isInFigures()))
  })

  test('two records for one filing are parked for the operator, and the filing goes on once a person has chosen', async () => {
    const reference = customer().newReference()
    const send = () => customer().fileTicket({ customer_reference_number: reference })
    await system.instance.fault({ kind: 'timeout-after-write', method: 'POST', path: '/table/incident?', times: 1 })
    const gone = await system.instance.fault({ kind: 'server-error', method: 'GET', path: '/table/incident' })
    expect((await send()).status).toBe(503)
    const [made] = await system.instance.desk.find('incident', `correlation_display=${reference}`)
    const { correlation_id = '', correlation_display = '' } = made!.fields
    // By the exchange's own user: a copy that an agent makes proves nothing.
    const { SERVICENOW_SANDBOX_USERNAME: username, SERVICENOW_SANDBOX_PASSWORD: password } = settingsFor(system.instance)
    const robot = new Desk({ url: system.instance.url, username: username!, password: password! })
    const copy = await robot.create('incident', { short_description: 'A copy', correlation_id, correlation_display })
    await gone.off()
    const parked = await until('it is parked', async () => {
      const answer = await send()
      expect(answer.status).toBe(503)
      if (answer.headers.get('retry-after') === '60') expect(answer.body.error.message).toContain('more than one record')
      const { body } = await readyz()
      // Capture, too, could not ask the instance for a moment.
      return body.troubles.length === 1 && body.troubles
    })
    expect(parked).toEqual([expect.objectContaining({ kind: 'write-parked', environment: 'sandbox', count: 1 })])
    const { body } = await system.exchange.askAsOperator('/operator/troubles')
    for (const number of [made!.number, copy.number]) expect(body.result[0].cause).toContain(number)
    await system.instance.desk.change(copy, { correlation_id: '', correlation_display: '' })
    const answer = await untilAnswered(send)
    expect([answer.status, answer.body.kpn_ticket_number]).toEqual([200, made!.number.replace('INC', 'INC#')])
    expect((await readyz()).body.troubles).toEqual([])
  })

  test('asked to end it says so at once, works on while it drains, then refuses what is new and answers what is under way', async () => {
    const slow = await system.instance.fault({ kind: 'latency', method: 'POST', path: '/table/incident?', delayMs: 900 })
    await customer().token()
    const address = system.exchange.firstSteps.exchange
    const ended = system.exchange.stop()
    const early = await until('it drains', async () => {
      const answer = await readyz()
      return answer.status === 503 && answer
    })
    expect(early.body.status).toBe('draining')
    expect(Number(early.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await get(`${address}/healthz`)).status).toBe(200)
    expect((await customer().fileTicket()).status).toBe(200)
    // Under way when the draining ends.
    const last = customer().fileTicket()
    const refused = await until('it refuses what is new', async () => {
      const answer = await customer().poll()
      return answer.status === 503 && answer
    })
    expect(refused.body.error).toMatchObject({ code: 'exchange_unavailable', message: 'The exchange is being stopped.' })
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await last).status).toBe(200)
    expect(await ended).toMatchObject({ code: 0, signal: null })
    await slow.off()
  })
})
