import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest'
import { serveInstance } from '../index.ts'
import { basic, openRoom, type Room } from './practice-room.ts'
import { practiceOnly as test } from './which-instance.ts'

let room: Room

beforeAll(async () => {
  room = await openRoom()
})
afterEach(async () => {
  await room.call('DELETE', '/practice/faults')
})
afterAll(() => room.close())

const fault = (switched: object) => room.call('POST', '/practice/faults', switched)
const post = (mark: string) => room.call('POST', '/api/now/table/incident', { short_description: mark })
const written = async (mark: string) => (await room.find('incident', `short_description=${mark}`)).length

describe('faults', () => {
  test('latency, seen by the order in which answers come', async () => {
    await fault({ kind: 'latency', path: 'late', delayMs: 300 })
    const order: string[] = []
    await Promise.all(
      ['late', 'prompt'].map(async word => {
        await room.call('GET', `/api/now/table/incident?sysparm_limit=1&word=${word}`)
        order.push(word)
      }),
    )
    expect(order).toEqual(['prompt', 'late'])
  })

  for (const [kind, count] of [
    ['reset-before-write', 0],
    ['reset-after-write', 1],
  ] as const)
    test(`${kind} in process`, async () => {
      await fault({ kind, method: 'POST', path: '/table/incident', times: 1 })
      await expect(post(kind)).rejects.toThrow(new TypeError('fetch failed'))
      expect(await written(kind)).toBe(count)
    })

  for (const [kind, count] of [
    ['timeout-before-write', 0],
    ['timeout-after-write', 1],
  ] as const)
    test(`${kind} waits until the caller gives up`, async () => {
      await fault({ kind, method: 'POST', times: 1 })
      const request = new Request('http://localhost:8081/api/now/table/incident', {
        method: 'POST',
        headers: { authorization: basic('admin'), 'content-type': 'application/json' },
        body: JSON.stringify({ short_description: kind }),
        signal: AbortSignal.timeout(300),
      })
      await expect(room.instance.fetch(request)).rejects.toThrow()
      expect(await written(kind)).toBe(count)
    })

  for (const [kind, count] of [
    ['server-error', 0],
    ['server-error-after-write', 1],
  ] as const)
    test(kind, async () => {
      await fault({ kind, method: 'POST', times: 1 })
      expect((await post(kind)).status).toBe(500)
      expect(await written(kind)).toBe(count)
    })

  test('too-many-requests, with and without saying when to come back', async () => {
    await fault({ kind: 'too-many-requests', times: 1, retryAfter: 7 })
    const told = await post('x')
    expect(told.status).toBe(429)
    expect(told.body.error.message).toBe('Rate limit exceeded')
    expect(told.headers.get('retry-after')).toBe('7')
    for (const name of ['x-ratelimit-limit', 'x-ratelimit-reset', 'x-ratelimit-rule']) expect(told.headers.get(name)).toBeTruthy()
    await fault({ kind: 'too-many-requests', times: 1 })
    const untold = await post('x')
    expect(untold.status).toBe(429)
    expect(untold.headers.get('retry-after')).toBeNull()
  })

  test('asleep', async () => {
    await fault({ kind: 'asleep', times: 1 })
    const answer = await post('asleep')
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toMatch(/^text\/html/)
    expect(answer.body).toContain('hibernating')
    expect(await written('asleep')).toBe(0)
  })

  test('error-in-200 gives some rows and an error', async () => {
    await fault({ kind: 'error-in-200', times: 1 })
    const answer = await room.call('GET', '/api/now/table/sys_user?sysparm_limit=6')
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('application/json;charset=UTF-8')
    expect(answer.body.result).toHaveLength(3)
    expect(answer.body).toMatchObject({ error: { message: 'Transaction cancelled: maximum execution time exceeded' }, status: 'failure' })
    await fault({ kind: 'error-in-200', times: 1 })
    const created = await post('cancelled')
    expect(created.status).toBe(200)
    expect(Object.keys(created.body).sort()).toEqual(['error', 'status'])
    expect(await written('cancelled')).toBe(1)
  })

  test('hidden-journal hides rows that the count tells of, empty-journal hides the count too', async () => {
    const { sys_id: id } = await room.create('incident', { comments: 'x' })
    const path = `/api/now/table/sys_journal_field?sysparm_query=element_id=${id}`
    await fault({ kind: 'hidden-journal', times: 1 })
    const hidden = await room.call('GET', path)
    expect(hidden).toMatchObject({ status: 200, body: { result: [] } })
    expect(hidden.headers.get('x-total-count')).toBe('1')
    await fault({ kind: 'empty-journal', times: 1 })
    const empty = await room.call('GET', path)
    expect(empty.headers.get('x-total-count')).toBe('0')
    expect((await room.call('GET', path)).body.result).toHaveLength(1)
  })

  test('strike only whom they are meant for, until they are switched off', async () => {
    const { body } = await fault({ kind: 'server-error', method: 'PATCH', path: '/table/incident', user: 'demo.agent.one' })
    const { sys_id: id } = await room.create('incident', {})
    const patch = (user: string) => room.call('PATCH', `/api/now/table/incident/${id}`, { description: user }, user)
    expect((await patch('admin')).status).toBe(200)
    expect((await patch('demo.agent.one')).status).toBe(500)
    expect((await patch('demo.agent.one')).status).toBe(500)
    expect((await room.call('GET', '/practice/faults')).body.result).toMatchObject([{ id: body.result.id, kind: 'server-error' }])
    expect((await room.call('DELETE', `/practice/faults/${body.result.id}`)).status).toBe(204)
    expect((await room.call('DELETE', `/practice/faults/${body.result.id}`)).status).toBe(404)
    expect((await patch('demo.agent.one')).status).toBe(200)
  })

  test('are switched by administrators, and must be faults', async () => {
    expect((await room.call('POST', '/practice/faults', { kind: 'latency' }, 'demo.agent.one')).status).toBe(403)
    expect((await room.call('POST', '/practice/faults', { kind: 'latency' }, '')).status).toBe(401)
    expect((await fault({ kind: 'nonsense' })).status).toBe(400)
    expect((await fault({ kind: 'latency', delay: 5 })).status).toBe(400)
  })

  test('a reset destroys the socket of a real server', async () => {
    const served = await serveInstance(room.instance, { port: 0 })
    await fault({ kind: 'reset-after-write', method: 'POST', path: '/table/incident', times: 1 })
    const headers = { authorization: basic('admin'), 'content-type': 'application/json' }
    const send = () =>
      fetch(`${served.url}/api/now/table/incident`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ short_description: 'over a socket' }),
      })
    await expect(send()).rejects.toThrow('fetch failed')
    expect(await written('over a socket')).toBe(1)
    expect((await send()).status).toBe(201)
    await served.close()
  })
})

