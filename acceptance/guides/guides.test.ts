import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { readSettings } from '@deskbridge/exchange'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { runCommand } from '../system/command.ts'
import { Partner } from '../system/partner.ts'
import { type StartedSystem, startSystem } from '../system/start-system.ts'
import { blocksOf, readGuide } from './guide.ts'
import { Reader } from './reader.ts'

const GUIDES = readdirSync(join(import.meta.dirname, '../../docs/guides')).filter(name => name.endsWith('.md'))

let system: StartedSystem
let reader: Reader
beforeAll(async () => {
  system = await startSystem()
  reader = new Reader(system)
  // Others have used it before: numbers do not begin where they would on a new one.
  expect((await runCommand(['smoke'], { DESKBRIDGE_DATA: system.dataFolder }).ended).code).toBe(0)
})
afterAll(async () => {
  reader.close()
  await system.end()
})

describe('who does what a guide says, from top to bottom, on a system that others have used before,', { timeout: 120_000 }, () => {
  test('files a first ticket, comments on it, and is the desk for it', async () => {
    const { code, out, err } = await reader.follow('first-ticket.md', 'echo "NUMBER=$NUMBER"')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    const number = /NUMBER=(.*)\n$/.exec(out)![1]!
    const desk = system.desk()
    const incident = await desk.record(number)
    expect(incident.fields).toMatchObject({ short_description: 'Printer on floor 3 does not print', state: '2' })
    expect(await desk.journal(incident, 'comments')).toEqual(['It prints again', 'We are on it'])
    const told = await system.partner('customer').updates.until({ number, action: 'In Progress' })
    expect(told.ticket_attributes.comments).toBe('We are on it')
  })

  test('does it a second time: the same request is the same ticket', async () => {
    expect(await reader.follow('first-ticket.md')).toMatchObject({ code: 0, err: '' })
    expect(await system.desk().find('incident', 'short_description=Printer on floor 3 does not print')).toHaveLength(1)
  })

  test('does so on a machine without curl', async () => {
    const elsewhere = new Reader(system, { hasCurl: false })
    expect(await elsewhere.follow('first-ticket.md')).toMatchObject({ code: 0, err: '' })
    elsewhere.close()
  })

  test('has a checked connection, and maps organisations', async () => {
    const { code, err, out } = await reader.follow('your-servicenow.md')
    // What the doctor finds fault with stands in what was printed.
    expect(code, `${out.slice(0, 20_000)}\n${err}`).toBe(0)
    const { body } = await system.askAsOperator('/operator/organisations')
    expect(JSON.stringify(body)).toContain('NL-0042')
  })

  test('administers the exchange: people, tokens, a partner with its agreement, a project with a secret that works', async () => {
    const { code, err, out } = await reader.follow('operating.md', 'cat harbour.new-secret')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toMatch(/^sandbox +can file and be told +Harbour Logistics/m)
    expect(readFileSync(join(reader.folder, 'token.json'), 'utf8')).toContain('"access_token"')
    const clientId = /^Client id ([0-9a-f]{32})/m.exec(out)![1]!
    const harbour = new Partner({ ...system.partner('customer').access, clientId, clientSecret: out.slice(-43) })
    const { kpn_ticket_number: number } = (await harbour.fileTicket({ service: 'Workplace' })).body
    await system.desk().comment(await system.desk().record(number), 'Welcome.')
    await vi.waitFor(async () => expect(JSON.stringify((await harbour.poll({})).body)).toContain('Welcome.'), 10_000)
  }, 180_000)

  test('asks an instance for what actions there are, by the command line', async () => {
    const { code, err, out } = await reader.follow('actions.md')
    expect({ code, err }).toMatchObject({ code: 0, err: expect.not.stringContaining('failed') })
    expect(out).toMatch(/NUMBER +STATE\nINC\d+ +6\n$/)
  })

  test('has a settings file for one owner that an exchange takes, and a copy of the data folder', async () => {
    const { code, err, out } = await reader.follow('service.md')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    const file = join(reader.folder, 'deskbridge.env')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const settings = readSettings(parseEnv(readFileSync(file, 'utf8')))
    expect(settings).toMatchObject({ demo: false, drainMs: 10_000, trustedProxies: '127.0.0.1' })
    expect(settings.instances.production).toMatchObject({ url: 'https://your-company.service-now.com' })
    expect(out).toContain('./id\n')
    expect(out).toContain('looked for in ServiceNow before it is written')
  })

  test('says that the database was restored, as the page of outages has it', async () => {
    expect(await reader.follow('outages.md')).toMatchObject({ code: 0, err: '' })
  })
})

describe('what no test runs', () => {
  const blocks = GUIDES.flatMap(guide => blocksOf(readGuide(guide)).map(block => ({ guide, ...block })))

  test.each(blocks.filter(({ notRun }) => notRun !== undefined))('in $guide is right in its syntax at least ($notRun)', ({ text }) => {
    execFileSync('bash', ['-n'], { input: text })
  })

  test.each(blocks.filter(({ language }) => language === 'json'))('in $guide as JSON is JSON', ({ text }) => {
    JSON.parse(text)
  })
})
