import { afterAll, beforeAll, describe, expect } from 'vitest'
import { DEMO, openRoom, query, type Room } from './practice-room.ts'
import { practiceOnly as test } from './which-instance.ts'

let room: Room
beforeAll(async () => {
  room = await openRoom()
})
afterAll(() => room.close())

const call = (method: string, path: string, body?: unknown, user = 'demo.agent.one') =>
  room.call(method, `/api/now/cmdb/instance/${path}`, body, user)

const DEPENDS_ON = '1a9cb166f1571100a92eb60da2bce5c5'
const [server, other] = DEMO.configurationItems.north
const service = DEMO.services[0].sysId
const made = (attributes: object, further: object = {}) => ({ attributes, source: 'ServiceNow', ...further })

describe('items', () => {
  test('a class lists names and sys_ids of its items and of the classes below, filtered and paged', async () => {
    const { status, body } = await call('GET', `cmdb_ci?sysparm_query=${query('nameSTARTSWITHNORTH-SRV^ORDERBYname')}`)
    expect(status).toBe(200)
    expect(body.result[0]).toEqual({ sys_id: server.sysId, name: 'NORTH-SRV-01' })
    const second = await call(
      'GET',
      `cmdb_ci?sysparm_query=${query('nameSTARTSWITHNORTH-SRV^ORDERBYname')}&sysparm_limit=1&sysparm_offset=1`,
    )
    expect(second.body.result).toEqual([body.result[1]])
  })

  test('one item comes with raw values, references with what they show, and its relations both ways', async () => {
    const { status, body } = await call('GET', `cmdb_ci_server/${server.sysId.toUpperCase()}`)
    expect(status).toBe(200)
    expect(Object.keys(body.result)).toEqual(['outbound_relations', 'attributes', 'inbound_relations'])
    const { attributes } = body.result
    expect(attributes).toMatchObject({ name: 'NORTH-SRV-01', operational_status: '1', sys_class_name: 'cmdb_ci_server', location: '' })
    expect(attributes.company).toEqual({
      display_value: DEMO.customers[0].name,
      link: `http://localhost:8081/api/now/table/core_company/${DEMO.customers[0].sysId}`,
      value: DEMO.customers[0].sysId,
    })
    expect(body.result.outbound_relations).toEqual([])
    expect(body.result.inbound_relations).toMatchObject([
      {
        sys_id: expect.stringMatching(/^[0-9a-f]{32}$/),
        type: {
          display_value: 'Depends on::Used by',
          link: `http://localhost:8081/api/now/table/cmdb_rel_type/${DEPENDS_ON}`,
          value: DEPENDS_ON,
        },
        target: { link: expect.stringContaining('/api/now/cmdb/instance/cmdb_ci/') },
      },
    ])
  })

  test('a new item says who found it and when, and is related at once', async () => {
    const sent = made(
      { name: 'linux-1', ip_address: '10.0.0.1', ram: '2048', no_such_field: 'x' },
      {
        outbound_relations: [{ type: DEPENDS_ON, target: other.sysId }],
        inbound_relations: [{ type: DEPENDS_ON, target: service }],
      },
    )
    const { status, body } = await call('POST', 'cmdb_ci_server', sent)
    expect(status).toBe(200)
    const { attributes, outbound_relations: outbound, inbound_relations: inbound } = body.result
    expect(attributes).toMatchObject({ name: 'linux-1', ram: '2048', discovery_source: 'ServiceNow', sys_created_by: 'demo.agent.one' })
    expect(attributes.first_discovered).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/)
    expect(attributes.last_discovered).toBe(attributes.first_discovered)
    expect(outbound).toMatchObject([{ target: { value: other.sysId, display_value: other.name } }])
    expect(inbound).toMatchObject([{ target: { value: service } }])
  })

  test('an item that is known by its serial number or name is changed, not made again', async () => {
    const first = await call('POST', 'cmdb_ci_server', made({ name: 'known-1', serial_number: 'S-1' }))
    const bySerial = await call('POST', 'cmdb_ci_server', made({ name: 'known-2', serial_number: 's-1' }))
    const byName = await call('POST', 'cmdb_ci_hardware', made({ name: 'KNOWN-2', asset_tag: 'A-1' }))
    const ids = [first, bySerial, byName].map(({ body }) => body.result.attributes.sys_id)
    expect(new Set(ids).size).toBe(1)
    expect((await call('GET', `cmdb_ci_server/${ids[0]}`)).body.result.attributes).toMatchObject({
      name: 'KNOWN-2',
      serial_number: 's-1',
      asset_tag: 'A-1',
    })
    const elsewhere = await call('POST', 'cmdb_ci_service', made({ name: 'known-2' }))
    expect(elsewhere.body.result.attributes.sys_id).not.toBe(ids[0])
  })

  test.each(['PUT', 'PATCH'])('%s changes what is sent and leaves the rest, the relations too', async method => {
    const sent = made({ name: `changed-${method}`, asset_tag: 'A-2' }, { outbound_relations: [{ type: DEPENDS_ON, target: other.sysId }] })
    const { attributes } = (await call('POST', 'cmdb_ci_server', sent)).body.result
    const change = { attributes: { short_description: 'Changed', discovery_source: 'ServiceNow' }, source: 'Manual Entry' }
    const { status, body } = await call(method, `cmdb_ci_server/${attributes.sys_id}`, change)
    expect(status).toBe(200)
    expect(body.result.attributes).toMatchObject({
      name: `changed-${method}`,
      short_description: 'Changed',
      asset_tag: 'A-2',
      discovery_source: 'Manual Entry',
    })
    expect(body.result.outbound_relations).toHaveLength(1)
  })

  test('the version of the address goes on in the links; XML is answered where it is asked for', async () => {
    const { body } = await room.call('GET', `/api/now/v1/cmdb/instance/cmdb_ci_server/${server.sysId}`)
    expect(body.result.inbound_relations[0].target.link).toContain('/api/now/v1/cmdb/instance/cmdb_ci/')
    const xml = await room.call('GET', '/api/now/cmdb/instance/cmdb_ci_server?sysparm_limit=1', undefined, 'admin', {
      accept: 'application/xml',
    })
    expect(xml.body).toContain('<name>')
  })
})

