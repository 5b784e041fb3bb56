import { makeFreshDatabase } from '@deskbridge/postgres/testing'
import { expect, test } from 'vitest'
import { mappingWith } from '../mapping/index.ts'
import { checkedBeforeWriting } from '../platform/before-writing.ts'
import { openDatabase } from '../platform/database.ts'
import { openLog } from '../platform/log.ts'
import { openMetrics } from '../platform/metrics.ts'
import { sql } from '../platform/sql.ts'
import { steadyAccess } from './access.ts'
import { connectDesk } from './connect-desk.ts'

/** An instance that answers everything and remembers what reached it. */
function deskThatHears(heard: string[]) {
  return connectDesk({
    environment: 'sandbox',
    mapping: mappingWith({}),
    access: steadyAccess({ baseUrl: 'http://practice.example', signIn: { kind: 'basic', userName: 'user', password: 'password' } }),
    log: openLog('silent'),
    metrics: openMetrics(),
    inProcess: async request => {
      heard.push(request.method)
      return Response.json({ result: { sys_id: '0'.repeat(32), number: 'INC0010001' } }, { status: request.method === 'POST' ? 201 : 200 })
    },
  })
}

test('a write is checked right before it leaves: what is held by somebody else by then never reaches the instance', async () => {
  const heard: string[] = []
  const { serviceNow } = deskThatHears(heard)
  const create = () => serviceNow.table.create({ table: 'incident', values: { short_description: 'Once' } })
  let checks = 0
  const held = async () => {
    checks += 1
  }
  await checkedBeforeWriting(held, create)
  expect([checks, heard]).toEqual([1, ['POST']])
  const lost = async () => {
    throw new Error('held by somebody else')
  }
  await expect(checkedBeforeWriting(lost, create)).rejects.toThrow()
  expect(heard).toEqual(['POST'])
  await create()
  expect(heard).toEqual(['POST', 'POST'])
})

test('a look is not checked: it changes nothing', async () => {
  const heard: string[] = []
  const { serviceNow } = deskThatHears(heard)
  const lost = async () => {
    throw new Error('held by somebody else')
  }
  await checkedBeforeWriting(lost, () => serviceNow.table.get({ table: 'incident', sysId: '0'.repeat(32) }))
  expect(heard).toEqual(['GET'])
})

test('a write that was not found counts as absent after 2 s in this process', () => {
  expect(deskThatHears([]).connection.settleMs).toBe(2_000)
})

test('no look and no write of a desk reaches its instance while a database transaction is held, and each does once it is committed', async () => {
  const fresh = await makeFreshDatabase()
  const database = openDatabase(fresh.url)
  const heard: string[] = []
  const { serviceNow } = deskThatHears(heard)
  const look = () => serviceNow.table.get({ table: 'incident', sysId: '0'.repeat(32) })
  const write = () => serviceNow.table.create({ table: 'incident', values: { short_description: 'Once' } })
  for (const call of [look, write]) {
    const held = database.transaction(async queries => {
      await queries.rows(sql`select 1 as one`)
      return call()
    })
    await expect(held).rejects.toThrow('while a database transaction is held')
    expect(heard).toEqual([])
  }
  await database.transaction(queries => queries.rows(sql`select 1 as one`))
  await look()
  await write()
  expect(heard).toEqual(['GET', 'POST'])
  await database.close()
  await fresh.drop()
})
