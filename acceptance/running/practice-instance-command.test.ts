import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeFreshDatabase } from '@deskbridge/postgres/testing'
import { afterAll, describe, expect, test } from 'vitest'
import { runCommand } from '../system/command.ts'

const database = await makeFreshDatabase()
const folder = mkdtempSync(join(tmpdir(), 'deskbridge-instance-command-'))
afterAll(async () => {
  await database.drop()
  rmSync(folder, { recursive: true, force: true })
})

const PASSWORD = 'of the tests'
const authorization = `Basic ${Buffer.from(`admin:${PASSWORD}`).toString('base64')}`

const command = (...args: string[]) =>
  runCommand(['instance', ...args], { DATABASE_URL: database.url, DESKBRIDGE_INSTANCE_PASSWORD: PASSWORD })

function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

async function started(...args: string[]) {
  const running = command('--port', '0', ...args)
  await running.untilPrinted('Ctrl-C ends it.', 60_000)
  const url = /Practice instance: (\S+)/.exec(running.output())![1]!
  return {
    output: running.output(),
    call: async (method: string, path: string, body?: object) => {
      const answer = await fetch(url + path, {
        method,
        headers: { authorization, 'content-type': 'application/json' },
        ...(body ? { body: JSON.stringify(body) } : {}),
      })
      // biome-ignore lint/suspicious/noExplicitAny: answers are looked at as a person's script would.
      return { status: answer.status, result: ((await answer.json()) as any).result }
    },
    end: async () => {
      running.process.kill('SIGTERM')
      return (await running.ended).code
    },
  }
}

/** What is said by a command that ends by itself. */
async function said(...args: string[]) {
  const running = command(...args)
  const late = setTimeout(() => running.process.kill('SIGKILL'), 60_000)
  const { code, output } = await running.ended
  clearTimeout(late)
  return { code, output }
}

const SEED = JSON.stringify({
  tables: [{ name: 'u_vehicle', number: { prefix: 'VEH', first: 1_001 }, columns: [{ name: 'number' }, { name: 'u_plate' }] }],
  records: { u_vehicle: [{ u_plate: 'DEMO-1' }], incident: [{ number: 'INC0000900', short_description: 'A flat tyre' }] },
})

const RULES = `export default [{ name: 'Urgent tyres', table: 'incident', when: 'before', insert: true,
  run: ({ current }) => { current.impact = '1'; current.urgency = '1' } }]`

