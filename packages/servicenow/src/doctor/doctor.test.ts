import { createInstance, DEMO, type Instance, serveInstance } from '@deskbridge/instance'
import { makeFreshDatabase } from '@deskbridge/postgres/testing'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type ConnectionOptions, catalogue, connect, type Examination, examine, type ServiceNow, serviceNow } from '../index.ts'
import { healthChecks } from './checks.ts'

const PASSWORD = 'a password of the tests'
const USER = DEMO.integration.userName
/** A user of a customer: signed in, without a role. */
const OUTSIDER = DEMO.customers[0]!.users[0]!.userName

let instance: Instance
let served: Awaited<ReturnType<typeof serveInstance>>
let database: Awaited<ReturnType<typeof makeFreshDatabase>>
let admin: ServiceNow

beforeAll(async () => {
  database = await makeFreshDatabase()
  instance = await createInstance({ databaseUrl: database.url, schema: 'practice' })
  served = await serveInstance(instance, { port: 0 })
  await instance.setPasswords(PASSWORD, ['admin', USER, OUTSIDER])
  admin = serviceNow(connect(as('admin')))
})
afterAll(async () => {
  await served?.close()
  await instance?.close()
  await database?.drop()
})
afterEach(() => practice('DELETE', 'faults'))

const as = (userName: string, password = PASSWORD): ConnectionOptions => ({
  baseUrl: served.url,
  signIn: { kind: 'basic', userName, password },
})

const finding = ({ checks }: Examination, name: string) => checks.find(({ check }) => check === name)

async function practice(method: string, path: string, body?: object): Promise<void> {
  const headers = { authorization: `Basic ${btoa(`admin:${PASSWORD}`)}`, 'content-type': 'application/json' }
  const answer = await instance.fetch(
    new Request(`${served.url}/practice/${path}`, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) }),
  )
  if (!answer.ok) throw new Error(await answer.text())
}

/** Makes a record, and forgets it when the test is over. */
async function meanwhile<T>(table: string, values: Record<string, string>, during: () => Promise<T>): Promise<T> {
  const { sys_id } = await admin.table.create({ table, values })
  try {
    return await during()
  } finally {
    await admin.table.delete({ table, sysId: sys_id! })
  }
}

async function found(table: string, query: string): Promise<string> {
  const { rows } = await admin.table.list({ table, query, fields: ['sys_id'] })
  return rows[0]!.sys_id!
}

describe('a connection that works', () => {
  test('is green, and every check and every action is told once, in order', async () => {
    const [checks, actions]: [string[], string[]] = [[], []]
    const health = await examine(as(USER), {
      onCheck: ({ check }) => checks.push(check),
      onAction: ({ action }) => actions.push(action),
    })
    expect(health.checks.filter(({ needed, state }) => needed && state !== 'ok')).toEqual([])
    expect(health).toMatchObject({ ok: true, url: served.url })
    const names = healthChecks.map(({ name }) => name)
    expect(checks).toEqual(names)
    expect(health.checks.map(({ check }) => check)).toEqual(names)
    expect(health.actions.map(({ action }) => action)).toEqual(catalogue.map(({ name }) => name))
    expect(actions.sort()).toEqual(catalogue.map(({ name }) => name).sort())
    expect(finding(health, 'own record')?.says).toBe(`the user is ${USER}`)
  })

  test('in process there is no network to look at', async () => {
    const health = await examine({ ...as(USER), baseUrl: 'http://practice.example', fetch: instance.fetch })
    expect(health.ok).toBe(true)
    expect(finding(health, 'encryption')?.says).toBe('the instance runs in this process')
  })

  test('is looked at without changing anything: every question is a GET', async () => {
    const methods = new Set<string>()
    const fetch = (request: Request) => {
      methods.add(request.method)
      return instance.fetch(request)
    }
    await examine({ ...as('admin'), fetch })
    expect([...methods]).toEqual(['GET'])
  })

  test('an administrator may use every action', async () => {
    const { actions } = await examine(as('admin'))
    expect(actions.filter(({ state }) => state === 'usable').length).toBeGreaterThan(40)
  })
})

