import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInstance, DEMO, type Instance, serveInstance } from '@deskbridge/instance'
import { makeFreshDatabase } from '@deskbridge/postgres/testing'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { typeCommand } from '../system/typed.ts'

const PASSWORD = 'a password of the tests'
const USER = DEMO.integration.userName

let instance: Instance
let served: Awaited<ReturnType<typeof serveInstance>>
let database: Awaited<ReturnType<typeof makeFreshDatabase>>
let folder: string

beforeAll(async () => {
  database = await makeFreshDatabase()
  instance = await createInstance({ databaseUrl: database.url, schema: 'practice' })
  served = await serveInstance(instance, { port: 0 })
  await instance.setPasswords(PASSWORD, ['admin', USER])
})
afterAll(async () => {
  await served?.close()
  await instance?.close()
  await database?.drop()
})
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'deskbridge-cli-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const type = (args: readonly string[], { input = '', environment = {} }: { input?: string; environment?: Record<string, string> } = {}) =>
  typeCommand(args, { DESKBRIDGE_DATA: join(folder, 'data'), XDG_CONFIG_HOME: folder, ...environment }, input)

const password = (text = PASSWORD) => ({ environment: { SERVICENOW_PASSWORD: text } })
const add = (name: string, ...more: string[]) => ['connection', 'add', name, '--url', served.url, '--user-name', USER, ...more]

describe('a connection from nothing to green', () => {
  test('is saved, checked, listed, rotated, retired and removed; its secret is never shown nor on disk', async () => {
    const added = await type(add('desk'), password())
    expect(added).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringMatching(/✓ sign-in .*accepted \(basic\)[\s\S]*The connection works/),
    })
    const listed = await type(['connection', 'list', '--json'])
    expect(JSON.parse(listed.stdout)).toMatchObject([
      { name: 'desk', environment: 'sandbox', url: served.url, inUse: { way: 'basic', who: USER }, health: { state: 'ok', problems: [] } },
    ])
    expect((await type(['connection', 'list'])).stdout).toMatch(/^NAME .*\ndesk +sandbox +http.* \(basic\) +ok, 20/)

    const wrong = await type(['connection', 'rotate', 'desk', '--user-name', 'admin'], password('wrong'))
    expect(wrong).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('The new credentials do not work, so "desk" keeps those it has. sign-in:'),
    })
    const rotated = await type(['connection', 'rotate', 'desk', '--stdin', '--json'], {
      input: JSON.stringify({ userName: 'admin', password: PASSWORD }),
    })
    expect(JSON.parse(rotated.stdout)).toMatchObject({
      connection: { inUse: { who: 'admin' }, previous: { who: USER } },
      examination: { ok: true },
    })
    expect((await type(['connection', 'back', 'desk'])).stdout).toContain(`${USER} (basic), before: admin`)
    expect((await type(['connection', 'retire', 'desk'])).stdout).not.toContain('before:')
    expect(await type(['connection', 'new-key'])).toMatchObject({ code: 0, stdout: '1 connection is sealed with the new key.\n' })
    expect((await type(['doctor', '--connection', 'desk'])).code).toBe(0)

    for (const file of readdirSync(join(folder, 'deskbridge', 'connections'))) {
      expect(statSync(join(folder, 'deskbridge', 'connections', file)).mode & 0o777, file).toBe(0o600)
      expect(readFileSync(join(folder, 'deskbridge', 'connections', file), 'utf8')).not.toContain(PASSWORD)
    }
    for (const { stdout, stderr } of [added, listed, wrong, rotated]) expect(stdout + stderr).not.toContain(PASSWORD)
    expect(await type(['connection', 'remove', 'desk'])).toMatchObject({ code: 0, stdout: '"desk" is forgotten.\n' })
    expect((await type(['connection', 'list'])).stdout).toContain('No connection is saved.')
  })

  test('one that does not work yet is saved too, says why, and ends with 1', async () => {
    const added = await type(add('desk'), password('wrong'))
    expect(added).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/✗ sign-in[\s\S]*→ Check user name and password[\s\S]*does not work .*: sign-in/),
    })
    const [shown] = JSON.parse((await type(['connection', 'show', 'desk', '--json'])).stdout.replace(/^\{/, '[{').replace(/\}\s*$/, '}]'))
    expect(shown.health).toMatchObject({
      state: 'failing',
      problems: [expect.stringContaining('sign-in: User Not Authenticated'), expect.any(String)],
    })
  })
})

