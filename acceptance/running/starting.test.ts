import { execFileSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { makeFreshDatabase } from '@deskbridge/postgres/testing'
import { afterAll, describe, expect, test } from 'vitest'
import { DatabaseGate } from '../faults/database-gate.ts'
import { ask } from '../system/answer.ts'
import { runCommand } from '../system/command.ts'
import { FREE_PORTS, newDataFolder, startSystem } from '../system/start-system.ts'

const system = await startSystem()
const database = await makeFreshDatabase()
const folder = newDataFolder()
afterAll(async () => {
  await system.end()
  await database.drop()
  folder.remove()
})

/** What a start says that cannot succeed. */
async function refusedStart(environment: Readonly<Record<string, string>>) {
  const settings = { ...FREE_PORTS, DESKBRIDGE_DATA: folder.path, DATABASE_URL: database.url, ...environment }
  const command = runCommand(['start'], settings)
  const late = setTimeout(() => command.process.kill('SIGKILL'), 20_000)
  const ended = await command.ended
  clearTimeout(late)
  return ended
}

describe('a start', () => {
  test('on an empty folder prints what runs, where, and a first command to copy that works', () => {
    const { exchange, connectBaseUrl, instances } = system.firstSteps
    for (const text of [
      exchange,
      connectBaseUrl,
      instances.sandbox.url,
      instances.production.url,
      join(system.dataFolder, 'first-steps.json'),
    ])
      expect(system.output()).toContain(text)
    expect(system.output()).toContain('curl')
    const lines = system.output().slice(system.output().indexOf('  export FIRST_STEPS='), system.output().indexOf('Ctrl-C'))
    const answer = JSON.parse(execFileSync('sh', ['-c', lines], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }))
    expect(answer).toMatchObject({ state: 'inserted', customer_reference_number: 'FIRST-1' })
  })

  test('prints no secret: journals and containers keep what it says', async () => {
    const secrets: string[] = []
    const noted = readFileSync(join(system.dataFolder, 'first-steps.json'), 'utf8')
    JSON.parse(noted, (name, value) => (/secret|password/i.test(name) && typeof value === 'string' ? secrets.push(value) : value))
    expect(secrets.length).toBeGreaterThan(8)
    for (const secret of secrets) expect(system.output()).not.toContain(secret)
  })

  test('first-steps.json has everything, and only its owner may read it', async () => {
    const path = join(system.dataFolder, 'first-steps.json')
    expect(statSync(path).mode & 0o777).toBe(0o600)
    const credentials = {
      clientId: expect.any(String),
      clientSecret: expect.any(String),
      environment: 'sandbox',
      service: expect.any(String),
      organisation: {
        name: expect.any(String),
        table: expect.stringMatching(/^(core_company|customer_account)$/),
        sys_id: expect.any(String),
      },
    }
    const login = { email: expect.any(String), password: expect.any(String) }
    const instance = { url: expect.any(String), username: 'admin', ...{ password: expect.any(String), clientId: expect.any(String) } }
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({
      exchange: expect.stringMatching(/^http:\/\/localhost:\d+$/),
      portal: expect.any(String),
      tokenUrl: expect.stringMatching(/\/oauth\/client_credential\/accesstoken$/),
      connectBaseUrl: expect.stringMatching(/\/network\/kpn\/servicenow$/),
      customer: credentials,
      otherCustomer: credentials,
      provider: { ...credentials, solverGroup: { name: expect.any(String), sys_id: expect.any(String) } },
      productionCustomer: { ...credentials, environment: 'production' },
      portalUsers: { partner: login, operator: login },
      instances: { sandbox: instance, production: instance },
    })
    for (const path of ['/', '/healthz', '/readyz', '/metrics', '/openapi.json'])
      expect((await ask(`${system.firstSteps.exchange}${path}`, { method: 'GET' })).status).toBe(200)
  })

  test('with settings that are wrong names each of them, and ends with 1', async () => {
    const { code, output } = await refusedStart({ PORT: 'eighty', DATABASE_URL: 'not an address', LOG_LEVEL: 'loud' })
    expect(code).toBe(1)
    for (const name of ['PORT', 'DATABASE_URL', 'LOG_LEVEL']) expect(output).toContain(`${name}: `)
    expect(output).not.toContain('    at ')
  })

  test('with half the sign-in of an instance says what is missing', async () => {
    const { code, output } = await refusedStart({ SERVICENOW_SANDBOX_URL: 'https://example.service-now.com' })
    expect(code).toBe(1)
    expect(output).toContain('SERVICENOW_SANDBOX_USERNAME')
  })

  test.each(['PORT', 'INSTANCE_SANDBOX_PORT', 'INSTANCE_PRODUCTION_PORT'])('with %s taken says so, and ends with 1', async name => {
    const taken = createServer()
    await new Promise<void>(done => taken.listen(0, '127.0.0.1', done))
    const { port } = taken.address() as { port: number }
    const { code, output } = await refusedStart({ [name]: String(port) })
    taken.close()
    expect(code).toBe(1)
    expect(output).toContain(String(port))
    expect(output).toContain(name)
    expect(output).not.toContain('    at ')
  })

  test('on a data folder that another Deskbridge uses says so, and ends with 1', async () => {
    const { code, output } = await refusedStart({ DESKBRIDGE_DATA: system.dataFolder })
    expect(code).toBe(1)
    expect(output).toContain(system.dataFolder)
    expect(output).toContain('DESKBRIDGE_DATA')
    expect((await system.partner('customer').listOpenTickets()).status).toBe(200)
  })

  test('on a data folder that cannot be made says so, and ends with 1', async () => {
    const { code, output } = await refusedStart({ DESKBRIDGE_DATA: '/dev/null/data' })
    expect(code).toBe(1)
    expect(output).toContain('/dev/null/data')
    expect(output).not.toContain('    at ')
  })

  test('with a database that does not answer says so, and ends with 1', async () => {
    const { code, output } = await refusedStart({ DATABASE_URL: 'postgresql://nobody:secret-word@127.0.0.1:1/none' })
    expect(code).toBe(1)
    expect(output).toContain('DATABASE_URL')
    expect(output).not.toContain('secret-word')
    expect(output).not.toContain('    at ')
  })
})

test('a start that takes its time says what it is at, and where', async () => {
  const gate = await DatabaseGate.before(database.url)
  gate.stall()
  const command = runCommand(['start'], { ...FREE_PORTS, DESKBRIDGE_DATA: folder.path, DATABASE_URL: gate.url })
  try {
    await command.untilPrinted(`Asking the database at ${new URL(gate.url).host}, and bringing its tables up to date …\n`, 30_000)
  } finally {
    command.process.kill('SIGKILL')
    await command.ended
    await gate.close()
  }
})

test('an argument is refused, not passed over, and not repeated', async () => {
  const { code, output } = await runCommand(['start', '--key=secret-word'], FREE_PORTS).ended
  expect(code).toBe(1)
  expect(output).toContain('takes no arguments')
  expect(output).not.toContain('secret-word')
})

describe('the help', () => {
  test.each(['--help', 'help', ''])('deskbridge %s lists the commands', async word => {
    const { code, output } = await runCommand(word ? [word] : [], {}).ended
    expect(code).toBe(0)
    for (const name of ['start', 'instance', 'smoke']) expect(output).toContain(`deskbridge ${name}`)
  })

  test('an unknown command is refused', async () => {
    const { code, output } = await runCommand(['dance'], {}).ended
    expect(code).toBe(2)
    expect(output).toContain('dance')
  })
})
