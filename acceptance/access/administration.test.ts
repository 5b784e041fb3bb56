import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeFreshDatabase } from '@deskbridge/postgres/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Answer, ask, basic } from '../system/answer.ts'
import { COMMAND, NODE } from '../system/command.ts'
import { type StartedSystem, startSystem } from '../system/start-system.ts'
import { type Typed, typeCommand } from '../system/typed.ts'

/** Two exchanges on one database, without a demo company; nobody may sign in at first. */
let database: Awaited<ReturnType<typeof makeFreshDatabase>>
let exchanges: StartedSystem[]
let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'deskbridge-administration-'))
  database = await makeFreshDatabase()
  const environment = { DESKBRIDGE_DEMO: 'no', TRUSTED_PROXIES: '127.0.0.1' }
  exchanges = [await startSystem({ database: database.url, environment })]
  exchanges.push(await startSystem({ database: database.url, environment }))
  await first('anna@desk.example', PASSWORD.anna)
})
afterAll(async () => {
  for (const one of exchanges ?? []) await one.end()
  await database?.drop()
  rmSync(folder, { recursive: true, force: true })
})

const PASSWORD = { anna: 'anna types with care', ben: 'ben is new and types a lot', other: 'an entirely other password' }
const NOT_A_TERMINAL = 'standard output is no terminal to show it on'

const url = (at = 0) => exchanges[at]!.firstSteps.exchange
/** Types a command of the operator's to the first exchange. */
const type = (words: string, input = '', environment: Record<string, string> = {}) =>
  typeCommand([...words.split(' ')], { DESKBRIDGE_EXCHANGE: url(), XDG_CONFIG_HOME: folder, ...environment }, input)
/** The same as Anna, who gives her password first. */
const asAnna = (words: string, ...lines: string[]) => type(`${words} --as anna@desk.example`, [PASSWORD.anna, ...lines].join('\n'))
const first = (email: string, password: string) => type(`operator add ${email} --here`, `${password}\n`, { DATABASE_URL: database.url })

let lastAddress = 0
/** Each call from an address of its own, so that no wrong guess counts against another one. */
function look(authorization: string, at = 0, path = '/operator/people'): Promise<Answer> {
  lastAddress += 1
  return ask(`${url(at)}${path}`, { method: 'GET', headers: { authorization, 'x-forwarded-for': `10.1.0.${lastAddress}` } })
}
const everywhere = async (authorization: string) => [(await look(authorization, 0)).status, (await look(authorization, 1)).status]

const did = ({ code, stdout, stderr }: Typed) => expect({ code, stdout, stderr }).toMatchObject({ code: 0, stderr: '' })
const newFile = () => join(folder, `secret-${lastAddress++}`)
const savedTokens = (exchange: string) => join(folder, 'deskbridge', 'operator-tokens', encodeURIComponent(exchange))
const secretIn = (path: string) => readFileSync(path, 'utf8').trim()

async function newToken(name: string, scope: 'read' | 'write') {
  const out = newFile()
  did(await asAnna(`operator token add ${name} --scope ${scope} --for 90d --out ${out}`))
  return secretIn(out)
}