describe('deskbridge instance', () => {
  test('starts empty with a seed and rules of one’s own, goes on where it was, and a reset brings back the beginning', async () => {
    const rules = file('rules.mjs', RULES)
    const first = await started('--empty', '--seed', file('seed.json', SEED), '--rules', rules)
    expect(first.output).not.toContain(PASSWORD)
    expect((await first.call('GET', '/api/now/table/incident?sysparm_fields=number')).result).toEqual([{ number: 'INC0000900' }])
    expect((await first.call('GET', '/api/now/table/u_vehicle?sysparm_fields=number')).result).toEqual([{ number: 'VEH0001001' }])
    const made = await first.call('POST', '/api/now/table/incident', { short_description: 'Another tyre' })
    expect(made).toMatchObject({ status: 201, result: { priority: '1' } })
    expect(await first.end()).toBe(0)

    const reset = await said('reset')
    expect(reset).toEqual({ code: 0, output: 'The practice instance has the records it began with.\n' })

    const second = await started()
    expect((await second.call('GET', '/api/now/table/incident?sysparm_fields=number')).result).toEqual([{ number: 'INC0000900' }])
    expect((await second.call('POST', '/api/now/table/incident', {})).result).toMatchObject({ number: 'INC0010001', priority: '5' })
    expect(await second.end()).toBe(0)
  })

  test.each([
    ['a file', (password: string) => ({ args: ['--password-file', file('password.txt', `${password}\n`)], stdin: '' })],
    ['standard input', (password: string) => ({ args: ['--password-stdin'], stdin: `${password}\n` })],
  ])('takes its password from %s', async (_, given) => {
    const password = 'given another way'
    const { args, stdin } = given(password)
    const running = runCommand(['instance', '--port', '0', ...args], { DATABASE_URL: database.url }, stdin)
    await running.untilPrinted('Ctrl-C ends it.', 60_000)
    expect(running.output()).toContain('password: as given')
    const url = /Practice instance: (\S+)/.exec(running.output())![1]!
    const headers = { authorization: `Basic ${Buffer.from(`admin:${password}`).toString('base64')}` }
    expect((await fetch(`${url}/api/now/table/incident?sysparm_limit=1`, { headers })).status).toBe(200)
    running.process.kill('SIGTERM')
    expect((await running.ended).code).toBe(0)
  })

  test('makes one where none is given, which stays and is shown to nobody but its owner', async () => {
    const data = join(folder, 'own')
    const start = async () => {
      const running = runCommand(['instance', '--port', '0', '--data', data, '--show-password'], { DATABASE_URL: database.url })
      await running.untilPrinted('Ctrl-C ends it.', 60_000)
      running.process.kill('SIGTERM')
      await running.ended
      const path = join(data, 'password')
      expect(running.output()).toContain(`password: in ${path} (this is no terminal to show it on)`)
      expect(statSync(path).mode & 0o777).toBe(0o600)
      const password = readFileSync(path, 'utf8').trim()
      expect(password.length).toBeGreaterThanOrEqual(32)
      expect(running.output()).not.toContain(password)
      return password
    }
    expect(await start()).toBe(await start())
  })

  test.each([
    [['--password', 'secret-word'], /'--password'[\s\S]*A secret is never an argument/],
    [['--password=secret-word'], /'--password'[\s\S]*A secret is never an argument/],
    [['--password-stdin', '--password-file', 'x'], /not both/],
    [['--password-file', '/nowhere/at-all'], /--password-file: .* cannot be read/],
    [['--password-stdin'], /no password/],
  ])('refuses %j, and repeats no secret', async (args, sentence) => {
    const ended = await runCommand(['instance', '--port', '0', ...args], { DATABASE_URL: database.url }).ended
    expect(ended).toMatchObject({ code: 1, output: expect.stringMatching(sentence) })
    expect(ended.output).not.toMatch(/secret-word|^\s+at /m)
  })

  test('says that its port is taken', async () => {
    const other = createServer()
    await new Promise<void>(done => other.listen(0, '127.0.0.1', done))
    const { port } = other.address() as { port: number }
    const { code, output } = await said('--port', String(port))
    other.close()
    expect(code).toBe(1)
    expect(output).toBe(`Port ${port} of 127.0.0.1 is taken. Choose another with --port.\n`)
  })

  test.each([
    ['a seed that is not JSON', () => ['--seed', file('broken.json', '{')], /^The seed .*broken\.json cannot be read: /],
    ['a seed that is not there', () => ['--seed', join(folder, 'nothing.json')], /^The seed .*nothing\.json cannot be read: ENOENT/],
    [
      'a seed with a mistake',
      () => ['--seed', file('wrong.json', '{"records":{"u_nothing":[{}]}}')],
      /^The seed has records of u_nothing, which is no table\n$/,
    ],
    [
      'a seed with a value that would be lost',
      () => ['--seed', file('lost.json', '{"records":{"sys_user":[{"user_name":"tester","name":"Tess Ter"}]}}')],
      /^The seed cannot be loaded, and nothing of it was:\n- record 1 of sys_user \(user_name "tester"\): name is "Tess Ter".*computed.*\n$/,
    ],
    ['a seed with a word that means nothing', () => ['--seed', file('odd.json', '{"recrods":{}}')], /^The seed cannot be used:\n.*recrods/],
    ['rules that are no module', () => ['--rules', file('broken.mjs', 'export default [')], /^The rules .*broken\.mjs cannot be read: /],
    ['rules that are no list', () => ['--rules', file('none.mjs', 'export default {}')], /its default export is no list\n$/],
    [
      'a rule without a table',
      () => ['--rules', file('wrong.mjs', "export default [{ name: 'x', when: 'before' }]")],
      /^The rules cannot be used: /,
    ],
    ['an option that is none', () => ['--colour', 'red'], /'--colour'.*\nUsage: deskbridge instance/],
    ['a word that is none', () => ['restart'], /^"restart" is not understood\nUsage: /],
    ['a port that is none', () => ['--port', '99999'], /^--port "99999" is not a port\nUsage: /],
    ['a schema that is none', () => ['--schema', 'x;drop'], /^--schema "x;drop" is not a name/],
  ])('says what is wrong with %s, in a sentence', async (_, args, sentence) => {
    const { code, output } = await said(...args())
    expect(output).toMatch(sentence)
    expect(output).not.toMatch(/^\s+at /m)
    expect(code).toBe(1)
  })
})
