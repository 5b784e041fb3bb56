import { expect, test } from 'vitest'
import { mappingWith } from '../mapping/index.ts'
import { openLog } from '../platform/log.ts'
import { openMetrics } from '../platform/metrics.ts'
import { steadyAccess } from './access.ts'
import { connectDesk } from './connect-desk.ts'

/** A desk whose instance answers so when it is asked for its dictionary. */
function asked(answer: () => Promise<Response>) {
  const questions: string[] = []
  const desk = connectDesk({
    environment: 'sandbox',
    mapping: mappingWith({}),
    access: steadyAccess({ baseUrl: 'http://practice.example', signIn: { kind: 'basic', userName: 'a', password: 'b' } }),
    log: openLog('silent'),
    metrics: openMetrics(),
    inProcess: request => {
      questions.push(new URL(request.url).searchParams.get('sysparm_query') ?? '')
      return answer()
    },
  })
  return { desk, questions }
}
const rows = (...result: object[]) => Response.json({ result }, { headers: { 'x-total-count': String(result.length) } })

test('what is declared for task holds for all its tables, anything else for its own; it is asked once', async () => {
  const { desk, questions } = asked(async () =>
    rows({ name: 'task', element: 'close_notes' }, { name: 'change_request', element: 'description' }),
  )
  const fields = await Promise.all(['incident', 'change_request'].map(table => desk.declaredHtml(table, ['a < b'])))
  expect(fields.map(names => [...names].sort())).toEqual([['close_notes'], ['close_notes', 'description']])
  expect(await desk.declaredHtml('incident', ['one\ntwo'])).toEqual(new Set(['close_notes']))
  expect(questions).toHaveLength(1)
})

test('nobody is asked about texts that are the same as HTML', async () => {
  const { desk, questions } = asked(async () => rows())
  expect(await desk.declaredHtml('incident', ['plain', undefined, ''])).toEqual(new Set())
  expect(questions).toEqual([])
})

test.each<[string, () => Promise<Response>]>([
  ['may not be read', async () => Response.json({ error: { message: 'x', detail: 'y' }, status: 'failure' }, { status: 403 })],
  ['fails', async () => new Response('<html>', { status: 500 })],
  ['is hidden', async () => Response.json({ result: [] }, { headers: { 'x-total-count': '3' } })],
  ['never answers', () => new Promise(() => {})],
])('a dictionary that %s: fields are text, and it is not asked with each of them', async (_, answer) => {
  const { desk, questions } = asked(answer)
  expect(await desk.declaredHtml('incident', ['a < b'])).toEqual(new Set())
  const before = questions.length
  expect(await desk.declaredHtml('incident', ['a < b'])).toEqual(new Set())
  expect(questions).toHaveLength(before)
})