describe('a session that ends', () => {
  const me = '/api/now/ui/user/current_user'

  test('is 401 for a password that is good, once', async () => {
    await fault({ kind: 'session-expired', times: 1 })
    const expired = await room.call('GET', me)
    expect(expired).toMatchObject({ status: 401, body: { error: { message: 'User Not Authenticated' } } })
    expect(expired.headers.get('x-is-logged-in')).toBe('false')
    expect((await room.call('GET', me)).status).toBe(200)
  })

  test('is the end of a token: the same one stays refused, a new one is good', async () => {
    const client = { client_id: 'faults', client_secret: 'a secret of the tests' }
    await room.instance.setOAuthClient({ clientId: client.client_id, clientSecret: client.client_secret, userName: 'demo.agent.one' })
    const token = async () => {
      const form = new URLSearchParams({ grant_type: 'client_credentials', ...client }).toString()
      const { body } = await room.call('POST', '/oauth_token.do', form, '', { 'content-type': 'application/x-www-form-urlencoded' })
      return { authorization: `Bearer ${body.access_token}` }
    }
    const first = await token()
    expect((await room.call('GET', me, undefined, '', { ...first, 'x-practice-fault': 'session-expired' })).status).toBe(401)
    expect((await room.call('GET', me, undefined, '', first)).status).toBe(401)
    expect((await room.call('GET', me, undefined, '', await token())).status).toBe(200)
  })
})

