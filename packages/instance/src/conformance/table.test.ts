import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DEMO, openRoom, query, type Room } from './practice-room.ts'
import { practiceOnly } from './which-instance.ts'

let room: Room

beforeAll(async () => {
  room = await openRoom()
})
afterAll(() => room.close())

describe('creating', () => {
  test('an incident gets its number, defaults and priority, and the answer says where it is', async () => {
    const answer = await room.call('POST', '/api/now/table/incident', { short_description: 'no network', impact: '2', urgency: 2 })
    expect(answer.status).toBe(201)
    const { result } = answer.body
    expect(result).toMatchObject({
      short_description: 'no network',
      priority: '3',
      state: '1',
      incident_state: '1',
      active: 'true',
      sys_mod_count: '0',
      sys_class_name: 'incident',
      approval: 'not requested',
      category: 'inquiry',
      made_sla: 'true',
      severity: '3',
      notify: '1',
      close_code: '',
      hold_reason: '',
      comments: '',
      sys_created_by: room.caller.userName,
      sys_domain: { link: `${room.url}/api/now/table/sys_user_group/global`, value: 'global' },
      opened_by: { link: `${room.url}/api/now/table/sys_user/${room.caller.sysId}`, value: room.caller.sysId },
    })
    expect(result.number).toMatch(/^INC\d{7,}$/)
    expect(result.task_effective_number).toBe(result.number)
    expect(result.sys_id).toMatch(/^[0-9a-f]{32}$/)
    expect(result.sys_created_on).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/)
    expect(result.opened_at).toBe(result.sys_created_on)
    expect(answer.headers.get('location')).toBe(`${room.url}/api/now/table/incident/${result.sys_id}`)
  })

  test('every value is a string, whatever was sent', async () => {
    const record = await room.create('incident', { urgency: 1, knowledge: true, short_description: 42, description: null })
    expect(record).toMatchObject({ urgency: '1', knowledge: 'true', short_description: '42', description: '' })
    expect(new Set(Object.values(record).map(value => typeof value))).toEqual(new Set(['string']))
  })

  test('unknown fields, unknown choices, malformed dates and system fields are dropped, and the rest is saved', async () => {
    const record = await room.create('incident', {
      short_description: 'kept',
      nonsense: 'x',
      state: '99',
      impact: 'very',
      due_date: '2026-02-30 10:00:00',
      sys_created_by: 'somebody',
      sys_mod_count: '7',
    })
    expect(record).toMatchObject({
      short_description: 'kept',
      state: '1',
      impact: '3',
      due_date: '',
      sys_created_by: room.caller.userName,
      sys_mod_count: '0',
    })
    expect(record).not.toHaveProperty('nonsense')
  })

  test('only the first of several records is processed', async () => {
    const answer = await room.call('POST', '/api/now/table/incident', [{ short_description: 'first' }, { short_description: 'second' }])
    expect(answer.body.result.short_description).toBe('first')
    expect(await room.find('incident', 'short_description=second')).toEqual([])
  })

  test('a caller who wants no body gets none', async () => {
    const answer = await room.call('POST', '/api/now/table/incident', {}, 'admin', { 'x-no-response-body': 'true' })
    expect(answer).toMatchObject({ status: 201, body: '' })
    expect(answer.headers.get('location')).toContain('/api/now/table/incident/')
  })

  test('with sysparm_input_display_value labels and display values are understood', async () => {
    const fields = { caller_id: 'North User One', state: 'In Progress', company: room.customers[0].sysId }
    const answer = await room.call(
      'POST',
      '/api/now/table/incident?sysparm_input_display_value=true&sysparm_exclude_reference_link=true',
      fields,
    )
    expect(answer.body.result).toMatchObject({
      caller_id: room.customers[0].users[0].sysId,
      state: '2',
      company: room.customers[0].sysId,
    })
    expect(await room.create('incident', { state: 'In Progress' })).toMatchObject({ state: '1' })
  })

  practiceOnly('with sysparm_input_display_value a time is one of the zone of its writer', async () => {
    const due = { due_date: '2026-07-01 12:00:00' }
    const local = await room.call('POST', '/api/now/table/incident?sysparm_input_display_value=true', due)
    expect(local.body.result.due_date).toBe('2026-07-01 10:00:00')
    expect(await room.create('incident', due)).toMatchObject(due)
  })

  test('text is cut to the length of its field, never through a character', async () => {
    const record = await room.create('incident', { short_description: `${'x'.repeat(159)}😀😀` })
    expect(record.short_description).toBe(`${'x'.repeat(159)}😀`)
  })
})

