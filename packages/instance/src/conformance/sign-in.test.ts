import { afterAll, beforeAll, describe, expect } from 'vitest'
import { basic, DEMO, openRoom, query, type Room } from './practice-room.ts'
import { practiceOnly as test } from './which-instance.ts'

let room: Room

beforeAll(async () => {
  room = await openRoom()
})
afterAll(() => room.close())

const list = '/api/now/table/incident?sysparm_limit=1'

describe('who may come in', () => {
  const denied = (answer: { status: number; headers: Headers; body: unknown }) => {
    expect(answer).toMatchObject({
      status: 401,
      body: { error: { message: 'User Not Authenticated', detail: 'Required to provide Auth information' }, status: 'failure' },
    })
    expect(answer.headers.get('www-authenticate')).toBe('BASIC realm="Service-now"')
    expect(answer.headers.get('x-is-logged-in')).toBe('false')
  }

  test('nobody without credentials, with wrong ones, or with none that are readable', async () => {
    denied(await room.call('GET', list, undefined, ''))
    for (const authorization of [
      basic('admin', 'wrong'),
      basic('nobody'),
      'Basic !!!',
      'Bearer nonsense',
      'Digest x',
      basic('demo.agent.two', ''),
    ])
      denied(await room.call('GET', list, undefined, '', { authorization }))
    denied(await room.call('GET', '/api/now/nothing', undefined, ''))
  })

  test('nobody who is inactive or locked out, from the moment it is saved', async () => {
    denied(await room.call('GET', list, undefined, 'north.user.gone'))
    await room.instance.setPassword('demo.agent.two', 'first')
    const authorization = basic('demo.agent.two', 'first')
    expect((await room.call('GET', list, undefined, '', { authorization })).status).toBe(200)
    const agent = `/api/now/table/sys_user/${DEMO.agents[1].sysId}`
    await room.call('PATCH', agent, { locked_out: 'true' })
    denied(await room.call('GET', list, undefined, '', { authorization }))
    await room.call('PATCH', agent, { locked_out: 'false' })
    expect((await room.call('GET', list, undefined, '', { authorization })).status).toBe(200)
    await room.instance.setPassword('demo.agent.two', 'second')
    denied(await room.call('GET', list, undefined, '', { authorization }))
  })

  test.each([
    ['users who are there', () => 'demo.agent.two'],
    ['users who are not', (turn: number) => `nobody.${turn}`],
  ] as const)('a flood of wrong passwords of %s ends with 429, and whoever has signed in works on', async (_, nameOf) => {
    await room.instance.setPassword('demo.agent.two', 'right')
    const guess = (turn: number) => room.call('GET', list, undefined, '', { authorization: basic(nameOf(turn), `wrong ${turn}`) })
    expect((await room.call('GET', list)).status).toBe(200)
    const flood = Promise.all(Array.from({ length: 60 }, (_, turn) => guess(turn)))
    expect((await room.call('GET', list)).status).toBe(200)
    const answers = await flood
    const [heard, refused] = [answers.filter(one => one.status === 401), answers.filter(one => one.status === 429)]
    // One is checked and 32 wait; an answer that is on its way may let another one in.
    expect(heard.length).toBeGreaterThanOrEqual(32)
    expect(refused.length).toBeGreaterThan(0)
    expect(heard.length + refused.length).toBe(60)
    expect(refused[0]!.headers.get('retry-after')).toBe('1')
    expect((await guess(answers.indexOf(refused[0]!))).status).toBe(401)
    const authorization = basic('demo.agent.two', 'right')
    expect((await room.call('GET', list, undefined, '', { authorization })).status).toBe(200)
  })

  test('who am I, in both ways', async () => {
    const current = await room.call('GET', '/api/now/ui/user/current_user', undefined, 'demo.agent.one')
    expect(current.body.result).toMatchObject({
      user_sys_id: DEMO.agents[0].sysId,
      user_name: 'demo.agent.one',
      user_display_name: 'Demo Agent One',
    })
    expect(await room.find('sys_user', 'sys_id=javascript:gs.getUserID()', 'user_name', 'demo.agent.one')).toEqual(['demo.agent.one'])
  })
})

