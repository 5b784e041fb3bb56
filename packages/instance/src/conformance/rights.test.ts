import pg from 'pg'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { createInstance } from '../index.ts'
import { callInstance, DEMO, type Fields, openRoom, PASSWORD, query, type Room } from './practice-room.ts'
import { practiceOnly as test } from './which-instance.ts'

let room: Room
const AGENT = 'demo.agent.one'
const CALLER = 'north.user.one'
const me = DEMO.customers[0].users[0].sysId

beforeAll(async () => {
  room = await openRoom()
})
afterAll(() => room.close())

const role = async (name: string) => (await room.find('sys_user_role', `name=${name}`, 'sys_id'))[0]!

/** Makes a rule with its roles; returns what takes it away again. */
async function rule(fields: Fields, roles: readonly string[] = []): Promise<() => Promise<void>> {
  const { sys_id: id } = await room.create('sys_security_acl', { active: 'false', ...fields })
  const given = await Promise.all(
    roles.map(async name => room.create('sys_security_acl_role', { sys_security_acl: id, sys_user_role: await role(name) })),
  )
  await room.call('PATCH', `/api/now/table/sys_security_acl/${id}`, { active: 'true' })
  return async () => {
    await room.call('DELETE', `/api/now/table/sys_security_acl/${id}`)
    for (const one of given) await room.call('DELETE', `/api/now/table/sys_security_acl_role/${one.sys_id}`)
  }
}

const get = (path: string, user: string) => room.call('GET', `/api/now/table/${path}`, undefined, user)
const patch = (path: string, body: Fields, user: string) => room.call('PATCH', `/api/now/table/${path}`, body, user)
const refusedUpdate = { status: 403, body: { error: { detail: 'ACL Exception Update Failed due to security constraints' } } }

describe('access rules are rows', () => {
  test('a rule for a class decides before the one for the table that it extends', async () => {
    const { sys_id: id } = await room.create('problem', {})
    const { sys_id: other } = await room.create('incident', {})
    const end = await rule({ name: 'problem', operation: 'write' }, ['admin'])
    expect(await patch(`problem/${id}`, { description: 'x' }, AGENT)).toMatchObject(refusedUpdate)
    // The way through the parent's table is no way around.
    expect(await patch(`task/${id}`, { description: 'x' }, AGENT)).toMatchObject(refusedUpdate)
    expect((await patch(`incident/${other}`, { description: 'x' }, AGENT)).status).toBe(200)
    expect((await patch(`task/${other}`, { description: 'x' }, AGENT)).status).toBe(200)
    expect((await patch(`problem/${id}`, { description: 'x' }, 'admin')).status).toBe(200)
    await end()
    expect((await patch(`problem/${id}`, { description: 'y' }, AGENT)).status).toBe(200)
  })

  test('records that a condition hides are left out of lists, through the parent’s table too, and count', async () => {
    const mark = 'short_description=rule with a condition'
    for (const impact of ['1', '2', '3']) await room.create('incident', { short_description: 'rule with a condition', impact })
    const end = await rule({ name: 'incident', operation: 'read', condition: 'impact=3^ORassigned_to.active=false' }, ['itil'])
    expect(await room.find('incident', mark, 'impact', AGENT)).toEqual(['3'])
    expect(await room.find('task', mark, 'impact', AGENT)).toEqual(['3'])
    const hidden = await get(`incident?sysparm_query=${query(mark)}`, AGENT)
    expect(hidden.headers.get('x-total-count')).toBe('3')
    const [urgent] = await room.find('incident', `${mark}^impact=1`, 'sys_id')
    expect((await get(`incident/${urgent}`, AGENT)).status).toBe(404)
    expect((await get(`task/${urgent}`, AGENT)).status).toBe(404)
    expect(await room.find('incident', `${mark}^ORDERBYimpact`, 'impact', 'admin')).toEqual(['1', '2', '3'])
    await end()
    expect(await room.find('incident', mark, 'impact', AGENT)).toHaveLength(3)
  })

  test('a condition decides who may write which record, and which may be made', async () => {
    const own = { operation: 'write', name: 'incident', condition: 'caller_id=javascript:gs.getUserID()' }
    const ends = [await rule(own), await rule({ ...own, operation: 'create', condition: 'impact=3' })]
    const { sys_id: mine } = await room.create('incident', { caller_id: me })
    expect((await patch(`incident/${mine}`, { description: 'mine' }, CALLER)).status).toBe(200)
    const { sys_id: other } = await room.create('incident', { opened_by: me })
    expect(await patch(`incident/${other}`, { description: 'x' }, CALLER)).toMatchObject(refusedUpdate)
    const post = (fields: Fields) => room.call('POST', '/api/now/table/incident', { ...fields, caller_id: me }, CALLER)
    expect((await post({ impact: '3', short_description: 'may be made' })).status).toBe(201)
    expect(await post({ impact: '1', short_description: 'may not' })).toMatchObject({ status: 403 })
    expect(await room.find('incident', 'short_description=may not')).toEqual([])
    for (const end of ends) await end()
    expect(await patch(`incident/${mine}`, { description: 'x' }, CALLER)).toMatchObject(refusedUpdate)
  })

  test('a condition or script that is not understood lets nobody pass but an administrator', async () => {
    const rules = [
      { condition: 'no_such_field=1' },
      { condition: 'active=true^ORno_such_field=1' },
      { advanced: 'true', script: 'answer = true;' },
    ]
    for (const fields of rules) {
      const end = await rule({ name: 'problem', operation: 'read', ...fields }, ['itil'])
      expect((await get('problem', AGENT)).body.result).toEqual([])
      expect((await get('problem', 'admin')).body.result).not.toEqual([])
      await end()
    }
    expect((await get('problem', AGENT)).body.result).not.toEqual([])
  })

  test('what only nobody may do, not even an administrator may; a rule that is switched off is none', async () => {
    const { sys_id: id } = await room.create('problem', {})
    const end = await rule({ name: 'problem', operation: 'delete', admin_overrides: 'true' }, ['nobody'])
    expect((await room.call('DELETE', `/api/now/table/problem/${id}`)).status).toBe(403)
    const [acl] = await room.find('sys_security_acl', 'name=problem^operation=delete', 'sys_id')
    await patch(`sys_security_acl/${acl}`, { active: 'false' }, 'admin')
    expect((await room.call('DELETE', `/api/now/table/problem/${id}`)).status).toBe(204)
    await end()
  })

  test('only an administrator reads and writes the rules', async () => {
    expect((await get('sys_security_acl', AGENT)).body.result).toEqual([])
    expect((await get('sys_security_acl', 'admin')).body.result.length).toBeGreaterThan(20)
    expect((await room.call('POST', '/api/now/table/sys_security_acl', {}, AGENT)).status).toBe(403)
  })

  test('a second process on the same schema follows', async () => {
    const other = await createInstance({ databaseUrl: room.databaseUrl, schema: 'sandbox' })
    const problems = async () => (await callInstance(other, 'GET', '/api/now/table/problem', undefined, AGENT)).body.result.length
    expect(await problems()).toBeGreaterThan(0)
    const end = await rule({ name: 'problem', operation: 'read' }, ['admin'])
    await expect.poll(problems, { timeout: 5_000 }).toBe(0)
    await end()
    await expect.poll(problems, { timeout: 5_000 }).toBeGreaterThan(0)
    await other.close()
  })
})

