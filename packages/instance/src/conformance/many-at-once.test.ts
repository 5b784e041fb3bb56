import { makeFreshDatabase } from '@deskbridge/postgres/testing'
import pg from 'pg'
import { expect } from 'vitest'
import { ALL_RIGHTS } from '../caller/rights.ts'
import { Dictionary } from '../dictionary/dictionary.ts'
import { createInstance, DEMO, startInstance } from '../index.ts'
import { filter } from '../query-language/statement.ts'
import { Database } from '../storage/database.ts'
import { basic, callInstance, openRoom, PASSWORD } from './practice-room.ts'
import { practiceOnly as test } from './which-instance.ts'

test('resets and writes at the same moment wait for each other, and none of them fails', async () => {
  const room = await openRoom()
  const { sys_id: id } = await room.create('incident', {})
  const file = `/api/now/attachment/file?table_name=incident&table_sys_id=${id}&file_name=a.txt`
  const sent = { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'x' }
  const one = (at: number) =>
    [
      () => room.call('POST', '/api/now/table/incident', { comments: 'a' }),
      () => room.call('GET', '/api/now/table/task?sysparm_display_value=all'),
      () => room.call('PATCH', `/api/now/table/incident/${id}`, { description: `${at}`, work_notes: 'b' }),
      () => room.fetch(file, sent),
    ][at % 4]!()
  const resets = Array.from({ length: 3 }, () => room.call('POST', '/practice/reset'))
  const answers = await Promise.all([...resets, ...Array.from({ length: 80 }, (_, at) => one(at))])
  expect(answers.slice(0, 3).map(({ status }) => status)).toEqual([204, 204, 204])
  // What was there before the reset is not found after it.
  expect(answers.slice(3).filter(({ status }) => ![200, 201, 404].includes(status))).toEqual([])
  await room.close()
})

test('approvers who answer at the same moment are all answered, and one of them decides', async () => {
  const room = await openRoom()
  // Not who is asked in Authorize, too: an answer that comes late would be the answer to that.
  const people = [DEMO.admin, ...DEMO.agents.slice(0, 2)]
  const answerers = people.map(({ userName }) => userName)
  const group = DEMO.networkGroup.sysId
  await room.instance.setPasswords(PASSWORD, answerers)
  for (const { sysId } of people) await room.create('sys_user_grmember', { user: sysId, group })
  const made = await room.call('POST', '/api/sn_chg_rest/change/normal', { assignment_group: group })
  const change = `/api/sn_chg_rest/change/${made.body.result.sys_id.value}`
  await room.call('PATCH', change, { state: '-4' })
  const yes = answerers.map(user => room.call('PATCH', `${change}/approvals`, { state: 'approved' }, user))
  const answers = await Promise.all([...yes, room.call('PATCH', change, { short_description: 'meanwhile' })])
  // Who comes too late is told that nothing is asked of him.
  expect(answers.filter(({ status }) => ![200, 400].includes(status))).toEqual([])
  expect(answers.at(-1)!.status).toBe(200)
  expect((await room.call('GET', change)).body.result.state.display_value).toBe('Authorize')
  await room.close()
})

test('two processes make one schema at the same moment, and share it', async () => {
  const database = await makeFreshDatabase()
  const open = () => createInstance({ databaseUrl: database.url, schema: 'sandbox' })
  const [one, two] = await Promise.all([open(), open()])
  await one.setPassword('admin', PASSWORD)
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, at) =>
      callInstance(at % 2 ? one : two, 'POST', '/api/now/table/incident', { short_description: `no. ${at}` }),
    ),
  )
  const numbers = answers.map(answer => answer.body.result.number)
  expect(new Set(numbers).size).toBe(100)
  const users = await callInstance(two, 'GET', '/api/now/table/sys_user?sysparm_query=user_name=admin')
  expect(users.body.result).toHaveLength(1)

  const id = answers[0]!.body.result.sys_id
  const saves = await Promise.all(
    Array.from({ length: 30 }, (_, at) =>
      callInstance(at % 2 ? one : two, 'PATCH', `/api/now/table/incident/${id}`, { description: `save ${at}`, comments: `comment ${at}` }),
    ),
  )
  expect(saves.map(save => save.status)).toEqual(saves.map(() => 200))
  expect(saves.map(save => Number(save.body.result.sys_mod_count)).sort((a, b) => a - b)).toEqual(
    Array.from({ length: 30 }, (_, at) => at + 1),
  )
  const audit = await callInstance(
    one,
    'GET',
    `/api/now/table/sys_audit?sysparm_query=documentkey=${id}%5Efieldname=description%5EORDERBYsys_created_on`,
  )
  const chain = audit.body.result as Record<string, string>[]
  expect(chain).toHaveLength(30)
  for (const [at, row] of chain.entries())
    expect(row).toMatchObject({ record_checkpoint: String(at + 1), oldvalue: at === 0 ? '' : chain[at - 1]!.newvalue })

  const three = await open()
  await Promise.all([one.close(), two.close(), three.close()])
  await database.drop()
})

