import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeFreshDatabase } from '@deskbridge/postgres/testing'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type Answer, ask, basic } from '../system/answer.ts'
import { type StartedSystem, startSystem } from '../system/start-system.ts'
import { typeCommand } from '../system/typed.ts'

/** Two exchanges on one database; a partner of the operator's with one system after the other. */
let database: Awaited<ReturnType<typeof makeFreshDatabase>>
let sql: pg.Client
let exchanges: StartedSystem[]
let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'deskbridge-projects-'))
  database = await makeFreshDatabase()
  exchanges = [await startSystem({ database: database.url })]
  exchanges.push(await startSystem({ database: database.url }))
  sql = new pg.Client({ connectionString: database.url })
  await sql.connect()
})
afterAll(async () => {
  await sql?.end()
  for (const one of exchanges ?? []) await one.end()
  await database?.drop()
  rmSync(folder, { recursive: true, force: true })
})

const NORTH = 'Demo Customer North'
let last = 0
const newName = (what: string) => `${what}-${++last}`

/** Types a command of the operator's to the first exchange; what it answers as JSON. */
async function project(...words: string[]) {
  const { email, password } = exchanges[0]!.firstSteps.portalUsers.operator
  const settings = { DESKBRIDGE_EXCHANGE: exchanges[0]!.firstSteps.exchange, XDG_CONFIG_HOME: folder }
  const { code, stdout, stderr } = await typeCommand(['project', ...words, '--as', email, '--json'], settings, `${password}\n`)
  return { code, stderr, stdout, json: code === 0 ? JSON.parse(stdout) : undefined }
}

async function newProject(name = newName('project')): Promise<{ name: string; clientId: string }> {
  const { json, stderr } = await project('add', NORTH, name, '--environment', 'sandbox', '--delivery', 'acknowledge')
  expect(stderr).toBe('')
  return { name, clientId: json.client_id }
}

/** A new secret of a project, made with `secret add`, or `secret rotate` and its flags. */
async function newSecret(name: string, how: readonly string[] = ['add']): Promise<{ secret: string; fingerprint: string }> {
  const out = join(folder, newName('secret'))
  const [verb = '', ...flags] = how
  const { json, stdout, stderr } = await project('secret', verb, NORTH, name, ...flags, '--out', out)
  expect(stderr).toBe('')
  const secret = readFileSync(out, 'utf8').trim()
  expect(stdout).not.toContain(secret)
  return { secret, fingerprint: json.fingerprint }
}

function signIn(clientId: string, secret: string, at = 0): Promise<Answer> {
  return ask(exchanges[at]!.firstSteps.tokenUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId, client_secret: secret }).toString(),
  })
}

const tokenOf = async (clientId: string, secret: string) => (await signIn(clientId, secret)).body.access_token as string
const use = async (token: string, at: number) =>
  (
    await ask(`${exchanges[at]!.firstSteps.connectBaseUrl}/ListOpenTickets`, {
      method: 'GET',
      headers: { authorization: `Bearer ${token}` },
    })
  ).status
const everywhere = async (token: string) => [await use(token, 0), await use(token, 1)]
/** Once the notice has come: it travels on a connection of its own. */
const soon = (token: string, statuses: number[]) => vi.waitFor(async () => expect(await everywhere(token)).toEqual(statuses), 2_000)