describe('changing', () => {
  test('PATCH and PUT change what they name, and count', async () => {
    const { sys_id: id } = await room.create('incident', { short_description: 'a', description: 'b' })
    const patched = await room.call('PATCH', `/api/now/table/incident/${id}`, { short_description: 'c' })
    expect(patched.body.result).toMatchObject({ short_description: 'c', description: 'b', sys_mod_count: '1' })
    const put = await room.call('PUT', `/api/now/table/incident/${id}`, { description: '' })
    expect(put.body.result).toMatchObject({ short_description: 'c', description: '', sys_mod_count: '2' })
  })

  test('a PATCH that changes nothing moves neither count nor time', async () => {
    const made = await room.create('incident', { short_description: 'same' })
    await new Promise(done => setTimeout(done, 1_100))
    const answer = await room.call('PATCH', `/api/now/table/incident/${made.sys_id}`, {
      short_description: 'same',
      nonsense: '1',
      priority: '1',
    })
    expect(answer.status).toBe(200)
    expect(answer.body.result).toMatchObject({ sys_mod_count: '0', sys_updated_on: made.sys_updated_on })
  })

  test('through its parent table a record is read and changed with the fields of the parent', async () => {
    const { sys_id: id } = await room.create('incident', { short_description: 'a' })
    const changed = await room.call('PATCH', `/api/now/table/task/${id}`, { short_description: 'b', category: 'network' })
    expect(changed.body.result).toMatchObject({ short_description: 'b', sys_class_name: 'incident' })
    expect(changed.body.result).not.toHaveProperty('category')
    const read = await room.call('GET', `/api/now/table/incident/${id}`)
    expect(read.body.result.category).toBe('inquiry')
    expect((await room.call('GET', `/api/now/table/problem/${id}`)).status).toBe(404)
  })

  test('POST with X-http-method-override is what it says', async () => {
    const { sys_id: id } = await room.create('incident', {})
    const path = `/api/now/table/incident/${id}`
    const answer = await room.call('POST', path, { short_description: 'over' }, 'admin', { 'x-http-method-override': 'PATCH' })
    expect(answer.body.result.short_description).toBe('over')
  })

  test('DELETE answers 204, then the record is gone', async () => {
    const { sys_id: id, number } = await room.create('incident', { comments: 'x' })
    expect(await room.call('DELETE', `/api/now/table/incident/${id}`)).toMatchObject({ status: 204, body: '' })
    expect((await room.call('GET', `/api/now/table/incident/${id}`)).status).toBe(404)
    expect((await room.call('DELETE', `/api/now/table/incident/${id}`)).status).toBe(404)
    expect(await room.find('sys_journal_field', `element_id=${id}`, 'value')).toEqual([])
    const [row] = (await room.call('GET', `/api/now/table/sys_audit_delete?sysparm_query=documentkey=${id}`)).body.result
    expect(row).toMatchObject({ tablename: 'incident', display_value: number, sys_created_by: room.caller.userName })
    expect(row.payload).toContain(`<incident><sys_id>${id}</sys_id>`)
  })
})