test('two schemas of one database know nothing of each other, and hold the same demo company', async () => {
  const database = await makeFreshDatabase()
  const sandbox = await createInstance({ databaseUrl: database.url, schema: 'sandbox' })
  const production = await createInstance({ databaseUrl: database.url, schema: 'production', baseUrl: 'https://production.example' })
  await sandbox.setPassword('admin', PASSWORD)
  await production.setPassword('admin', PASSWORD)
  await callInstance(sandbox, 'POST', '/api/now/table/incident', { short_description: 'only here' })
  const path = '/api/now/table/incident?sysparm_query=short_description=only%20here'
  expect((await callInstance(sandbox, 'GET', path)).body.result).toHaveLength(1)
  expect((await callInstance(production, 'GET', path)).body.result).toHaveLength(0)
  for (const instance of [sandbox, production]) {
    const answer = await callInstance(instance, 'GET', `/api/now/table/customer_account/${DEMO.customers[1].sysId}`)
    expect(answer.body.result.name).toBe('Demo Customer South')
  }
  const linked = await callInstance(production, 'GET', '/api/now/table/incident?sysparm_limit=1&sysparm_fields=opened_by')
  expect(linked.body.result[0].opened_by.link).toMatch(/^https:\/\/production\.example\/api\/now\/table\/sys_user\//)
  await sandbox.close()
  await production.close()
  await database.drop()
})

test('a schema without the demo company still has somebody to sign in', async () => {
  const database = await makeFreshDatabase()
  const started = await startInstance({ databaseUrl: database.url, schema: 'bare', demo: false, port: 0 })
  await started.instance.setPassword('admin', PASSWORD)
  const answer = await fetch(`${started.url}/api/now/table/sys_user?sysparm_fields=user_name,sys_domain&sysparm_query=ORDERBYuser_name`, {
    headers: { authorization: basic('admin') },
  })
  const { result } = (await answer.json()) as { result: { user_name: string; sys_domain: { link: string } }[] }
  expect(result.map(user => user.user_name)).toEqual(['admin', 'deskbridge.integration'])
  expect(result[0]!.sys_domain.link).toBe(`${started.url}/api/now/table/sys_user_group/global`)
  await expect(started.instance.setPassword('nobody', 'x')).rejects.toThrow('There is no user nobody')
  await started.close()
  await database.drop()
})

test('a listener hears of every committed write through its object, and of no refused one', async () => {
  const database = await makeFreshDatabase()
  const instance = await createInstance({ databaseUrl: database.url, schema: 'sandbox' })
  await instance.setPassword('admin', PASSWORD)
  const heard: string[] = []
  const stop = instance.onChange(({ table, sysId }) => heard.push(`${table} ${sysId}`))
  const { body } = await callInstance(instance, 'POST', '/api/now/table/incident', {})
  const id = body.result.sys_id
  await callInstance(instance, 'PATCH', `/api/now/table/task/${id}`, { comments: 'x' })
  await callInstance(instance, 'PATCH', `/api/now/table/incident/${id}`, { state: '6' })
  await callInstance(instance, 'PATCH', `/api/now/table/incident/${id}`, { state: '1' })
  const file = await callInstance(
    instance,
    'POST',
    `/api/now/attachment/file?table_name=task&table_sys_id=${id}&file_name=a`,
    'x',
    'admin',
    { 'content-type': 'text/plain' },
  )
  expect(heard).toEqual([`incident ${id}`, `incident ${id}`, `sys_attachment ${file.body.result.sys_id}`, `incident ${id}`])
  stop()
  await callInstance(instance, 'PATCH', `/api/now/table/incident/${id}`, { comments: 'y' })
  expect(heard).toHaveLength(4)
  await instance.close()
  await database.drop()
})

test('the questions that the exchange asks all the time are answered from an index', async () => {
  const database = await makeFreshDatabase()
  const instance = await createInstance({ databaseUrl: database.url, schema: 'sandbox' })
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  await client.query(`insert into sandbox.task (sys_id, sys_class_name, sys_created_on, sys_created_by, sys_updated_on, sys_updated_by, sys_mod_count, number, correlation_id, company)
    select md5(n::text), 'incident', timestamp '2020-01-01' + n * interval '1 minute', 'x', timestamp '2020-01-01' + n * interval '1 minute', 'x', 0, 'INC' || n, 'c' || n, md5((n % 500)::text) from generate_series(1, 20000) n`)
  for (const [table, key] of [
    ['sys_journal_field', 'element_id'],
    ['sys_audit', 'documentkey'],
  ])
    await client.query(`insert into sandbox.${table} (sys_id, ${key}, sys_created_on, sys_created_by, sys_updated_on, sys_updated_by, sys_mod_count)
      select md5(n::text), md5((n / 5)::text), now(), 'x', now(), 'x', 0 from generate_series(1, 5000) n`)
  await client.query('analyze sandbox.task; analyze sandbox.sys_journal_field; analyze sandbox.sys_audit')
  const pool = new Database(database.url, 'sandbox')
  const dictionary = new Dictionary()
  const caller = {
    sysId: DEMO.admin.sysId,
    userName: 'admin',
    name: '',
    roles: new Set<string>(),
    rights: ALL_RIGHTS,
    zone: 'UTC',
    dateFormat: '',
  }
  const plan = async (query: string, name = 'incident') => {
    const table = dictionary.table(name)!
    const { joins, where, order } = filter({ database: pool, dictionary, table, caller, visible: () => undefined, query })
    const { rows } = await client.query(
      `explain (generic_plan) select t.sys_id from sandbox.${table.root} t${joins}${where}${order} limit 200`,
    )
    return rows.map(row => row['QUERY PLAN']).join('\n')
  }
  expect(await plan('')).toMatch(/Index Scan using task_pkey/)
  expect(await plan('ORDERBYDESCsys_updated_on', 'task')).toMatch(/Index (Only )?Scan Backward using task_sys_updated_on_sys_id/)
  expect(await plan('number=INC77')).toContain('task_number_lower')
  expect(await plan('correlation_id=c77')).toContain('task_correlation_id_lower')
  expect(await plan('correlation_idINc77,c78')).toContain('task_correlation_id_lower')
  expect(await plan(`company=${'0'.repeat(32)}`)).toContain('task_company')
  expect(await plan('sys_id=x')).toContain('task_pkey')
  expect(await plan('sys_idINx,y')).toContain('task_pkey')
  const changed = /Index (Only )?Scan using task_sys_updated_on_sys_id[\s\S]*Index Cond: \(sys_updated_on >=/
  expect(await plan('sys_updated_on>=2020-01-13^ORDERBYsys_updated_on^ORDERBYsys_id', 'task')).toMatch(changed)
  expect(await plan('sys_updated_on>2020-01-13^NQsys_updated_on=2020-01-13^sys_id>x^ORDERBYsys_updated_on^ORDERBYsys_id', 'task')).toMatch(
    changed,
  )
  expect(await plan('element_idINx,y^ORDERBYsys_created_on', 'sys_journal_field')).toContain('sys_journal_field_element_id')
  expect(await plan('documentkeyINx,y^ORDERBYsys_created_on', 'sys_audit')).toContain('sys_audit_documentkey')
  await pool.close()
  await client.end()
  await instance.close()
  await database.drop()
})