describe('what is not well is named with what to change', () => {
  test('a wrong password', async () => {
    const health = await examine(as(USER, 'wrong'))
    expect(health.ok).toBe(false)
    expect(finding(health, 'sign-in')).toMatchObject({
      state: 'not ok',
      says: expect.stringContaining('User Not Authenticated'),
      change: expect.stringMatching(/user name and password.*snc_basic_auth_api_access/),
    })
    expect(finding(health, 'REST access')).toMatchObject({ state: 'could not tell', says: 'see sign-in' })
    expect(health.actions).toEqual([])
  })

  test('OAuth: an unknown client, a password that is refused, a client that works', async () => {
    const userId = await found('sys_user', `user_name=${USER}`)
    const client = { client_id: 'doctor-client', client_secret: 'doctor-secret', name: 'doctor', user: userId }
    await meanwhile('oauth_entity', client, async () => {
      const oauth = { kind: 'oauth', grant: 'client_credentials', clientId: 'doctor-client', clientSecret: 'doctor-secret' } as const
      const withSignIn = (signIn: ConnectionOptions['signIn']) => examine({ baseUrl: served.url, signIn })
      expect((await withSignIn(oauth)).ok).toBe(true)
      const unknown = finding(await withSignIn({ ...oauth, clientSecret: 'x' }), 'sign-in')
      expect(unknown).toMatchObject({ state: 'not ok', change: expect.stringContaining('The client is not known') })
      const refused = finding(await withSignIn({ ...oauth, grant: 'password', userName: USER, password: 'x' }), 'sign-in')
      expect(refused).toMatchObject({ state: 'not ok', change: expect.stringContaining('glide.oauth.inbound.ropc.grant_type.disabled') })
      const ended = finding(await withSignIn({ ...oauth, grant: 'refresh_token', refreshToken: 'x' }), 'sign-in')
      expect(ended).toMatchObject({ state: 'not ok', change: expect.stringContaining('get consent again') })
    })
    const key = finding(await examine({ baseUrl: served.url, signIn: { kind: 'api-key', key: 'nonsense' } }), 'sign-in')
    expect(key).toMatchObject({ state: 'not ok', change: expect.stringContaining('inbound authentication profile') })
  })

  test('Basic that will be restricted, and the role that lets one pass', async () => {
    const property = (name: string, value: string) => ({ name: `glide.authenticate.basic_auth.restriction.${name}`, value })
    await meanwhile('sys_properties', property('active', 'true'), () =>
      meanwhile('sys_properties', property('enforcement_date', '2099-01-01'), async () => {
        expect(finding(await examine(as('admin')), 'Basic access policy')).toMatchObject({
          state: 'not ok',
          says: expect.stringContaining('Basic is restricted from 2099-01-01'),
          change: expect.stringContaining('snc_basic_auth_api_access'),
        })
        await meanwhile('sys_user_role', { name: 'snc_basic_auth_api_access' }, async () => {
          const grant = {
            user: await found('sys_user', 'user_name=admin'),
            role: await found('sys_user_role', 'name=snc_basic_auth_api_access'),
          }
          await meanwhile('sys_user_has_role', { ...grant, state: 'active' }, async () => {
            expect(finding(await examine(as('admin')), 'Basic access policy')).toMatchObject({
              state: 'ok',
              says: 'the role snc_basic_auth_api_access lets the user use Basic',
            })
          })
        })
      }),
    )
    expect(finding(await examine(as('admin')), 'Basic access policy')).toMatchObject({ state: 'ok', says: 'Basic is not restricted' })
  })

  test('a user without roles: the connection works, and each action says which role to grant', async () => {
    const health = await examine(as(OUTSIDER))
    expect(health.ok).toBe(true)
    const list = health.actions.find(({ action }) => action === 'incident.list')
    expect(list).toMatchObject({ state: 'not-usable', because: expect.stringContaining('hidden'), change: expect.stringContaining('itil') })
    for (const { state, because, change } of health.actions)
      if (state === 'not-usable') expect([because, change]).toEqual([expect.any(String), expect.any(String)])
  })

  test('a time zone in which times would read otherwise', async () => {
    const sysId = await found('sys_user', `user_name=${USER}`)
    const zone = async (time_zone: string) => {
      await admin.table.update({ table: 'sys_user', sysId, values: { time_zone } })
      return finding(await examine(as(USER)), 'time zone')
    }
    expect(await zone('US/Pacific')).toMatchObject({ state: 'not ok', says: 'the user’s time zone is US/Pacific', needed: false })
    expect(await zone('GMT')).toMatchObject({ state: 'ok' })
    expect(await zone('')).toMatchObject({ state: 'could not tell' })
  })

  test('a rate limit that is low, and one that is reached', async () => {
    const user = await found('sys_user', `user_name=${OUTSIDER}`)
    const rule = (limit: string) => ({ name: 'doctor', user, request_limit_per_hour: limit, active: 'true' })
    await meanwhile('sys_rate_limit_rules', rule('1000'), async () => {
      expect(finding(await examine(as(OUTSIDER)), 'rate limit')).toMatchObject({
        state: 'not ok',
        says: expect.stringMatching(/^1000 calls an hour, counted anew in \d+ min: less than/),
        change: expect.stringContaining('sys_rate_limit_rules'),
      })
    })
    await practice('POST', 'faults', { kind: 'too-many-requests', user: OUTSIDER })
    const reached = await examine(as(OUTSIDER))
    expect(finding(reached, 'rate limit')).toMatchObject({ state: 'not ok', says: expect.stringContaining('the limit is reached') })
    expect(finding(reached, 'sign-in')?.state).toBe('could not tell')
    expect(reached.ok).toBe(false)
  })

  test('an instance that sleeps, for everybody and for the signed-in alone', async () => {
    await practice('POST', 'faults', { kind: 'asleep', path: '/api/now' })
    const asleep = await examine(as(USER))
    expect(asleep.ok).toBe(false)
    expect(finding(asleep, 'awake')).toMatchObject({ state: 'not ok', change: expect.stringContaining('developer.servicenow.com') })
    await practice('DELETE', 'faults')
    await practice('POST', 'faults', { kind: 'asleep', user: USER })
    expect(finding(await examine(as(USER)), 'sign-in')).toMatchObject({ state: 'not ok', says: expect.stringContaining('web page') })
  })

  test('plug-ins that are not there, which only some actions need', async () => {
    const plugins = (await examine(as(USER))).checks.filter(({ check }) => check.startsWith('plug-in '))
    expect(plugins).toHaveLength(5)
    for (const { needed } of plugins) expect(needed).toBe(false)
  })
})