describe('a business rule that undoes a write', () => {
  const undo = { 'x-practice-fault': 'undone-write' }
  const calls = (id: string) => room.call('GET', `/api/now/table/incident/${id}`)

  test('answers as if the record were made or changed, and it is not', async () => {
    const made = await room.call('POST', '/api/now/table/incident', { short_description: 'undone' }, 'admin', undo)
    expect(made).toMatchObject({ status: 201, body: { result: { short_description: 'undone', number: expect.any(String) } } })
    expect((await calls(made.body.result.sys_id)).status).toBe(404)
    const { sys_id: id, sys_mod_count: count } = await room.create('incident', { short_description: 'as it was' })
    const changed = await room.call('PATCH', `/api/now/table/incident/${id}`, { short_description: 'new', comments: 'x' }, 'admin', undo)
    expect(changed).toMatchObject({ status: 200, body: { result: { short_description: 'new' } } })
    expect((await calls(id!)).body.result).toMatchObject({ short_description: 'as it was', sys_mod_count: count })
    expect(await room.find('sys_journal_field', `element_id=${id}`, 'value')).toEqual([])
    expect((await room.call('DELETE', `/api/now/table/incident/${id}`, undefined, 'admin', undo)).status).toBe(204)
    expect((await calls(id!)).status).toBe(200)
  })

  test('leaves the next write, a refusal and a read alone, and tells no listener', async () => {
    const told: string[] = []
    const end = room.instance.onChange(({ sysId }) => told.push(sysId))
    for (let at = 0; at < 5; at += 1) await room.call('POST', '/api/now/table/incident', {}, 'admin', undo)
    expect((await room.call('POST', '/api/now/table/nope', {}, 'admin', undo)).status).toBe(400)
    expect((await room.call('POST', '/api/now/table/sys_user', { user_name: 'admin' }, 'admin', undo)).status).toBe(500)
    expect((await room.call('GET', '/api/now/table/incident?sysparm_limit=1', undefined, 'admin', undo)).status).toBe(200)
    const { sys_id: id } = await room.create('incident', {})
    end()
    expect(told).toEqual([id])
  })

  test('also undoes an attachment', async () => {
    const { sys_id: id } = await room.create('incident', {})
    const path = `/api/now/attachment/file?table_name=incident&table_sys_id=${id}&file_name=a.txt`
    const headers = { ...undo, 'content-type': 'text/plain' }
    expect((await room.call('POST', path, 'text', 'admin', headers)).status).toBe(201)
    expect((await room.call('GET', `/api/now/attachment?sysparm_query=table_sys_id=${id}`)).body.result).toEqual([])
  })
})

test('fields that a role may not write are dropped without a word, the rest is saved', async () => {
  const { sys_id: id } = await room.create('incident', {})
  const fields = { short_description: 'kept', description: 'dropped', urgency: '1' }
  const path = `/api/now/table/incident/${id}`
  const some = await room.call('PATCH', path, fields, 'admin', { 'x-practice-fault': 'unwritable-field; fields=description+urgency' })
  expect(some).toMatchObject({ status: 200, body: { result: { short_description: 'kept', description: '', urgency: '3' } } })
  const all = await room.call('PATCH', path, { short_description: 'new' }, 'admin', { 'x-practice-fault': 'unwritable-field' })
  expect(all).toMatchObject({ status: 200, body: { result: { short_description: 'kept' } } })
  await fault({ kind: 'unwritable-field', fields: ['urgency'], times: 1 })
  expect((await room.call('PATCH', path, fields)).body.result).toMatchObject({ description: 'dropped', urgency: '3' })
})

describe('a write that arrives late', () => {
  test('is done also when its caller has gone; a caller who waits is answered then', async () => {
    const served = await serveInstance(room.instance, { port: 0 })
    const send = (mark: string, delayMs: number, signal: AbortSignal | null = null) =>
      fetch(`${served.url}/api/now/table/incident`, {
        method: 'POST',
        headers: {
          authorization: basic('admin'),
          'content-type': 'application/json',
          'x-practice-fault': `late-write; delayMs=${delayMs}`,
        },
        body: JSON.stringify({ short_description: mark }),
        signal,
      })
    await expect(send('gone', 500, AbortSignal.timeout(200))).rejects.toThrow()
    expect(await written('gone')).toBe(0)
    await expect.poll(() => written('gone')).toBe(1)
    expect((await send('waited', 50)).status).toBe(201)
    expect(await written('waited')).toBe(1)
    await served.close()
  })

  test('has its file by then, and changes and deletes late too; reads are not late', async () => {
    const { sys_id: id } = await room.create('incident', {})
    const late = { 'x-practice-fault': 'late-write; delayMs=10' }
    const path = `/api/now/table/incident/${id}`
    const file = `/api/now/attachment/file?table_name=incident&table_sys_id=${id}&file_name=a.txt`
    expect((await room.call('POST', file, 'text', 'admin', { ...late, 'content-type': 'text/plain' })).body.result.size_bytes).toBe('4')
    expect((await room.call('PATCH', path, { description: 'late' }, 'admin', late)).body.result.description).toBe('late')
    expect((await room.call('GET', path, undefined, 'admin', { 'x-practice-fault': 'late-write; delayMs=600000' })).status).toBe(200)
    expect((await room.call('DELETE', path, undefined, 'admin', late)).status).toBe(204)
  })
})