test('a schema of an earlier version, which had no access rules, gets those that every instance begins with', async () => {
  const old = await openRoom()
  const connection = new pg.Client({ connectionString: old.databaseUrl })
  await connection.connect()
  await connection.query(
    `drop table sandbox.sys_security_acl, sandbox.sys_security_acl_role, sandbox.oauth_entity, sandbox.oauth_credential;
     create table sandbox.oauth_entity (client_id text primary key, secret_hash text not null, user_name text not null);
     create table sandbox.oauth_credential (client_id text not null, token_hash text not null unique);
     comment on schema sandbox is 'earlier'`,
  )
  await connection.end()
  const instance = await createInstance({ databaseUrl: old.databaseUrl, schema: 'sandbox' })
  const post = async (user: string) => (await callInstance(instance, 'POST', '/api/now/table/incident', {}, user)).status
  expect([await post('deskbridge.integration'), await post(AGENT), await post(CALLER)]).toEqual([201, 201, 403])
  await instance.setOAuthClient({ clientId: 'again', clientSecret: 'registered', userName: AGENT })
  await instance.close()
  await old.close()
})

describe('fields', () => {
  test('one that somebody may not read is absent, also through a reference, and in no query or order', async () => {
    const end = await rule({ name: 'sys_user.email', operation: 'read' }, ['admin'])
    const agent = `sys_user/${DEMO.agents[0].sysId}`
    for (const display of ['true', 'false', 'all']) {
      expect((await get(`${agent}?sysparm_display_value=${display}`, AGENT)).body.result).not.toHaveProperty('email')
      expect((await get(`${agent}?sysparm_display_value=${display}&sysparm_fields=email,name`, AGENT)).body.result).not.toHaveProperty(
        'email',
      )
    }
    const walked = await get(`incident?sysparm_limit=1&sysparm_fields=number,caller_id.email`, AGENT)
    expect(Object.keys(walked.body.result[0])).toEqual(['number'])
    const refused = {
      status: 403,
      body: {
        error: {
          message: 'Insufficient rights to query records',
          detail: 'Field(s) present in the query do not have permission to be read',
        },
      },
    }
    const asked = ['email=x', 'nameISNOTEMPTY^ORemailISEMPTY', 'ORDERBYemail', 'manager.email=x']
    for (const text of asked) expect(await get(`sys_user?sysparm_query=${query(text)}`, AGENT)).toMatchObject(refused)
    expect(await get('sys_user?email=x', AGENT)).toMatchObject(refused)
    const stats = (parameters: string) => room.call('GET', `/api/now/stats/sys_user?${parameters}`, undefined, AGENT)
    for (const parameters of ['sysparm_group_by=email&sysparm_count=true', 'sysparm_min_fields=email'])
      expect(await stats(parameters)).toMatchObject(refused)
    expect(await get(`incident?sysparm_query=${query('caller_id.emailISNOTEMPTY')}`, AGENT)).toMatchObject(refused)
    expect((await get(`${agent}?sysparm_fields=email`, 'admin')).body.result.email).toBe(DEMO.agents[0].email)
    await end()
    expect((await get(agent, AGENT)).body.result.email).toBe(DEMO.agents[0].email)
  })

  test('one that somebody may not write is dropped without a word, on new records too', async () => {
    const ends = [
      await rule({ name: 'task.urgency', operation: 'write' }, ['admin']),
      await rule({ name: 'incident.*', operation: 'write' }),
    ]
    const made = await room.create('incident', { short_description: 'x', urgency: '1' }, AGENT)
    expect(made).toMatchObject({ short_description: 'x', urgency: '3' })
    const changed = await patch(`incident/${made.sys_id}`, { description: 'y', urgency: '1' }, AGENT)
    expect(changed).toMatchObject({ status: 200, body: { result: { description: 'y', urgency: '3' } } })
    expect((await patch(`incident/${made.sys_id}`, { urgency: '1' }, 'admin')).body.result.urgency).toBe('1')
    for (const end of ends) await end()
    expect((await patch(`incident/${made.sys_id}`, { urgency: '2' }, AGENT)).body.result.urgency).toBe('2')
  })

  test('a caller never sees work notes, in no form', async () => {
    const secret = 'only for the desk'
    const { sys_id: id } = await room.create('incident', { caller_id: me, work_notes: secret, comments: 'for the caller' })
    const fields = 'sysparm_fields=comments,work_notes,comments_and_work_notes,work_notes_list'
    const mine = await get(`incident/${id}?sysparm_display_value=true&${fields}`, CALLER)
    expect(Object.keys(mine.body.result)).toEqual(['comments'])
    expect(mine.body.result.comments).toContain('for the caller')
    expect(JSON.stringify((await get(`incident/${id}?sysparm_display_value=all`, CALLER)).body)).not.toContain(secret)
    expect(JSON.stringify((await get(`incident/${id}?sysparm_display_value=all`, AGENT)).body)).toContain(secret)
  })
})

