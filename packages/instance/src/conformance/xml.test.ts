import { afterAll, beforeAll, expect } from 'vitest'
import { type Answer, DEMO, openRoom, query, type Room } from './practice-room.ts'
import { practiceOnly as test } from './which-instance.ts'

let room: Room

beforeAll(async () => {
  room = await openRoom()
})
afterAll(() => room.close())

const XML = { accept: 'application/xml' }
const sendXml = (method: string, path: string, body: string, headers: Record<string, string> = {}): Promise<Answer> =>
  room.call(method, path, body, 'admin', { 'content-type': 'application/xml', ...headers })

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'

test('one record, with references, empty fields and what XML has to escape', async () => {
  const caller = DEMO.customers[0].users[0]
  const { sys_id: id } = await room.create('incident', { short_description: 'a < b & "c" > d\u0007', caller_id: caller.sysId })
  const fields = 'sys_id,short_description,caller_id,caller_id.email,close_code'
  const answer = await room.call('GET', `/api/now/table/incident/${id}?sysparm_fields=${fields}`, undefined, 'admin', XML)
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-type')).toBe('application/xml;charset=UTF-8')
  expect(answer.body).toBe(
    `${DECLARATION}<response><result><sys_id>${id}</sys_id><short_description>a &lt; b &amp; "c" &gt; d</short_description>` +
      `<caller_id><link>http://localhost:8081/api/now/table/sys_user/${caller.sysId}</link><value>${caller.sysId}</value></caller_id>` +
      `<caller_id.email>user.one@north.example</caller_id.email><close_code/></result></response>`,
  )
})

test('a list repeats its element, and keeps its headers', async () => {
  await room.create('problem', { short_description: 'listed in XML', number: 'PRB1' })
  await room.create('problem', { short_description: 'listed in XML', number: 'PRB2' })
  const path = `/api/now/table/problem?sysparm_fields=number&sysparm_query=${query('short_description=listed in XML^ORDERBYnumber')}`
  const answer = await room.call('GET', path, undefined, 'admin', XML)
  expect(answer.body).toBe(
    `${DECLARATION}<response><result><number>PRB1</number></result><result><number>PRB2</number></result></response>`,
  )
  expect(answer.headers.get('x-total-count')).toBe('2')
  expect(answer.headers.get('link')).toContain('rel="first"')
  const none = await room.call('GET', '/api/now/table/problem?sysparm_query=number=NONE', undefined, 'admin', XML)
  expect(none.body).toBe(`${DECLARATION}<response/>`)
})

test('refusals are XML for who asked for XML, before and after signing in', async () => {
  const table = await room.call('GET', '/api/now/table/nope', undefined, 'admin', XML)
  expect(table).toMatchObject({
    status: 400,
    body: `${DECLARATION}<response><error><message>Invalid table nope</message><detail/></error><status>failure</status></response>`,
  })
  const stranger = await room.call('GET', '/api/now/table/incident', undefined, '', XML)
  expect(stranger.status).toBe(401)
  expect(stranger.headers.get('www-authenticate')).toBe('BASIC realm="Service-now"')
  expect(stranger.body).toContain('<message>User Not Authenticated</message>')
})

test('records are created and changed with XML, in either of its forms', async () => {
  const entry = `${DECLARATION}<request><entry><short_description>from &lt;XML&gt;</short_description><urgency>1</urgency></entry><entry><short_description>second</short_description></entry></request>`
  const made = await sendXml('POST', '/api/now/table/incident', entry)
  expect(made.status).toBe(201)
  expect(made.body.result).toMatchObject({ short_description: 'from <XML>', urgency: '1' })
  const path = `/api/now/table/incident/${made.body.result.sys_id}`
  const caller = DEMO.customers[0].users[0].sysId
  const changed = await sendXml(
    'PUT',
    path,
    `<request>\n  <description><![CDATA[a & b]]></description>\n  <caller_id><link>x</link><value>${caller}</value></caller_id>\n</request>`,
    XML,
  )
  expect(changed.body).toContain('<description>a &amp; b</description>')
  expect((await room.call('GET', path)).body.result.caller_id.value).toBe(caller)
})

test('the answer is in the form that Accept asks for most', async () => {
  const typeFor = async (accept: string) => {
    const answer = await room.call('GET', '/api/now/table/incident?sysparm_limit=1', undefined, 'admin', { accept })
    return answer.status === 200 ? answer.headers.get('content-type')?.split(/[/;]/)[1] : answer.status
  }
  expect(await typeFor('*/*')).toBe('json')
  expect(await typeFor('application/json, text/plain, */*')).toBe('json')
  expect(await typeFor('text/xml')).toBe('xml')
  expect(await typeFor('application/xml;q=0.5, application/json')).toBe('json')
  expect(await typeFor('application/json;q=0.2, application/xml;q=0.8')).toBe('xml')
  expect(await typeFor('text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8')).toBe('xml')
  expect(await typeFor('text/html, image/gif, *; q=.2, */*; q=.2')).toBe('json')
  expect(await typeFor('application/json;q=0, */*')).toBe('xml')
  expect(await typeFor('text/csv')).toBe(406)
  expect(await typeFor('text/html')).toBe(406)
})

test('XML that is none, has a document type or goes too deep is refused', async () => {
  const bomb = `<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><request><description>&c;</description></request>`
  const external = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><request><description>&b;</description></request>'
  const deep = `${'<a>'.repeat(2_000)}${'</a>'.repeat(2_000)}`
  for (const body of [bomb, external, deep, '<request><a></request>', '<request>&b;</request>', 'no', '{"a":1}'])
    expect(await sendXml('POST', '/api/now/table/incident', body), body.slice(0, 40)).toMatchObject({
      status: 400,
      body: { error: { message: 'Exception while reading request', detail: expect.stringMatching(/^The payload is not valid XML\./) } },
    })
})

test('an attachment is described in XML, and comes as it is', async () => {
  const { sys_id: id } = await room.create('incident', {})
  const path = `/api/now/attachment/file?table_name=incident&table_sys_id=${id}&file_name=a.json`
  const made = await room.call('POST', path, '{"a":1}', 'admin', { ...XML, 'content-type': 'application/json;charset=UTF-8' })
  expect(made.status).toBe(201)
  const sysId = /<sys_id>(\w+)<\/sys_id>/.exec(made.body)?.[1]
  expect((await room.call('GET', `/api/now/attachment/${sysId}/file`, undefined, 'admin', XML)).body).toEqual({ a: 1 })
})