describe('API keys', () => {
  const me = '/api/now/ui/user/current_user'
  const who = async (headers: Record<string, string>, path = me) => {
    const { status, body } = await room.call('GET', path, undefined, '', headers)
    return status === 200 ? body.result.user_name : status
  }

  test('sign in by header or parameter, until they are switched off, expire, or their user may not sign in', async () => {
    const key = { 'x-sn-apikey': 'a key of the tests' }
    expect(await who(key)).toBe(401)
    const user = DEMO.agents[2].sysId
    const { sys_id: id, ...row } = await room.create('api_key', { name: 'A key', token: key['x-sn-apikey'], user })
    expect(row).not.toHaveProperty('token')
    expect(await who(key)).toBe('demo.agent.three')
    expect(await who({}, `${me}?x-sn-apikey=a+key+of+the+tests`)).toBe('demo.agent.three')
    const listed = await room.call('GET', `/api/now/table/sys_user?x-sn-apikey=a+key+of+the+tests&user_name=admin`, undefined, '')
    expect(listed.body.result).toHaveLength(1)
    expect(await who({ ...key, authorization: 'Bearer nonsense' })).toBe(401)
    const patch = (fields: object) => room.call('PATCH', `/api/now/table/api_key/${id}`, fields)
    for (const [off, on] of [
      [{ active: 'false' }, { active: 'true' }],
      [{ expires: '2020-01-01 00:00:00' }, { expires: '' }],
      [{ token: 'another' }, { token: key['x-sn-apikey'] }],
    ]) {
      await patch(off!)
      expect(await who(key)).toBe(401)
      await patch(on!)
      expect(await who(key)).toBe('demo.agent.three')
    }
    const agent = `/api/now/table/sys_user/${user}`
    await room.call('PATCH', agent, { active: 'false' })
    expect(await who(key)).toBe(401)
    await room.call('PATCH', agent, { active: 'true' })
  })

  test('and passwords stand in the database as digests only', async () => {
    await room.create('api_key', { token: 'a key that nobody reads', user: DEMO.agents[2].sysId })
    const rows = (await room.call('GET', '/api/now/table/api_key?sysparm_display_value=all')).body
    expect(JSON.stringify(rows)).not.toContain('nobody reads')
    expect(
      (await room.call('GET', '/api/now/table/api_key?sysparm_query=tokenSTARTSWITHa&sysparm_fields=token,name')).body.result,
    ).not.toEqual([])
  })
})

describe('who may still use Basic', () => {
  const prefix = 'glide.authenticate.basic_auth.restriction.'
  const me = '/api/now/ui/user/current_user'
  const status = async (user: string) => (await room.call('GET', me, undefined, user)).status
  const property = async (name: string, value: string) => room.create('sys_properties', { name: prefix + name, value })

  test('is decided by role, list, or being for web services alone, once it is enforced; a blocked call is an ordinary 401', async () => {
    const key = { 'x-sn-apikey': 'the way in without Basic' }
    await room.create('api_key', { token: key['x-sn-apikey'], user: DEMO.admin.sysId })
    const made: string[] = []
    const add = async (name: string, value: string) => made.push((await property(name, value)).sys_id!)
    await add('allowed_users', 'nobody.else, ADMIN')
    await add('active', 'true')
    expect(await status('demo.agent.one')).toBe(200)
    const date = (await property('enforcement_date', '2999-01-01')).sys_id
    made.push(date!)
    await add('enforce', 'true')
    expect(await status('demo.agent.one')).toBe(200)
    await room.call('PATCH', `/api/now/table/sys_properties/${date}`, { value: '2020-01-01 00:00:00' })
    expect(await room.call('GET', me, undefined, 'demo.agent.one')).toMatchObject({
      status: 401,
      body: { error: { message: 'User Not Authenticated', detail: 'Required to provide Auth information' } },
    })
    expect([await status('admin'), await status('deskbridge.integration')]).toEqual([200, 401])
    await add('allow_wsao', 'true')
    expect([await status('deskbridge.integration'), await status('demo.agent.one')]).toEqual([200, 401])
    const role = await room.create('sys_user_role', { name: 'snc_basic_auth_api_access' })
    await room.create('sys_user_has_role', { user: DEMO.agents[0].sysId, role: role.sys_id })
    expect(await status('demo.agent.one')).toBe(200)
    // Other ways in are not concerned.
    for (const id of made) expect((await room.call('DELETE', `/api/now/table/sys_properties/${id}`, undefined, '', key)).status).toBe(204)
    expect(await status('demo.agent.one')).toBe(200)
  })
})