describe('doctor', () => {
  test('by the environment alone, as JSON that a program reads', async () => {
    const environment = { SERVICENOW_INSTANCE_URL: served.url, SERVICENOW_USERNAME: USER, SERVICENOW_PASSWORD: PASSWORD }
    const { code, stdout, stderr } = await type(['doctor', '--json'], { environment })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const health = JSON.parse(stdout)
    expect(health).toMatchObject({ ok: true, url: served.url })
    expect(health.checks[0]).toEqual({ check: 'name resolution', state: 'ok', needed: true, says: expect.any(String) })
    expect(health.actions.length).toBeGreaterThan(40)
    expect(readdirSync(folder)).toEqual([])
  })

  test('an address copied from a browser is that of its host, and one with a password in it is not repeated', async () => {
    const credentials = { SERVICENOW_USERNAME: USER, SERVICENOW_PASSWORD: PASSWORD }
    const doctor = (url: string) => type(['doctor', '--json'], { environment: { ...credentials, SERVICENOW_INSTANCE_URL: url } })
    const { code, stdout } = await doctor(` ${served.url.replace('http://', '')}/abc123/4567 `)
    expect({ code, ...JSON.parse(stdout) }).toMatchObject({ code: 0, ok: true, url: served.url })
    const environment = { ...credentials, SERVICENOW_INSTANCE_URL: served.url.replace('//', '//u:secret-word@') }
    const refused = await type(['doctor'], { environment })
    expect(refused).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('put the user name and password into signIn') })
    expect(refused.stderr).not.toContain('secret-word')
  })

  test('an instance that is not there ends with 1 and the line that says so', async () => {
    const environment = { SERVICENOW_INSTANCE_URL: 'https://127.0.0.1:1', SERVICENOW_USERNAME: 'u', SERVICENOW_PASSWORD: 'p' }
    expect(await type(['doctor'], { environment })).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/✗ encryption .*ECONNREFUSED.*\n +→ Nothing listens there/),
    })
  })
})

test.each<[string, string[], RegExp]>([
  ['no connection is named', ['doctor'], /^Which instance\? Name a saved connection with --connection NAME/],
  ['the connection is not there', ['doctor', '--connection', 'desk'], /^There is no connection "desk"\.\n$/],
  ['an option is unknown', ['doctor', '--fast'], /Usage: deskbridge doctor/],
  ['the verb is unknown', ['connection', 'ad'], /^There is no "connection ad"\nUsage:/],
  ['a name is missing', ['connection', 'show'], /^"show" needs one name\nUsage:/],
  ['the address is missing', ['connection', 'add', 'desk', '--user-name', 'u'], /^--url is missing/],
  [
    'the environment is none',
    ['connection', 'add', 'desk', '--url', 'x.example', '--environment', 'test'],
    /^--environment is sandbox or production, not "test"/,
  ],
  [
    'a secret is missing and there is nobody to ask',
    ['connection', 'add', 'desk', '--url', 'x.example', '--user-name', 'u'],
    /^basic needs the password \(SERVICENOW_PASSWORD\)/,
  ],
  [
    'a secret is given as an argument',
    ['connection', 'add', 'desk', '--url', 'x.example', '--password', 'p'],
    /'--password'[\s\S]*A secret is never an argument/,
  ],
  ['standard input is no JSON', ['connection', 'add', 'desk', '--url', 'x.example', '--stdin'], /^Standard input must be a JSON object/],
  ['there is nothing to rotate', ['connection', 'rotate', 'desk', '--user-name', 'u'], /^There is no connection "desk"\.\n$/],
])('when %s it says so in a sentence, and ends with 1', async (_, args, sentence) => {
  const { code, stdout, stderr } = await type(args)
  expect(stderr).toMatch(sentence)
  expect(stderr).not.toContain('    at ')
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
})

test('a key that is another one is told, with what to do', async () => {
  const key = () => Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64')
  await type(add('desk', '--no-check'), { environment: { SERVICENOW_PASSWORD: PASSWORD, DESKBRIDGE_KEY: key() } })
  expect(readdirSync(join(folder, 'deskbridge', 'connections'))).toEqual(['desk.json'])
  const other = await type(['doctor', '--connection', 'desk'], { environment: { DESKBRIDGE_KEY: key() } })
  expect(other).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^The credentials of "desk" cannot be opened\. It was sealed with the key [0-9a-f]{12}, but/),
  })
})