test('a list of files that lags has a file later, and does not count it before; the file itself is there', async () => {
  const { sys_id: id } = await room.create('incident', {})
  const path = `/api/now/attachment/file?table_name=incident&table_sys_id=${id}&file_name=a.txt`
  const { body } = await room.call('POST', path, 'text', 'admin', { 'content-type': 'text/plain' })
  const lists = [`/api/now/attachment?sysparm_query=table_sys_id=${id}`, `/api/now/table/sys_attachment?sysparm_query=table_sys_id=${id}`]
  const seen = async (header: string) => {
    const answers = await Promise.all(lists.map(list => room.call('GET', list, undefined, 'admin', { 'x-practice-fault': header })))
    return answers.map(answer => [answer.body.result.length, answer.headers.get('x-total-count')])
  }
  const none = [0, '0']
  expect(await seen('lagging-attachments')).toEqual([none, none])
  const one = [1, '1']
  expect(await seen('lagging-attachments; delayMs=0')).toEqual([one, one])
  expect(await seen('latency; delayMs=0')).toEqual([one, one])
  const lagging = { 'x-practice-fault': 'lagging-attachments' }
  expect((await room.call('GET', `/api/now/attachment/${body.result.sys_id}`, undefined, 'admin', lagging)).status).toBe(200)
})

test('a row that a right hides is counted and not shown, to those whom the fault is for', async () => {
  const mark = 'hidden for a while'
  const [first, second] = [await room.create('incident', { description: mark }), await room.create('incident', { description: mark })]
  await fault({ kind: 'hidden-row', sysId: first!.sys_id, user: 'deskbridge.integration' })
  const list = `/api/now/table/incident?sysparm_query=description=${mark}&sysparm_fields=sys_id`
  const shown = await room.call('GET', list, undefined, 'deskbridge.integration')
  expect([shown.body.result, shown.headers.get('x-total-count')]).toEqual([[{ sys_id: second!.sys_id }], '2'])
  const path = `/api/now/table/incident/${first!.sys_id}`
  expect((await room.call('GET', path, undefined, 'deskbridge.integration')).status).toBe(404)
  expect((await room.call('GET', path)).status).toBe(200)
  expect((await room.call('GET', list)).body.result).toHaveLength(2)
})

test('a clock that is wrong for one save: its record, journal and audit rows carry that time, the next save does not', async () => {
  const { sys_id: id, sys_created_on: made } = await room.create('incident', { short_description: 'as it was' })
  const path = `/api/now/table/incident/${id}`
  await fault({ kind: 'wrong-clock', seconds: -3_600, method: 'PATCH', path, times: 1 })
  const wrong = await room.call('PATCH', path, { urgency: '1', comments: 'an hour ago' })
  const [entry] = await room.find('sys_journal_field', `element_id=${id}`, 'sys_created_on')
  const [change] = await room.find('sys_audit', `documentkey=${id}^fieldname=urgency`, 'sys_created_on')
  const times = [wrong.body.result.sys_updated_on, entry, change]
  expect(new Set(times).size).toBe(1)
  const behind = Date.parse(`${made}Z`) - Date.parse(`${times[0]}Z`)
  expect(behind).toBeGreaterThan(3_500_000)
  expect(behind).toBeLessThanOrEqual(3_600_000)
  expect((await room.call('PATCH', path, { urgency: '2' })).body.result.sys_updated_on >= made!).toBe(true)
})

test('what a kind cannot be told is refused, by a switch and by a header, and so is what would strike nobody', async () => {
  const wrong: [object, string, string][] = [
    [{ kind: 'server-error', delayMs: 5 }, 'server-error; delayMs=5', 'server-error does not take delayMs'],
    [{ kind: 'latency', seconds: 5 }, 'latency; seconds=5', 'latency does not take seconds, but delayMs'],
    [{ kind: 'latency', delayMs: '' }, 'latency; delayMs', 'delayMs'],
    [{ kind: 'unwritable-field', fields: [''] }, 'unwritable-field; fields=', 'fields'],
    [{ kind: 'latency', method: 'PSOT' }, 'latency; delayMs=1; delayMs=2', ''],
    [{ kind: 'latency', seed: 'monday' }, 'latency; seed=monday', 'seed'],
    [{ kind: 'latency', user: '' }, 'latency; user=', 'user'],
  ]
  for (const [switched, header, sentence] of wrong) {
    const carried = await room.call('GET', '/api/now/table/incident?sysparm_limit=1', undefined, 'admin', { 'x-practice-fault': header })
    for (const answer of [await fault(switched), carried]) {
      expect(answer, header).toMatchObject({ status: 400, body: { error: { message: 'Not a fault' } } })
      expect(answer.body.error.detail).toContain(sentence)
    }
  }
  expect((await room.call('GET', '/practice/faults')).body.result.filter(({ kind }: { kind: string }) => kind === 'latency')).toEqual([])
})