describe('relations', () => {
  test('are added to an item once, however often they are sent, and go one by one', async () => {
    const { attributes } = (await call('POST', 'cmdb_ci_server', made({ name: 'related-1' }))).body.result
    const sent = { source: 'ServiceNow', outbound_relations: [{ type: DEPENDS_ON, target: other.sysId }] }
    const path = `cmdb_ci_server/${attributes.sys_id}/relation`
    const first = await call('POST', path, sent)
    expect(first.status).toBe(200)
    const [relation] = first.body.result.outbound_relations
    expect((await call('POST', path, sent)).body.result.outbound_relations).toEqual([relation])
    const removed = await call('DELETE', `${path}/${relation.sys_id}`)
    expect([removed.status, removed.body]).toEqual([200, ''])
    expect((await call('GET', `cmdb_ci_server/${attributes.sys_id}`)).body.result.outbound_relations).toEqual([])
    expect((await call('DELETE', `${path}/${relation.sys_id}`)).status).toBe(404)
  })

  test('of another item stay', async () => {
    const [relation] = (await call('GET', `cmdb_ci_server/${server.sysId}`)).body.result.inbound_relations
    expect((await call('DELETE', `cmdb_ci_service/${service}/relation/${relation.sys_id}`)).status).toBe(404)
    expect((await call('GET', `cmdb_ci_server/${server.sysId}`)).body.result.inbound_relations).toHaveLength(1)
  })

  test('that cannot be made make no item either', async () => {
    const sent = made({ name: 'half-1' }, { inbound_relations: [{ type: DEPENDS_ON, target: 'f'.repeat(32) }] })
    expect((await call('POST', 'cmdb_ci_server', sent)).status).toBe(400)
    await room.create('sys_security_acl', { name: 'cmdb_rel_ci', operation: 'create', condition: 'connection_strength=7' })
    const [rule] = await room.find('sys_security_acl', 'name=cmdb_rel_ci^operation=create^conditionISEMPTY', 'sys_id')
    await room.call('PATCH', `/api/now/table/sys_security_acl/${rule}`, { active: 'false' })
    const forbidden = made({ name: 'half-1' }, { inbound_relations: [{ type: DEPENDS_ON, target: service }] })
    expect((await call('POST', 'cmdb_ci_server', forbidden)).status).toBe(403)
    await room.call('PATCH', `/api/now/table/sys_security_acl/${rule}`, { active: 'true' })
    expect(await room.find('cmdb_ci', 'name=half-1', 'name')).toEqual([])
  })
})

describe('what a class is', () => {
  const meta = (name: string, user?: string) => room.call('GET', `/api/now/cmdb/meta/${name}`, undefined, user)

  test('tells its place, its fields and how items of it are identified', async () => {
    const { status, body } = await meta('cmdb_ci_computer')
    expect(status).toBe(200)
    expect(body.result).toMatchObject({
      name: 'cmdb_ci_computer',
      label: 'Computer',
      parent: 'cmdb_ci_hardware',
      children: ['cmdb_ci_server'],
      is_extendable: true,
      identification_rules: {
        applies_to: 'cmdb_ci_hardware',
        name: 'Hardware Rule',
        identifiers: [{ attributes: 'serial_number' }, { attributes: 'name' }],
      },
    })
    const field = (name: string) => body.result.attributes.find(({ element }: { element: string }) => element === name)
    expect(field('ram')).toEqual({
      is_inherited: 'false',
      is_mandatory: 'false',
      is_read_only: 'false',
      default_value: null,
      label: 'RAM (MB)',
      type: 'integer',
      element: 'ram',
      max_length: '40',
      is_display: 'false',
    })
    expect(field('name')).toMatchObject({ is_inherited: 'true', type: 'string', max_length: '255', is_display: 'true' })
    expect(field('operational_status')).toMatchObject({ default_value: '1' })
    expect(field('sys_created_on')).toMatchObject({ type: 'glide_date_time', is_read_only: 'true' })
  })

  test('is not told of what is none', async () => {
    expect((await meta('incident')).status).toBe(404)
    expect((await meta('cmdb_ci', 'north.user.one')).status).toBe(403)
  })
})