describe('the shape of values', () => {
  const shapes = (north: { sysId: string; link: string }, company: { sysId: string; link: string }) => ({
    'sysparm_display_value=false': {
      state: '2',
      caller_id: { link: north.link, value: north.sysId },
      assigned_to: '',
      'caller_id.email': 'user.one@north.example',
      'caller_id.company': { link: company.link, value: company.sysId },
    },
    'sysparm_display_value=false&sysparm_exclude_reference_link=true': {
      state: '2',
      caller_id: north.sysId,
      assigned_to: '',
      'caller_id.email': 'user.one@north.example',
      'caller_id.company': company.sysId,
    },
    'sysparm_display_value=true': {
      state: 'In Progress',
      caller_id: { display_value: 'North User One', link: north.link },
      assigned_to: '',
      'caller_id.email': 'user.one@north.example',
      'caller_id.company': { display_value: 'Demo Customer North', link: company.link },
    },
    'sysparm_display_value=true&sysparm_exclude_reference_link=true': {
      state: 'In Progress',
      caller_id: 'North User One',
      assigned_to: '',
      'caller_id.email': 'user.one@north.example',
      'caller_id.company': 'Demo Customer North',
    },
    'sysparm_display_value=all': {
      state: { display_value: 'In Progress', value: '2' },
      caller_id: {
        display_value: 'North User One',
        link: north.link,
        value: north.sysId,
      },
      assigned_to: { display_value: '', value: '' },
      'caller_id.email': { display_value: 'user.one@north.example', value: 'user.one@north.example' },
      'caller_id.company': {
        display_value: 'Demo Customer North',
        link: company.link,
        value: company.sysId,
      },
    },
    'sysparm_display_value=all&sysparm_exclude_reference_link=true': {
      state: { display_value: 'In Progress', value: '2' },
      caller_id: { display_value: 'North User One', value: north.sysId },
      assigned_to: { display_value: '', value: '' },
      'caller_id.email': { display_value: 'user.one@north.example', value: 'user.one@north.example' },
      'caller_id.company': { display_value: 'Demo Customer North', value: company.sysId },
    },
  })
  const nothing = { sysId: '', link: '' }
  for (const parameters of Object.keys(shapes(nothing, nothing)) as (keyof ReturnType<typeof shapes>)[])
    test(parameters, async () => {
      const [{ sysId, users }] = room.customers
      const linked = (table: string, id: string) => ({ sysId: id, link: `${room.url}/api/now/table/${table}/${id}` })
      const expected = shapes(linked('sys_user', users[0].sysId), linked('core_company', sysId))
      const { sys_id: id } = await room.create('incident', { state: '2', caller_id: users[0].sysId })
      const fields = 'state,caller_id,assigned_to,caller_id.email,caller_id.company,nonsense,nonsense.more'
      const one = await room.call('GET', `/api/now/table/incident/${id}?sysparm_fields=${fields}&${parameters}`)
      expect(one.body.result).toEqual(expected[parameters])
      const list = await room.call('GET', `/api/now/table/incident?sysparm_query=sys_id=${id}&sysparm_fields=${fields}&${parameters}`)
      expect(list.body.result).toEqual([expected[parameters]])
    })

  test('links repeat the version of the request', async () => {
    const answer = await room.call(
      'GET',
      '/api/now/v2/table/incident?sysparm_limit=1&sysparm_fields=opened_by&sysparm_query=opened_byISNOTEMPTY',
    )
    expect(answer.body.result[0].opened_by.link).toContain(`${room.url}/api/now/v2/table/sys_user/`)
    const made = await room.call('POST', '/api/now/v1/table/incident', {})
    expect(made.headers.get('location')).toContain('/api/now/v1/table/incident/')
  })

  practiceOnly('times show in the zone of the caller, stored in UTC', async () => {
    const { sys_id: id } = await room.create('incident', { due_date: '2026-01-15 23:30:00', follow_up: '2026-07-15 23:30:00' })
    const answer = await room.call(
      'GET',
      `/api/now/table/incident/${id}?sysparm_display_value=all&sysparm_fields=due_date,follow_up,sla_due`,
    )
    expect(answer.body.result).toEqual({
      due_date: { display_value: '2026-01-16 00:30:00', value: '2026-01-15 23:30:00' },
      follow_up: { display_value: '2026-07-16 01:30:00', value: '2026-07-15 23:30:00' },
      sla_due: { display_value: 'UNKNOWN', value: '' },
    })
  })
})