/** Changes something as the operator of the demo, in words of the API. */
function change(path: string, body: object, above = '/operator/projects'): Promise<Answer> {
  const { firstSteps } = exchanges[0]!
  const { email, password } = firstSteps.portalUsers.operator
  const headers = { authorization: basic(email, password), 'content-type': 'application/json' }
  return ask(`${firstSteps.exchange}${above}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
}

/** While nobody can read this table. */
async function whileLocked<T>(table: string, work: () => Promise<T>): Promise<T> {
  await sql.query(`begin; lock table ${table} in access exclusive mode`)
  try {
    return await work()
  } finally {
    await sql.query('rollback')
  }
}

/** While each connection that inserts into this table breaks at its commit: nobody is told whether it was done. */
async function whileCommitsBreak<T>(table: string, work: () => Promise<T>): Promise<T> {
  await sql.query(`
    create function break_off() returns trigger language plpgsql as 'begin perform pg_terminate_backend(pg_backend_pid()); return null; end';
    create constraint trigger break_off after insert on ${table} deferrable initially deferred for each row execute function break_off()`)
  try {
    return await work()
  } finally {
    await sql.query('drop function break_off cascade')
  }
}

describe('a client secret', () => {
  test('that is revoked ends the tokens that were got with it, in every process, and no other of its project', async () => {
    const { name, clientId } = await newProject()
    const [old, young] = [await newSecret(name), await newSecret(name)]
    const [withOld, withYoung] = [await tokenOf(clientId, old.secret), await tokenOf(clientId, young.secret)]
    for (const token of [withOld, withYoung]) expect(await everywhere(token)).toEqual([200, 200])
    expect((await project('secret', 'revoke', NORTH, name, old.fingerprint)).code).toBe(0)
    expect(await use(withOld, 0)).toBe(401)
    await soon(withOld, [401, 401])
    expect(await everywhere(withYoung)).toEqual([200, 200])
    expect((await signIn(clientId, old.secret, 1)).body.error).toBe('invalid_client')
    expect((await signIn(clientId, young.secret, 1)).status).toBe(200)
  })

  test('that is revoked while no notice of it arrives opens nothing half a minute later', async () => {
    const { name, clientId } = await newProject()
    const { secret } = await newSecret(name)
    const token = await tokenOf(clientId, secret)
    expect(await everywhere(token)).toEqual([200, 200])
    await sql.query(
      `update exchange.client_secret set revoked_at = now() from exchange.project p where p.client_id = $1
      and client_secret.project_id = p.project_id`,
      [clientId],
    )
    await vi.waitFor(async () => expect(await everywhere(token)).toEqual([401, 401]), { timeout: 35_000, interval: 1_000 })
  }, 60_000)

  test('that is rotated stays good beside the new one until its end, with its tokens; then both open nothing', async () => {
    const { name, clientId } = await newProject()
    const old = await newSecret(name)
    const before = await tokenOf(clientId, old.secret)
    const young = await newSecret(name, ['rotate', '--old-ends', '2m'])
    const late = await signIn(clientId, old.secret)
    expect(late.status).toBe(200)
    expect(Number(late.body.expires_in)).toBeLessThanOrEqual(120)
    expect((await signIn(clientId, young.secret)).body.expires_in).toBe('3599')
    await sql.query('update exchange.client_secret set ends_at = now() where ends_at is not null')
    for (const token of [before, late.body.access_token]) expect(await use(token, 1)).toBe(401)
    expect((await signIn(clientId, old.secret)).body.error).toBe('invalid_client')
    const { json } = await project('list', '--partner', NORTH, '--all')
    const { secrets } = json.find((one: { client_id: string }) => one.client_id === clientId)
    expect(secrets).toMatchObject([
      { fingerprint: old.fingerprint, state: 'ended', last_used_at: expect.any(String) },
      { fingerprint: young.fingerprint, state: 'good', last_used_at: expect.any(String) },
    ])
  })

  test('that is replaced at once ends the tokens of all others', async () => {
    const { name, clientId } = await newProject()
    const old = await newSecret(name)
    const token = await tokenOf(clientId, old.secret)
    expect(await everywhere(token)).toEqual([200, 200])
    const young = await newSecret(name, ['rotate', '--old-ends', '0'])
    await soon(token, [401, 401])
    expect((await signIn(clientId, young.secret)).status).toBe(200)
  })

  test('ends with its revocation the tokens of before tokens knew their secret', async () => {
    const { name, clientId } = await newProject()
    const [kept, revoked] = [await newSecret(name), await newSecret(name)]
    const token = await tokenOf(clientId, kept.secret)
    await sql.query(
      'update exchange.access_token t set secret_sha256 = null from exchange.project p where p.client_id = $1 and p.project_id = t.project_id',
      [clientId],
    )
    expect(await everywhere(token)).toEqual([200, 200])
    await project('secret', 'revoke', NORTH, name, revoked.fingerprint)
    await soon(token, [401, 401])
  })

  test('that is replaced at once ends the tokens of before tokens knew their secret too', async () => {
    const { name, clientId } = await newProject()
    const token = await tokenOf(clientId, (await newSecret(name)).secret)
    await sql.query(
      'update exchange.access_token t set secret_sha256 = null from exchange.project p where p.client_id = $1 and p.project_id = t.project_id',
      [clientId],
    )
    expect(await everywhere(token)).toEqual([200, 200])
    await newSecret(name, ['rotate', '--old-ends', '0'])
    await soon(token, [401, 401])
  })

  test('that nobody was told is not there, and ends no other: where it cannot be shown, nothing was done', async () => {
    const { name, clientId } = await newProject()
    const { secret, fingerprint } = await newSecret(name)
    const { status, body } = await whileLocked('exchange.partner', () =>
      change(`/${clientId}/secrets/rotate`, { others_end_in_seconds: 0 }),
    )
    expect([status, body.error.code]).toEqual([503, 'exchange_unavailable'])
    expect((await signIn(clientId, secret)).status).toBe(200)
    const { json } = await project('list', '--partner', NORTH)
    const { secrets } = json.find((one: { client_id: string }) => one.client_id === clientId)
    expect(secrets).toMatchObject([{ fingerprint, ends_at: null }])
  }, 30_000)

  test('is one of ten at most', async () => {
    const { name } = await newProject()
    for (let nth = 0; nth < 10; nth++) await newSecret(name)
    expect(await project('secret', 'add', NORTH, name, '--out', join(folder, 'eleventh'))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('The project has 10 secrets already.'),
    })
    expect(() => readFileSync(join(folder, 'eleventh'))).toThrow()
  })
})

describe('a project', () => {
  test('that is ended signs in nowhere, and its tokens open nothing, in every process; its name is free again', async () => {
    const { name, clientId } = await newProject()
    const { secret } = await newSecret(name)
    const token = await tokenOf(clientId, secret)
    expect(await everywhere(token)).toEqual([200, 200])
    expect((await project('end', NORTH, name)).code).toBe(0)
    await soon(token, [401, 401])
    expect((await signIn(clientId, secret, 1)).body.error).toBe('invalid_client')
    expect((await project('secret', 'add', NORTH, name, '--out', join(folder, newName('none')))).stderr).toContain('has no project')
    expect((await newProject(name)).clientId).not.toBe(clientId)
  })

  test('has a name that its partner has once in an environment', async () => {
    const { name } = await newProject()
    expect(await project('add', NORTH, name, '--environment', 'sandbox')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('already'),
    })
    expect((await project('add', NORTH, name, '--environment', 'production')).code).toBe(0)
    expect(await project('end', NORTH, name)).toMatchObject({ code: 2, stderr: expect.stringContaining('Say which with --environment.') })
    expect((await project('end', NORTH, name, '--environment', 'production')).code).toBe(0)
  })

  test('of a partner that is not there is refused, with the nearest', async () => {
    expect(await project('add', 'Demo Customer Nroth', 'x', '--environment', 'sandbox')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^There is no partner "Demo Customer Nroth"\.\nThe nearest names are: Demo Customer North/),
    })
  })

  test('is listed with who made it, and its secrets by their fingerprints alone', async () => {
    const { name, clientId } = await newProject()
    const { secret, fingerprint } = await newSecret(name)
    const { json, stdout } = await project('list', '--partner', NORTH)
    const { email } = exchanges[0]!.firstSteps.portalUsers.operator
    expect(json.find((one: { client_id: string }) => one.client_id === clientId)).toMatchObject({
      name,
      delivery: 'acknowledge',
      made_by: email,
      secrets: [{ fingerprint, made_by: email, last_used_at: null, state: 'good' }],
    })
    expect(stdout).not.toContain(secret)
  })
})

describe('where nobody knows whether it was made', () => {
  test.each<[string, string, object, string, string?]>([
    ['a secret', '/CLIENT/secrets', {}, 'exchange.client_secret'],
    ['a secret in the place of others', '/CLIENT/secrets/rotate', {}, 'exchange.client_secret'],
    ['a project', '', { partner: NORTH, environment: 'sandbox', name: 'perhaps' }, 'exchange.project'],
    ['a partner', '', { name: 'Perhaps' }, 'exchange.partner', '/operator/partners'],
    ['a token', '', { name: 'perhaps', scope: 'read', seconds: 60 }, 'exchange.operator_token', '/operator/tokens'],
    ['a person', '', { email: 'perhaps@desk.example', password: 'a password nobody has' }, 'exchange.person', '/operator/people'],
  ])('%s is not asked for again: its list is looked at', async (_, path, body, table, above) => {
    const { clientId } = await newProject()
    const answer = await whileCommitsBreak(table, () => change(path.replace('CLIENT', clientId), body, above))
    expect(answer).toMatchObject({
      status: 503,
      body: { error: { code: 'outcome_unknown', hint: expect.stringContaining('ook at GET /operator/') } },
    })
  })
})
