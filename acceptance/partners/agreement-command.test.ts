import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { COMMAND, NODE, runCommand } from '../system/command.ts'
import { type StartedSystem, startSystem } from '../system/start-system.ts'

/** Each command is a process of its own; on a busy machine they take their time. */
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let system: StartedSystem
const folder = mkdtempSync(join(tmpdir(), 'deskbridge-agreement-'))
beforeAll(async () => {
  system = await startSystem()
  expect((await partner('add', 'Harbour Logistics')).code).toBe(0)
})
afterAll(async () => {
  await system?.end()
  rmSync(folder, { recursive: true, force: true })
})

/** An operator at a command line that is no terminal; the password comes on standard input. */
function partner(...args: string[]) {
  const { email, password } = system.firstSteps.portalUsers.operator
  const all = ['partner', ...args, '--exchange', system.firstSteps.exchange, '--as', email]
  return runCommand(all, { XDG_CONFIG_HOME: folder }, `${password}\n`).ended
}
const agreement = (...args: string[]) => partner('agreement', 'Harbour Logistics', '--environment', 'sandbox', ...args)

/** Of util-linux: what runs in it has a terminal. */
const TERMINAL = '/usr/bin/script'

/** The same at a terminal; there a token says who it is. */
async function onTerminal(answer: string, ...args: string[]): Promise<{ code: number | null; output: string }> {
  const made = await system.changeAsOperator('POST', '/operator/tokens', { name: `terminal ${answer}`, scope: 'write', seconds: 3_600 })
  const words = [NODE, COMMAND, 'partner', ...args, '--exchange', system.firstSteps.exchange].map(word => `'${word}'`).join(' ')
  const env = { PATH: process.env.PATH, DESKBRIDGE_OPERATOR_TOKEN: made.body.token, XDG_CONFIG_HOME: folder }
  const child = spawn(TERMINAL, ['-qec', words, '/dev/null'], { env, stdio: 'pipe' })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', piece => {
    const wasAsked = output.includes('(yes/no)')
    output += piece
    if (!wasAsked && output.includes('(yes/no)')) child.stdin.write(`${answer}\n`)
  })
  return new Promise((done, failed) => child.once('error', failed).once('close', code => done({ code, output })))
}

function fileOf(text: string): string {
  const path = join(folder, 'agreement.yaml')
  writeFileSync(path, text)
  return path
}