describe('lists', () => {
  test('73 rows at one a page: Link and X-Total-Count', async () => {
    const mark = 'seventy-three rows'
    for (let at = 0; at < 73; at += 1) await room.create('problem', { short_description: mark })
    const path = `/api/now/table/problem?sysparm_query=${query(`short_description=${mark}^ORDERBYnumber`)}`
    const first = await room.call('GET', `${path}&sysparm_limit=1&sysparm_fields=number`)
    expect(first.headers.get('x-total-count')).toBe('73')
    const kept = `${room.url}${path}&sysparm_fields=number`
    expect(first.headers.get('link')).toBe(
      `<${kept}&sysparm_limit=1&sysparm_offset=0>;rel="first",<${kept}&sysparm_limit=1&sysparm_offset=1>;rel="next",<${kept}&sysparm_limit=1&sysparm_offset=72>;rel="last"`,
    )
    const last = await room.call('GET', `${path}&sysparm_fields=number&sysparm_limit=10&sysparm_offset=70`)
    expect(last.body.result).toHaveLength(3)
    expect(last.headers.get('link')).toMatch(/rel="first",<[^>]*sysparm_offset=60>;rel="prev",<[^>]*sysparm_offset=70>;rel="last"$/)
    const beyond = await room.call('GET', `${path}&sysparm_offset=500`)
    expect(beyond.body).toEqual({ result: [] })
    expect(beyond.headers.get('x-total-count')).toBe('73')
    const uncounted = await room.call('GET', `${path}&sysparm_no_count=true&sysparm_limit=1`)
    expect(uncounted.headers.get('x-total-count')).toBeNull()
    const unlinked = await room.call('GET', `${path}&sysparm_suppress_pagination_header=true&sysparm_limit=1`)
    expect(unlinked.headers.get('link')).toBeNull()
    expect(unlinked.headers.get('x-total-count')).toBe('73')
    const none = await room.call('GET', `${path}&sysparm_limit=0`)
    expect(none.body).toEqual({ result: [] })
  })

  test('field=value pairs filter, also by label and display value', async () => {
    const { number } = await room.create('incident', {
      state: '2',
      caller_id: room.customers[1].users[0].sysId,
      short_description: 'paired',
    })
    for (const pair of [
      'short_description=paired&state=2',
      'short_description=paired&state=In%20Progress',
      'caller_id=South%20User%20One&short_description=paired',
      'caller_id.user_name=south.user.one&short_description=paired',
    ]) {
      const answer = await room.call('GET', `/api/now/table/incident?${pair}&sysparm_fields=number`)
      expect(answer.body.result, pair).toEqual([{ number }])
    }
    const answer = await room.call('GET', '/api/now/table/incident?state=Closed&short_description=paired')
    expect(answer.body.result).toEqual([])
  })

  test('an empty list is 404 in v1, 200 in v2 and without a version', async () => {
    const path = 'table/incident?sysparm_query=number=NONE'
    const v1 = await room.call('GET', `/api/now/v1/${path}`)
    expect(v1.status).toBe(404)
    expect(v1.body.error.message).toBe('No Record found')
    for (const version of ['', 'v2/'])
      expect(await room.call('GET', `/api/now/${version}${path}`)).toMatchObject({ status: 200, body: { result: [] } })
  })

  test('a parent table shows its children with its own fields', async () => {
    const made = [
      await room.create('incident', { short_description: 'family' }),
      await room.create('change_request', { short_description: 'family' }),
    ]
    const answer = await room.call('GET', `/api/now/table/task?sysparm_query=${query('short_description=family^ORDERBYnumber')}`)
    expect(answer.body.result.map((row: Record<string, string>) => row.sys_class_name)).toEqual(['change_request', 'incident'])
    expect(answer.body.result[0]).not.toHaveProperty('risk')
    expect(await room.find('incident', 'short_description=family')).toEqual([made[0]!.number])
    const labels = await room.call(
      'GET',
      `/api/now/table/task?sysparm_display_value=true&sysparm_fields=state&sysparm_query=${query('short_description=family^ORDERBYnumber')}`,
    )
    expect(labels.body.result).toEqual([{ state: 'New' }, { state: 'New' }])
  })

  practiceOnly('a customer account is a company too', async () => {
    expect(await room.find('core_company', `sys_id=${DEMO.customers[1].sysId}`, 'sys_class_name')).toEqual(['customer_account'])
    expect(await room.find('customer_account', 'nameSTARTSWITHDemo', 'name')).toEqual(['Demo Customer South'])
  })
})