/** A port that takes a request, answers these bytes and cuts; without any it stays silent. */
async function answering(bytes: string | undefined) {
  const heard = Promise.withResolvers<void>()
  const open = new Set<Socket>()
  const server = createServer(socket => {
    open.add(socket.on('error', () => {}))
    socket.once('data', () => {
      heard.resolve()
      if (bytes !== undefined) socket.end(bytes)
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: heard.promise,
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy()
      await once(server.close(), 'close')
    },
  }
}

describe('a person of the operator', () => {
  test('is added on the machine first, and then by another one from anywhere', async () => {
    did(await asAnna('operator add ben@desk.example', PASSWORD.ben))
    expect(await everywhere(basic('ben@desk.example', PASSWORD.ben))).toEqual([200, 200])
    const { stdout } = await asAnna('operator list')
    expect(stdout).toMatch(/^anna@desk\.example .* on .*\nben@desk\.example .* anna@desk\.example$/m)
    did(await asAnna('operator remove ben@desk.example'))
    expect(await first('Anna@desk.example', PASSWORD.other)).toMatchObject({ code: 1, stderr: expect.stringContaining('already') })
  })

  test('is added in the PostgreSQL of a data folder too, whether its exchange runs or not', async () => {
    await using system = await startSystem({ database: 'own', environment: { DESKBRIDGE_DEMO: 'no' } })
    const addHere = (email: string) => type(`operator add ${email} --here`, PASSWORD.other, { DESKBRIDGE_DATA: system.dataFolder })
    did(await addHere('dora@desk.example'))
    const see = (exchange: string, email: string) =>
      ask(`${exchange}/operator/people`, { method: 'GET', headers: { authorization: basic(email, PASSWORD.other) } })
    expect((await see(system.firstSteps.exchange, 'dora@desk.example')).status).toBe(200)
    await system.stop()
    did(await addHere('emil@desk.example'))
    const again = await system.startAgain()
    expect((await see(again.firstSteps.exchange, 'emil@desk.example')).status).toBe(200)
  }, 120_000)

  test('is added where DESKBRIDGE_EXCHANGE says, never in a database that happens to be near', async () => {
    const near = { DATABASE_URL: database.url, DESKBRIDGE_EXCHANGE: 'http://127.0.0.1:1' }
    expect(await type('operator add dora@desk.example --as anna@desk.example', PASSWORD.anna, near)).toMatchObject({ code: 1 })
    expect(await type('operator add dora@desk.example', PASSWORD.other, near)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Name yourself with --as EMAIL.'),
    })
    expect((await asAnna('operator list')).stdout).not.toContain('dora')
  })

  test('whose password was changed is out at once with the old one, in every process', async () => {
    did(await asAnna('operator add fay@desk.example', PASSWORD.ben))
    expect(await everywhere(basic('fay@desk.example', PASSWORD.ben))).toEqual([200, 200])
    did(await asAnna('operator password fay@desk.example', PASSWORD.other))
    expect(await everywhere(basic('fay@desk.example', PASSWORD.ben))).toEqual([401, 401])
    expect(await everywhere(basic('fay@desk.example', PASSWORD.other))).toEqual([200, 200])
    did(await asAnna('operator remove fay@desk.example'))
  })

  test('who was removed is out at once, in every process, with the tokens that it had made', async () => {
    const out = newFile()
    did(await asAnna('operator add gus@desk.example', PASSWORD.other))
    did(await type(`operator token add his --scope write --for 2w --as gus@desk.example --out ${out}`, PASSWORD.other))
    const token = `Bearer ${secretIn(out)}`
    expect(await everywhere(token)).toEqual([200, 200])
    expect((await asAnna('operator remove gus@desk.example')).stdout).toContain('ended: his.')
    expect(await everywhere(token)).toEqual([401, 401])
    expect(await everywhere(basic('gus@desk.example', PASSWORD.other))).toEqual([401, 401])
  })

  test('who is the last one stays, also when two remove each other at once', async () => {
    expect(await asAnna('operator remove anna@desk.example')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^anna@desk\.example is the only person of the operator\.\nAdd another person first/),
    })
    did(await asAnna('operator add carl@desk.example', PASSWORD.other))
    const remove = (email: string, authorization: string, at: number) =>
      ask(`${url(at)}/operator/people/${email}`, { method: 'DELETE', headers: { authorization } })
    const answers = await Promise.all([
      remove('anna@desk.example', basic('carl@desk.example', PASSWORD.other), 0),
      remove('carl@desk.example', basic('anna@desk.example', PASSWORD.anna), 1),
    ])
    expect(answers.map(({ status }) => status).sort()).toContain(200)
    const left = await Promise.all([look(basic('anna@desk.example', PASSWORD.anna)), look(basic('carl@desk.example', PASSWORD.other))])
    expect(left.filter(({ status }) => status === 200)).toHaveLength(1)
    if (left[0].status !== 200) did(await first('anna@desk.example', PASSWORD.anna))
  })

  test.each([
    ['a short password', 'dora@desk.example', 'eleven char', 'at least 12 characters'],
    ['an address that is none', 'dora@desk@example', PASSWORD.other, 'must be an e-mail address'],
    ['no password', 'dora@desk.example', '', 'standard input has no line for it'],
  ])('is not added with %s', async (_, email, password, sentence) => {
    expect(await first(email, password)).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(sentence) })
    expect((await asAnna('operator list')).stdout).not.toContain('dora')
  })
})

