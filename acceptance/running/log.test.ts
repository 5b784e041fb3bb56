import { describe, expect, test } from 'vitest'
import { startBehindSocket, until } from '../faults/socket-system.ts'
import { commented, filed } from '../stories/tickets.ts'
import { ask } from '../system/answer.ts'
import { runCommand } from '../system/command.ts'
import { linesOf, logLines } from '../system/log-lines.ts'
import { carried } from '../system/partner.ts'
import { startSystem } from '../system/start-system.ts'

const TEXTS = ['The printer of room 4711 smokes', 'Smoke is still there', 'secret-recipe.txt', 'Ours alone: the vendor was called']

describe('the log of an exchange', () => {
  test('says what started and why it ended, who of the operator came and what it changed, and nothing secret', async () => {
    await using system = await startSystem({ environment: { LOG_LEVEL: 'info', KEEP_ALIVE_SECONDS: '70' } })
    const { firstSteps } = system
    const operator = firstSteps.portalUsers.operator
    const north = `/operator/organisations/${encodeURIComponent(system.partner('customer').name)}/variables`
    const { url, username, password } = firstSteps.instances.sandbox
    const credentials = { url, user_name: username, password }

    expect((await system.changeAsOperator('PUT', `${north}/contract_number`, { environment: 'sandbox', value: 'NL-0042' })).status).toBe(
      200,
    )
    expect((await system.changeAsOperator('DELETE', `${north}/contract_number?environment=sandbox`)).status).toBe(200)
    expect(
      (await system.changeAsOperator('POST', '/operator/connections', { name: 'mine', environment: 'sandbox', ...credentials })).status,
    ).toBe(200)
    expect((await system.changeAsOperator('POST', '/operator/connections/mine/check', {})).status).toBe(200)
    expect((await system.changeAsOperator('DELETE', '/operator/connections/nobody')).status).toBe(404)
    expect((await system.askAsOperator('/operator/troubles')).status).toBe(200)

    const customer = system.partner('customer')
    const ticket = await filed(customer, {
      short_description: TEXTS[0],
      attachments: [carried({ name: TEXTS[2]!, bytes: Buffer.from(TEXTS[2]!) })],
    })
    await commented(customer, ticket, TEXTS[1]!)
    await system.desk().workNote(await system.desk().record(ticket.number), TEXTS[3]!)
    const token = await customer.token()
    const { output } = await system.stop()

    const [first] = linesOf(output, 'exchange started')
    expect(first).toMatchObject({
      severity: 'info',
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      database: { version: expect.stringMatching(/^\d+/), name: expect.any(String), server: expect.any(String) },
      instances: { sandbox: `practice instance at ${url}`, production: expect.stringContaining('practice instance at') },
      settings: { LOG_LEVEL: 'info', KEEP_ALIVE_SECONDS: '70', DESKBRIDGE_DATA: system.dataFolder },
    })
    expect(first!.settings).not.toHaveProperty('DATABASE_URL')
    expect(linesOf(output, 'operator signed in')).toMatchObject([{ by: operator.email, address: '127.0.0.1' }])
    const name = customer.name
    expect(linesOf(output, 'operator changed').map(({ at, severity, event, address, ...line }) => line)).toEqual([
      { by: operator.email, operation: 'organisation-variable-put', environment: 'sandbox', name, variable: 'contract_number' },
      { by: operator.email, operation: 'organisation-variable-delete', environment: 'sandbox', name, variable: 'contract_number' },
      { by: operator.email, operation: 'connection-add', environment: 'sandbox', name: 'mine' },
    ])
    expect(logLines(output).slice(-2)).toMatchObject([{ event: 'exchange ends', why: 'asked to end' }, { event: 'exchange ended' }])

    const secrets: string[] = [token]
    JSON.parse(JSON.stringify(firstSteps), (key, value) =>
      /secret|password/i.test(key) && typeof value === 'string' ? secrets.push(value) : value,
    )
    expect(secrets.length).toBeGreaterThan(8)
    for (const unsaid of [...secrets, ...TEXTS, 'NL-0042', 'postgres:']) expect(output).not.toContain(unsaid)
  })

  test('says of a project whose it is and where, nothing of an agreement that stays as it was, and what a command changes on the database', async () => {
    await using system = await startSystem({ environment: { LOG_LEVEL: 'info' } })
    const partner = system.partner('customer').name
    const project = { partner, environment: 'sandbox', name: 'second' }
    expect((await system.changeAsOperator('POST', '/operator/projects', project)).status).toBe(200)
    const same = await system.changeAsOperator('PATCH', `/operator/partners/${encodeURIComponent(partner)}/agreement`, {
      environment: 'sandbox',
      agreement: {},
    })
    expect([same.status, same.body.result?.saved]).toEqual([200, false])
    expect((await runCommand(['demo', 'end'], { DATABASE_URL: system.databaseUrl! }).ended).code).toBe(0)
    const { output } = await system.stop()
    expect(linesOf(output, 'operator changed')).toMatchObject([{ operation: 'project-add', ...project }])
    expect(linesOf(output, 'changed on the database')).toMatchObject([{ command: 'demo end', by: expect.stringContaining(' on ') }])
  })

  test('has one line for a caller that is refused again and again, with what it is refused for, and none for one that errs', async () => {
    await using system = await startSystem({ environment: { LOG_LEVEL: 'info' } })
    const [wrong, erring] = [system.partner('customer'), system.partner('otherCustomer')]
    for (let nth = 0; nth < 25; nth++) expect((await wrong.readTicket('INC#9999999')).status).toBe(404)
    expect((await wrong.updateTicket({ action: 'Sing' })).status).toBe(400)
    expect((await erring.readTicket('INC#9999999')).status).toBe(404)
    for (let nth = 0; nth < 12; nth++)
      await ask(system.firstSteps.tokenUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: 'grant_type=client_credentials&client_id=stranger&client_secret=whatever-it-is',
      })
    const { output } = await system.stop()
    const line = { caller: `${wrong.name}, sandbox`, refusals: 26, mostly: 'not_found' }
    expect(linesOf(output, 'refused again and again')).toMatchObject([line])
    expect(linesOf(output, 'sign-in refused again and again')).toMatchObject([{ network: '127.0.0.1', refusals: 12 }])
    for (const unsaid of ['stranger', 'whatever-it-is']) expect(output).not.toContain(unsaid)
  })

  test('has a line when an instance goes away and when it is back, and when capture fails and is well again, however often it is asked meanwhile', async () => {
    await using system = await startBehindSocket({ settings: { LOG_LEVEL: 'info' } })
    const said = (event: string) => linesOf(system.exchange.output(), event).filter(line => line.environment === 'sandbox')
    const fault = await system.instance.fault({ kind: 'server-error' })
    await until('it is away', async () => said('instance is away').length > 0, 30_000)
    await fault.off()
    await until('it is back', async () => said('instance is back').length > 0 && said('capture is well again').length > 0, 30_000)
    expect(said('instance is away')).toMatchObject([{ severity: 'error', kind: 'server-error', status: 500 }])
    expect(said('instance is back')).toMatchObject([{ since: said('instance is away')[0]!.since }])
    expect(said('capture met trouble; nothing is lost, it goes on from where it was')).toHaveLength(1)
    expect(said('capture is well again')).toMatchObject([{ kinds: ['capture-failing'] }])
  })
})