describe('refused', () => {
  test.each([
    ['GET', 'cmdb_ci_unknown', undefined, 404],
    ['GET', 'incident', undefined, 404],
    ['GET', `incident/${'0'.repeat(32)}`, undefined, 404],
    ['GET', `cmdb_ci/${'0'.repeat(32)}`, undefined, 404],
    ['GET', 'cmdb_ci/x%00', undefined, 404],
    ['GET', `cmdb_ci_service/${server.sysId}`, undefined, 404],
    ['PATCH', `cmdb_ci/${'0'.repeat(32)}`, made({}), 404],
    ['POST', `cmdb_ci/${'0'.repeat(32)}/relation`, { source: 'ServiceNow', outbound_relations: [] }, 404],
    ['DELETE', `cmdb_ci_server/${server.sysId}/relation/x%00`, undefined, 404],
    ['DELETE', `cmdb_ci_server/${server.sysId}`, undefined, 405],
    ['POST', 'cmdb_ci', {}, 400],
    ['POST', 'cmdb_ci', '{', 400],
    ['POST', 'cmdb_ci', { name: 'flat', source: 'ServiceNow' }, 400],
    ['POST', 'cmdb_ci', { attributes: ['name'], source: 'ServiceNow' }, 400],
    ['POST', 'cmdb_ci', { attributes: { name: 'no source' } }, 400],
    ['POST', 'cmdb_ci', { attributes: { name: 'x' }, source: 'a rumour' }, 400],
    ['POST', 'cmdb_ci', { attributes: { name: 'x' }, source: { a: 1 } }, 400],
    ['POST', 'cmdb_ci_server', made({ ram: 2048 }), 400],
    ['POST', 'cmdb_ci', made({ name: 'x' }, { outbound_relations: 'x' }), 400],
    ['POST', 'cmdb_ci', made({ name: 'x' }, { outbound_relations: [null] }), 400],
    ['POST', 'cmdb_ci', made({ name: 'x' }, { inbound_relations: [{ target: service, type: 'x\u0000' }] }), 400],
    ['POST', 'cmdb_ci', made({ name: 'x' }, { inbound_relations: [{ target: service }] }), 400],
    ['POST', `cmdb_ci_server/${server.sysId}/relation`, { source: 'ServiceNow' }, 400],
    ['POST', `cmdb_ci_server/${server.sysId}/relation`, { outbound_relations: [{ type: DEPENDS_ON, target: other.sysId }] }, 400],
  ])('%s %s %j is %i', async (method, path, body, status) => {
    const answer = await call(method, path, body)
    expect(answer.status).toBe(status)
    expect(answer.body).toMatchObject({ error: { message: expect.any(String) }, status: 'failure' })
  })

  test('nobody without a role calls it, nobody without rights writes in it', async () => {
    expect((await call('GET', 'cmdb_ci', undefined, 'north.user.one')).status).toBe(403)
    expect((await call('GET', 'cmdb_ci', undefined, '')).status).toBe(401)
    const [rule] = await room.find('sys_security_acl', 'name=cmdb_ci^operation=write', 'sys_id')
    const roles = await room.find('sys_security_acl_role', `sys_security_acl=${rule}`, 'sys_id')
    for (const role of roles) await room.call('DELETE', `/api/now/table/sys_security_acl_role/${role}`)
    await room.create('sys_security_acl_role', {
      sys_security_acl: rule,
      sys_user_role: (await room.find('sys_user_role', 'name=nobody', 'sys_id'))[0],
    })
    expect((await call('PATCH', `cmdb_ci_server/${server.sysId}`, made({ name: 'x' }))).status).toBe(403)
    expect((await call('POST', 'cmdb_ci_server', made({ name: 'NORTH-SRV-01' }))).status).toBe(403)
    expect(await room.find('cmdb_ci', `sys_id=${server.sysId}`, 'name')).toEqual(['NORTH-SRV-01'])
  })

  test('hostile names and values are values', async () => {
    const name = `'; drop table x; -- ^NQ\u0000 😀 "`
    const { status, body } = await call('POST', 'cmdb_ci_server', made({ name, serial_number: "' or 1=1 --" }))
    expect(status).toBe(200)
    expect(body.result.attributes.name).toBe(name.replace('\u0000', ''))
  })
})
