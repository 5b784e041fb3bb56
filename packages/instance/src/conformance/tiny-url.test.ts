import { afterAll, beforeAll, expect } from 'vitest'
import { openRoom, query, type Room } from './practice-room.ts'
import { practiceOnly as test } from './which-instance.ts'

let room: Room

beforeAll(async () => {
  room = await openRoom({ demo: false })
})
afterAll(() => room.close())

const shorten = async (url: unknown) => room.call('POST', '/api/now/tinyurl', { url })

test('a query of 23,000 characters fits behind a short address, page after page', async () => {
  for (const number of ['PRB7000001', 'PRB7000002', 'PRB7000003']) await room.create('problem', { number })
  const numbers = [
    'PRB7000001',
    'PRB7000002',
    'PRB7000003',
    ...Array.from({ length: 2_100 }, (_, at) => `PRB8${String(at).padStart(6, '0')}`),
  ]
  const long = `/api/now/table/problem?sysparm_query=${query(`numberIN${numbers.join(',')}^ORDERBYnumber`)}&sysparm_fields=number&sysparm_limit=10`
  expect(long.length).toBeGreaterThan(23_000)
  const made = await shorten(long)
  expect(made.status).toBe(201)
  expect(made.body.result).toMatch(/^api\/now\/table\/problem\?sysparm_tiny=[0-9a-f]{32}$/)
  expect((await shorten(long)).body).toEqual(made.body)
  const all = await room.call('GET', `/${made.body.result}`)
  expect(all.body.result).toEqual([{ number: 'PRB7000001' }, { number: 'PRB7000002' }, { number: 'PRB7000003' }])
  const page = await room.call('GET', `/${made.body.result}&sysparm_limit=2`)
  expect(page.body.result).toHaveLength(2)
  const next = /<http:\/\/localhost:8081([^>]*)>;rel="next"/.exec(page.headers.get('link') ?? '')?.[1]
  expect(next?.length).toBeLessThan(200)
  expect((await room.call('GET', next!)).body.result).toEqual([{ number: 'PRB7000003' }])
  expect((await room.call('GET', `/${made.body.result}`, undefined, '')).status).toBe(401)
})

test('a whole address keeps its path alone, a page of the platform too', async () => {
  expect((await shorten('https://elsewhere.example/incident_list.do?sysparm_query=active=true#top')).body.result).toMatch(
    /^incident_list\.do\?sysparm_tiny=/,
  )
})

test('what is no address is refused, and so is a short one that stands for nothing', async () => {
  for (const url of [undefined, '', 7, 'x'.repeat(200_000)]) expect((await shorten(url)).status).toBe(400)
  expect(await room.call('GET', '/api/now/table/problem?sysparm_tiny=nothing')).toMatchObject({
    status: 400,
    body: { error: { message: 'Invalid sysparm_tiny' } },
  })
})

test('the last thousand are kept: the oldest goes, and who comes with it hears so', async () => {
  const first = (await shorten('/api/now/table/problem?sysparm_query=number=first')).body.result
  for (let left = 1_000; left > 0; left -= 50)
    await Promise.all(Array.from({ length: 50 }, (_, at) => shorten(`/api/now/table/problem?sysparm_query=number=PRB${left - at}`)))
  const last = (await shorten('/api/now/table/problem?sysparm_query=number=last')).body.result
  await shorten('/api/now/table/problem?sysparm_query=number=after')
  expect([(await room.call('GET', `/${first}`)).status, (await room.call('GET', `/${last}`)).status]).toEqual([400, 200])
})