describe('a token of the operator', () => {
  test('is written into a file for its owner alone; the command line works with it', async () => {
    const out = newFile()
    const { code, stdout } = await asAnna(`operator token add reports --scope read --for 90d --out ${out}`)
    expect({ code, mode: statSync(out).mode & 0o777 }).toEqual({ code: 0, mode: 0o600 })
    expect(secretIn(out)).toMatch(/^dbo_[\w-]{43}$/)
    expect(stdout).not.toContain('dbo_')
    const listed = await type('operator token list', '', { DESKBRIDGE_OPERATOR_TOKEN: secretIn(out) })
    expect(listed.stdout).toMatch(/^reports +read +anna@desk\.example +\d{4}-\d\d-\d\d \d\d:\d\d +\d{4}-\d\d-\d\d \d\d:\d\d$/m)
  })

  test('is not made where nobody could get it: without a terminal or a new file', async () => {
    const there = newFile()
    writeFileSync(there, 'somebody’s')
    expect(await asAnna('operator token add lost --scope read --for 1d')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(NOT_A_TERMINAL),
    })
    expect(await asAnna(`operator token add lost --scope read --for 1d --out ${there}`)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('is not written over'),
    })
    expect(readFileSync(there, 'utf8')).toBe('somebody’s')
    expect((await asAnna('operator token list')).stdout).not.toContain('lost')
  })

  test('that the command line saves is used for that exchange and no other', async () => {
    did(await asAnna('operator token add mine --scope write --for 12h --save'))
    did(await type('partner add Kettle'))
    expect(await type('operator list', '', { DESKBRIDGE_EXCHANGE: url(1) })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`No token for ${url(1)}.`),
    })
    expect(statSync(savedTokens(url())).mode & 0o777).toBe(0o600)
  })

  test('that two command lines save for two exchanges at once is saved by both', async () => {
    const saved = await Promise.all(
      [0, 1].map(at =>
        type(`operator token add at-once-${at} --scope read --for 1h --save --as anna@desk.example`, PASSWORD.anna, {
          DESKBRIDGE_EXCHANGE: url(at),
        }),
      ),
    )
    saved.forEach(did)
    for (const at of [0, 1]) did(await type('operator list', '', { DESKBRIDGE_EXCHANGE: url(at) }))
    expect(new Set([0, 1].map(at => secretIn(savedTokens(url(at))))).size).toBe(2)
  })

  test('is not made where the command line cannot save it', async () => {
    const configuration = mkdtempSync(join(folder, 'config-'))
    mkdirSync(join(configuration, 'deskbridge'))
    writeFileSync(join(configuration, 'deskbridge', 'operator-tokens'), 'in the way')
    expect(
      await type('operator token add unsaved --scope read --for 1h --save --as anna@desk.example', PASSWORD.anna, {
        XDG_CONFIG_HOME: configuration,
      }),
    ).toMatchObject({ code: 1, stderr: expect.stringMatching(/^The token cannot be saved in .*Nothing was made\.$/m) })
    expect((await asAnna('operator token list')).stdout).not.toContain('unsaved')
  })

  test('leaves no file where nobody has signed in, or the exchange refuses it', async () => {
    const out = newFile()
    const add = (name: string, password: string) =>
      type(`operator token add ${name} --scope read --for 1h --as anna@desk.example --out ${out}`, password)
    expect((await add('none', '')).code).toBe(1)
    expect((await add('none', 'a wrong password')).code).toBe(1)
    expect(existsSync(out)).toBe(false)
    did(await add('some', PASSWORD.anna))
  })

  test.each([
    ['no answer', ''],
    ['half an answer', 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{"token":"dbo_'],
  ])('of which the command line gets %s may be there: it is said where to look', async (_, answer) => {
    await using broken = await answering(answer)
    const out = newFile()
    expect(
      await type(`operator token add perhaps --scope read --for 1h --as anna@desk.example --out ${out}`, PASSWORD.anna, {
        DESKBRIDGE_EXCHANGE: broken.url,
      }),
    ).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(
        /^The exchange at .* gave no whole answer .*may have been done\.\nLook with "deskbridge operator token list"/,
      ),
    })
    expect(existsSync(out)).toBe(false)
  })

  test('is asked for by a person who breaks it off: no file is left in the way', async () => {
    await using silent = await answering(undefined)
    const out = newFile()
    const args = ['operator', 'token', 'add', 'perhaps', '--scope', 'read', '--for', '1h', '--as', 'anna@desk.example', '--out', out]
    const { PATH = '', HOME = '' } = process.env
    const child = spawn(NODE, [COMMAND, ...args], { env: { PATH, HOME, XDG_CONFIG_HOME: folder, DESKBRIDGE_EXCHANGE: silent.url } })
    child.stdin.end(`${PASSWORD.anna}\n`)
    await silent.asked
    expect(existsSync(out)).toBe(true)
    child.kill('SIGINT')
    expect(await once(child, 'close')).toEqual([null, 'SIGINT'])
    expect(existsSync(out)).toBe(false)
  })

  test('of scope read changes nothing; of scope write it changes neither people nor tokens', async () => {
    const [reading, writing] = [await newToken('reads', 'read'), await newToken('writes', 'write')]
    const send = (token: string, method: string, path: string, body?: object) =>
      ask(`${url()}${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body ? { body: JSON.stringify(body) } : {}),
      })
    expect(await send(reading, 'POST', '/operator/partners', { name: 'Unwanted' })).toMatchObject({
      status: 403,
      body: { error: { code: 'read_only_token' } },
    })
    for (const [method, path, body] of [
      ['POST', '/operator/tokens', { name: 'heir', scope: 'write', seconds: 3_600 }],
      ['DELETE', '/operator/tokens/reads'],
      ['POST', '/operator/people', { email: 'eve@desk.example', password: PASSWORD.other }],
      ['PUT', '/operator/people/anna@desk.example/password', { password: PASSWORD.other }],
      ['DELETE', '/operator/people/anna@desk.example'],
    ] as const)
      for (const token of [reading, writing])
        expect(await send(token, method, path, body), `${method} ${path}`).toMatchObject({
          status: 403,
          body: { error: { code: 'person_required' } },
        })
    expect((await send(writing, 'POST', '/operator/partners', { name: 'Wanted' })).status).toBe(200)
  })

  test('that was revoked, or whose end has come, opens nothing in any process', async () => {
    const [revoked, ended] = [await newToken('revoked', 'read'), await newToken('ended', 'read')]
    for (const token of [revoked, ended]) expect(await everywhere(`Bearer ${token}`)).toEqual([200, 200])
    did(await asAnna('operator token revoke revoked'))
    await exchanges[0]!.backOffice.endOperatorToken('ended')
    for (const token of [revoked, ended]) expect(await everywhere(`Bearer ${token}`)).toEqual([401, 401])
    expect((await type('operator list', '', { DESKBRIDGE_OPERATOR_TOKEN: revoked })).stderr).toContain(
      'It was tried with the token of DESKBRIDGE_OPERATOR_TOKEN.',
    )
  })

  test('always has an end, within 366 days', async () => {
    for (const [time, code] of [
      ['367d', 1],
      ['0', 1],
      ['forever', 2],
    ] as const)
      expect((await asAnna(`operator token add eternal --scope read --for ${time} --out ${newFile()}`)).code, time).toBe(code)
    expect((await asAnna(`operator token add eternal --scope read --out ${newFile()}`)).code).toBe(2)
  })

  test('is guessed at thirty times a minute from a network, whatever is guessed', async () => {
    const guess = (turn: number) =>
      ask(`${url(turn % 2)}/operator/people`, {
        method: 'GET',
        headers: { authorization: `Bearer dbo_${String(turn).padStart(43, 'x')}`, 'x-forwarded-for': '10.2.0.1' },
      })
    for (let turn = 0; turn < 30; turn++) expect((await guess(turn)).status).toBe(401)
    expect((await guess(30)).status).toBe(429)
  })
})

describe('the command line of the operator', () => {
  test.each(['operator', 'operator add', 'operator token add', 'partner', 'project', 'project add', 'project secret rotate'])(
    'explains "%s --help"',
    async words => expect(await type(`${words} --help`)).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining(words) }),
  )

  test.each([
    ['operator lsit', 'Did you mean "list"?'],
    ['operator token ad x', 'Did you mean "token add"?'],
    ['project add Kettle main --enviroment sandbox', 'Did you mean "--environment"?'],
    ['project add Kettle main --environment sandbx', 'Did you mean "sandbox"?'],
    ['project add Kettle', 'NAME is missing'],
    ['project add Kettle main', '--environment is missing'],
    ['project list --json=yes', '--json takes no value'],
    ['operator list --exchange http://exchange.example', 'Use https://'],
    ['operator list --exchange https://anna:pw@exchange.example', 'the address alone'],
  ])('answers "%s" with 2, and says what to write', async (words, sentence) => {
    expect(await type(words)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(sentence) })
  })

  test('says where no exchange answers', async () => {
    expect(await type('operator list --as a@b.example', 'x', { DESKBRIDGE_EXCHANGE: 'http://127.0.0.1:1' })).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^No exchange answers at http:\/\/127\.0\.0\.1:1: .*--exchange URL/),
    })
  })
})