test('what a kind does not go without is asked for', async () => {
  for (const kind of ['hidden-row', 'wrong-clock']) {
    expect((await fault({ kind })).status).toBe(400)
    expect((await room.call('GET', '/api/now/table/incident', undefined, 'admin', { 'x-practice-fault': kind })).status).toBe(400)
  }
})

describe('who is struck', () => {
  test('a header strikes its own request and nobody else', async () => {
    const answers = await Promise.all([
      room.call('GET', '/api/now/table/incident?sysparm_limit=1', undefined, 'demo.agent.one', { 'x-practice-fault': 'server-error' }),
      room.call('GET', '/api/now/table/incident?sysparm_limit=1', undefined, 'demo.agent.one'),
      room.call('GET', '/api/now/table/incident?sysparm_limit=1', undefined, 'demo.agent.one', {
        'x-practice-fault': 'latency; delayMs=1, too-many-requests; retryAfter=7',
      }),
    ])
    expect(answers.map(({ status }) => status)).toEqual([500, 200, 429])
    expect(answers[2]?.headers.get('retry-after')).toBe('7')
    for (const header of ['nonsense', 'latency; delay=1', 'latency; delayMs=long', 'server-error; user=admin', ''])
      expect((await room.call('GET', '/api/now/table/incident', undefined, 'admin', { 'x-practice-fault': header })).status).toBe(400)
    expect((await room.call('GET', '/practice/faults', undefined, 'admin', { 'x-practice-fault': 'server-error' })).status).toBe(200)
  })

  const statuses = async (switched: object, requests = 200) => {
    const { body } = await fault(switched)
    const seen: number[] = []
    for (let at = 0; at < requests; at += 1) seen.push((await room.call('GET', '/api/now/ui/user/current_user')).status)
    await room.call('DELETE', `/practice/faults/${body.result.id}`)
    return { seen, seed: body.result.seed }
  }

  test('a percentage of calls, the same ones for the same seed', async () => {
    const first = await statuses({ kind: 'server-error', percent: 20, seed: 'a run' })
    const struck = first.seen.filter(status => status === 500).length
    expect(struck).toBeGreaterThan(20)
    expect(struck).toBeLessThan(60)
    expect((await statuses({ kind: 'server-error', percent: 20, seed: 'a run' })).seen).toEqual(first.seen)
    const chosen = await statuses({ kind: 'server-error', percent: 50 }, 60)
    expect(chosen.seen).not.toEqual(first.seen.slice(0, 60))
    expect((await statuses({ kind: 'server-error', percent: 50, seed: chosen.seed }, 60)).seen).toEqual(chosen.seen)
  })

  test('a chosen moment: the first requests pass', async () => {
    const { seen } = await statuses({ kind: 'server-error', path: 'current_user', after: 2, times: 1 }, 5)
    expect(seen).toEqual([200, 200, 500, 200, 200])
  })

  test('the list tells how often each struck, also when it is used up', async () => {
    const { body } = await fault({ kind: 'server-error', path: 'current_user', times: 2 })
    await statuses({ kind: 'latency', delayMs: 0, percent: 100 }, 3)
    const { result } = (await room.call('GET', '/practice/faults')).body
    expect(result).toMatchObject([{ id: body.result.id, kind: 'server-error', strikes: 2, times: 0 }])
  })

  test('the menu names every kind with a sentence, and counts header strikes too', async () => {
    const kinds = async () => (await room.call('GET', '/practice/faults/kinds', undefined, '')).body.result
    const before = await kinds()
    for (const { kind, says } of before) expect([kind, says]).toEqual([expect.stringMatching(/^[a-z0-9-]+$/), expect.stringMatching(/\.$/)])
    await room.call('GET', '/api/now/ui/user/current_user', undefined, 'admin', { 'x-practice-fault': 'asleep' })
    const asleep = (rows: { kind: string; strikes: number }[]) => rows.find(({ kind }) => kind === 'asleep')!.strikes
    expect(asleep(await kinds())).toBe(asleep(before) + 1)
  })
})