describe('roles', () => {
  const authorization = () => ({ authorization: `Basic ${Buffer.from(`north.user.three:${PASSWORD}`).toString('base64')}` })
  const user = DEMO.customers[0].users[2].sysId
  const post = async () => (await room.call('POST', '/api/now/table/incident', {}, '', authorization())).status

  test('come by groups, by their parents, and by roles that contain others', async () => {
    await room.instance.setPassword('north.user.three', PASSWORD)
    expect(await post()).toBe(403)
    const parent = await room.create('sys_user_group', { name: 'Everybody of the desk' })
    const group = await room.create('sys_user_group', { name: 'A part of the desk', parent: parent.sys_id })
    const member = await room.create('sys_user_grmember', { user, group: group.sys_id })
    expect(await post()).toBe(403)
    const granted = await room.create('sys_group_has_role', { group: parent.sys_id, role: await role('itil') })
    expect(await post()).toBe(201)
    await room.call('DELETE', `/api/now/table/sys_group_has_role/${granted.sys_id}`)
    expect(await post()).toBe(403)
    const outer = await room.create('sys_user_role', { name: 'contains_itil' })
    const middle = await room.create('sys_user_role', { name: 'in_between' })
    await room.create('sys_user_role_contains', { role: outer.sys_id, contains: middle.sys_id })
    await room.create('sys_user_role_contains', { role: middle.sys_id, contains: await role('itil') })
    // A circle is no trap.
    await room.create('sys_user_role_contains', { role: await role('itil'), contains: outer.sys_id })
    await room.create('sys_group_has_role', { group: parent.sys_id, role: outer.sys_id })
    expect(await post()).toBe(201)
    await room.call('DELETE', `/api/now/table/sys_user_grmember/${member.sys_id}`)
    expect(await post()).toBe(403)
  })
})