describe('refusals', () => {
  const noTable = (user: string) => async () =>
    expect(await room.call('GET', '/api/now/table/nope', undefined, user)).toMatchObject({
      status: 400,
      body: { error: { message: 'Invalid table nope', detail: null }, status: 'failure' },
    })
  test('a table that does not exist is 400', noTable('admin'))
  practiceOnly('a table that does not exist is 400 for every user', noTable('north.user.one'))

  test('an unknown record is 404', async () => {
    for (const method of ['GET', 'PATCH', 'PUT', 'DELETE'])
      expect(await room.call(method, `/api/now/table/incident/${'0'.repeat(32)}`, method === 'GET' ? undefined : {})).toMatchObject({
        status: 404,
        body: {
          error: { message: 'No Record found', detail: "Record doesn't exist or ACL restricts the record retrieval" },
          status: 'failure',
        },
      })
  })

  test('paths and methods that are not there', async () => {
    expect(await room.call('GET', '/api/now/nothing')).toMatchObject({
      status: 400,
      body: { error: { message: 'Requested URI does not represent any resource' } },
    })
    expect((await room.call('DELETE', '/api/now/table/incident')).status).toBe(405)
  })

  practiceOnly('APIs that are not there yet', async () => {
    for (const path of ['/api/now/attachment/x/attributes', '/api/sn_customerservice/case', '/api/sn_sc/servicecatalog/items']) {
      const answer = await room.call('GET', path)
      expect(answer.status).toBe(501)
      expect(answer.body.error.detail).toMatch(/not implemented in the practice instance$/)
    }
  })

  test('media types: 406, 415, 400', async () => {
    expect((await room.call('GET', '/api/now/table/incident', undefined, 'admin', { accept: 'text/csv' })).status).toBe(406)
    expect((await room.call('POST', '/api/now/table/incident', 'x', 'admin', { 'content-type': 'text/plain' })).status).toBe(415)
    expect(await room.call('POST', '/api/now/table/incident', '{"a":', 'admin')).toMatchObject({
      status: 400,
      body: { error: { message: 'Exception while reading request', detail: 'The payload is not valid JSON.' } },
    })
    expect((await room.call('POST', '/api/now/table/incident', '"text"', 'admin')).status).toBe(400)
    const large = await room.call('POST', '/api/now/table/incident', { description: 'x'.repeat(11 * 1024 * 1024) })
    expect(large.status).toBe(400)
    expect(large.body.error.detail).toMatch(/^Rejected large REST payload with content-length = \d+ bytes\. Max allowed: 10485760 bytes\.$/)
  })

  test('an address of more than 8192 bytes is 414', async () => {
    expect((await room.call('GET', `/api/now/table/incident?sysparm_query=number=${'x'.repeat(8_300)}`)).status).toBe(414)
    // Its Link would repeat the address twice, and Node's fetch takes no head above 16 KB.
    const unlinked = `/api/now/table/incident?sysparm_suppress_pagination_header=true&sysparm_query=number=`
    expect((await room.call('GET', `${unlinked}${'x'.repeat(8_050)}`)).status).toBe(200)
  })

  test('every answer carries the headers of the platform', async () => {
    const { headers } = await room.call('GET', '/api/now/table/incident?sysparm_limit=1')
    expect(headers.get('server')).toBe('ServiceNow')
    expect(headers.get('x-is-logged-in')).toBe('true')
    expect(headers.get('x-transaction-id')).toMatch(/^[0-9a-f]{12}$/)
    expect(headers.get('content-type')).toBe('application/json;charset=UTF-8')
    expect(headers.get('strict-transport-security')).toBe('max-age=63072000; includeSubDomains')
    expect(headers.get('cache-control')).toBe('no-cache,no-store,must-revalidate,max-age=-1')
  })

  test('HEAD is a GET without its body', async () => {
    const answer = await room.call('HEAD', '/api/now/table/incident?sysparm_limit=1')
    expect(answer).toMatchObject({ status: 200, body: '' })
    expect(Number(answer.headers.get('x-total-count'))).toBeGreaterThan(0)
  })
})