describe('an agreement at the command line', () => {
  test('that is not there yet is said, with what to begin with', async () => {
    const { code, output } = await agreement()
    expect({ code, output }).toEqual({ code: 1, output: expect.stringMatching(/has no agreement in sandbox yet\. .*--example/) })
  })

  test('has an explained example that can be proposed once its names are those of the service desk', async () => {
    const { output } = await partner('agreement', 'Harbour Logistics', '--example')
    expect(output).toMatch(/^# What a customer may file tickets about; it names them by these names\.$/m)
    await system.desk().create('core_company', { name: 'Harbour Logistics' })
    await system.desk().create('sys_user', { user_name: 'harbour.servicedesk', last_name: 'Desk' })
    const { code, output: said } = await agreement('--file', fileOf(output), '--dry-run')
    expect({ code, said }).toEqual({
      code: 0,
      said: expect.stringMatching(/^The new agreement of Harbour Logistics in sandbox:\n {2}\+ roles: customer\n/),
    })
    expect((await agreement()).code).toBe(1)
  })

  test('is shown as a difference and not saved where nobody can be asked, and saved with --yes', async () => {
    const flags = ['--role', 'customer', '--service', 'Workplace', '--service', 'e-mail', '--operator-tickets-shared', 'yes']
    const asked = await agreement(...flags)
    expect(asked).toMatchObject({ code: 2, output: expect.stringContaining('  + services: Workplace (') })
    expect(asked.output).toContain('Nobody is here to be asked: add --yes. Nothing was saved.')
    expect((await agreement()).code).toBe(1)
    const saved = await agreement(...flags, '--yes')
    expect(saved).toMatchObject({
      code: 0,
      output: expect.stringContaining('Saved. Harbour Logistics in sandbox: waits for: a confirmed organisation, a project, a secret.'),
    })
    expect(await agreement(...flags, '--yes')).toMatchObject({
      code: 0,
      output: expect.stringContaining('says this already. Nothing to save.'),
    })
  })

  test('that is printed is a file that can be proposed again; what is changed in it is what comes and goes', async () => {
    const { output } = await agreement()
    expect(await agreement('--file', fileOf(output), '--yes')).toMatchObject({
      code: 0,
      output: expect.stringContaining('Nothing to save.'),
    })
    const changed = output
      .replace('  - E-mail\n', '  - Managed Cloud\n')
      .replace('operator_tickets_shared: true', 'operator_tickets_shared: no')
    const { code, output: said } = await agreement('--file', fileOf(changed), '--yes')
    expect(code).toBe(0)
    for (const line of [/^ {2}- services: E-mail \(/m, /^ {2}\+ services: Managed Cloud \(/m, /^ {2}- operator_tickets_shared: yes$/m])
      expect(said).toMatch(line)
    const late = await agreement('--file', fileOf(output), '--yes')
    expect(late).toMatchObject({ code: 1, output: expect.stringContaining('is not any more what you have seen') })
    expect((await agreement()).output).toContain('Managed Cloud')
  })

  test('is JSON for a program, in and out', async () => {
    const { result } = { result: JSON.parse((await agreement('--json')).output) }
    expect(result).toMatchObject({
      partner: 'Harbour Logistics',
      environment: 'sandbox',
      agreement: { services: ['Workplace', 'Managed Cloud'] },
    })
    const path = fileOf(JSON.stringify({ calls_per_minute: 60, version: result.version }))
    const outcome = JSON.parse((await agreement('--file', path, '--yes', '--json')).output)
    expect(outcome).toMatchObject({ saved: true, differences: [{ term: 'calls_per_minute', comes: ['60'], goes: ['600'] }] })
  })

  test.each([
    ['a term that there is not', 'servces: [Workplace]', 2, 'there is no term "servces". Did you mean "services"?'],
    ['a file that is no YAML', 'services: [Workplace', 2, /is not YAML or JSON: .* line 1/],
    ['a file without terms', '- Workplace', 2, 'has no terms'],
    ['a file with a version alone', 'version: none', 2, 'has no terms: nothing is proposed'],
    ['a service that nobody has', 'services: [Workplce]', 1, /the service desk has no service "Workplce".*\n.*The nearest are: Workplace/],
    ['a value of another kind', 'calls_per_minute: many', 1, /agreement\.calls_per_minute must be a number/],
  ])('is not changed by %s', async (_, text, code, words) => {
    const before = (await agreement()).output
    const refused = await agreement('--file', fileOf(text), '--yes')
    expect(refused).toMatchObject({
      code,
      output: typeof words === 'string' ? expect.stringContaining(words) : expect.stringMatching(words),
    })
    expect((await agreement()).output).toBe(before)
  })

  test.each([
    ['yes', 0, 'Saved. Harbour Logistics in sandbox: '],
    ['no', 1, 'Nothing was saved.'],
  ])('is asked for on a terminal, and %s is answered', async (answer, code, words) => {
    const rate = answer === 'yes' ? '71' : '72'
    const before = JSON.parse((await agreement('--json')).output).version
    const asked = await onTerminal(answer, 'agreement', 'Harbour Logistics', '--environment', 'sandbox', '--calls-per-minute', rate)
    expect(asked).toMatchObject({ code, output: expect.stringContaining(words) })
    expect(asked.output).toContain(`+ calls_per_minute: ${rate}`)
    const { version, agreement: terms } = JSON.parse((await agreement('--json')).output)
    expect([version === before, terms.calls_per_minute === Number(rate)]).toEqual(answer === 'yes' ? [false, true] : [true, false])
  })

  test('names its environment, and flags that there are', async () => {
    expect(await partner('agreement', 'Harbour Logistics')).toMatchObject({
      code: 2,
      output: expect.stringContaining('--environment is missing'),
    })
    expect(await agreement('--sevice', 'Workplace')).toMatchObject({
      code: 2,
      output: expect.stringContaining('Did you mean "--service"?'),
    })
  })
})

test('partners are listed and shown with what they can do or wait for, also as JSON; one that is suspended says so', async () => {
  expect((await partner('list')).output).toMatch(/^Demo Customer North +can file and be told +can file and be told$/m)
  expect((await partner('suspend', 'Harbour Logistics')).output).toMatch(/^sandbox +suspended since /m)
  const [shown] = [JSON.parse((await partner('show', 'Harbour Logistics', '--json')).output)]
  expect(shown.suspended_at).toMatch(/^\d{4}-/)
  expect((await partner('resume', 'Harbour Logistics')).output).toContain('waits for: a confirmed organisation, a project, a secret')
  expect(await partner('show', 'Harbor Logistics')).toMatchObject({ code: 1, output: expect.stringContaining('Harbour Logistics') })
})