describe('rights', () => {
  const me = DEMO.customers[0].users[0].sysId

  test('somebody without a role sees his own tickets; hidden rows shorten the page and stay in the count', async () => {
    const fields = { short_description: 'rights' }
    for (let at = 0; at < 4; at += 1) await room.create('incident', { ...fields, caller_id: at % 2 ? me : '' })
    const path = `/api/now/table/incident?sysparm_fields=number,caller_id&sysparm_limit=3&sysparm_query=${query('short_description=rights^ORDERBYnumber')}`
    const answer = await room.call('GET', path, undefined, 'north.user.one')
    expect(answer.body.result).toHaveLength(1)
    expect(answer.headers.get('x-total-count')).toBe('4')
    const [hidden] = await room.find('incident', 'short_description=rights^caller_idISEMPTY', 'sys_id')
    expect((await room.call('GET', `/api/now/table/incident/${hidden}`, undefined, 'north.user.one')).status).toBe(404)
    expect((await room.call('PATCH', `/api/now/table/incident/${hidden}`, {}, 'north.user.one')).status).toBe(404)
  })

  test('and may not write', async () => {
    const answer = await room.call('POST', '/api/now/table/incident', {}, 'north.user.one')
    expect(answer).toMatchObject({
      status: 403,
      body: { error: { message: 'Operation Failed', detail: 'ACL Exception Insert Failed due to security constraints' } },
    })
    const { sys_id: id } = await room.create('incident', { caller_id: me })
    for (const [method, write] of [
      ['PATCH', 'Update'],
      ['DELETE', 'Delete'],
    ] as const)
      expect(await room.call(method, `/api/now/table/incident/${id}`, {}, 'north.user.one')).toMatchObject({
        status: 403,
        body: { error: { detail: `ACL Exception ${write} Failed due to security constraints` } },
      })
  })

  test('nor read history, which then looks empty', async () => {
    const { sys_id: id } = await room.create('incident', { caller_id: me, comments: 'x' })
    const answer = await room.call('GET', `/api/now/table/sys_journal_field?sysparm_query=element_id=${id}`, undefined, 'north.user.one')
    expect(answer.body.result).toEqual([])
    expect(answer.headers.get('x-total-count')).toBe('1')
    expect(await room.find('sys_journal_field', `element_id=${id}`, 'value', 'deskbridge.integration')).toEqual(['x'])
  })

  test('only the administrator writes users, and nobody rewrites history', async () => {
    const user = { user_name: 'new.user', first_name: 'New', last_name: 'User', user_password: 'x' }
    for (const other of ['demo.agent.one', 'deskbridge.integration'])
      expect((await room.call('POST', '/api/now/table/sys_user', user, other)).status).toBe(403)
    const made = await room.call('POST', '/api/now/table/sys_user', user)
    expect(made.body.result).toMatchObject({ name: 'New User' })
    expect(made.body.result).not.toHaveProperty('user_password')
    expect((await room.call('GET', list, undefined, '', { authorization: basic('new.user', 'x') })).status).toBe(401)
    const again = await room.call('POST', '/api/now/table/sys_user', user)
    expect(again.status).toBe(500)
    expect(again.body.error.detail).toBe("Unique Key violation detected by database (Duplicate entry 'new.user')")
    for (const table of ['sys_journal_field', 'sys_audit', 'sys_attachment'])
      expect((await room.call('POST', `/api/now/table/${table}`, { value: 'x' })).status).toBe(403)
  })

  test('a role that is given counts at once', async () => {
    const [role] = await room.find('sys_user_role', 'name=itil', 'sys_id')
    await room.instance.setPassword('north.user.two', 'x')
    const authorization = basic('north.user.two', 'x')
    expect((await room.call('POST', '/api/now/table/incident', {}, '', { authorization })).status).toBe(403)
    await room.create('sys_user_has_role', { user: DEMO.customers[0].users[1].sysId, role })
    expect((await room.call('POST', '/api/now/table/incident', {}, '', { authorization })).status).toBe(201)
  })
})
