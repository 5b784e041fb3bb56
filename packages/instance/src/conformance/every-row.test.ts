import { afterAll, beforeAll, expect, vi } from 'vitest'
import type { Route } from '../answering/route.ts'
import { ROUTES } from '../answering/routes.ts'
import { type Credential, credentialsOf, WITHOUT_ROLES } from './every-row/credentials.ts'
import { ABSENT, bodyOf, MARK, namesRecords, pathOf, thingsOf, unknownOf } from './every-row/things.ts'
import { type Answer, openRoom, type Room } from './practice-room.ts'
import { practiceOnly as test } from './which-instance.ts'

/** Every row of the routes with every kind of credential; what each must answer is computed from the row. */

/** A walk is many small steps; on a busy machine they take their time. */
vi.setConfig({ testTimeout: 120_000 })

let room: Room
let credentials: Credential[]

beforeAll(async () => {
  room = await openRoom()
  credentials = await credentialsOf(room)
})
afterAll(() => room?.close())

/** Whose a row is: the APIs are for whoever signs in, all else is an administrator's, but for what stands here. */
const accessOf = ({ method, path }: Route) => OPENED[`${method} ${path}`] ?? (path.startsWith('/api/') ? 'signed in' : 'administrators')

const OPENED: Readonly<Record<string, Route['access']>> = {
  'POST /oauth_token.do': 'anyone',
  'GET /oauth_revoke_token.do': 'anyone',
  'POST /oauth_revoke_token.do': 'anyone',
  'GET /practice/faults/kinds': 'anyone',
  'GET /practice/clock': 'signed in',
  'GET /practice': 'anyone',
  'GET /': 'anyone',
}

const ask = (route: Route, sysIds: readonly string[], headers: Record<string, string>): Promise<Answer> =>
  room.call(route.method, pathOf(route, sysIds), bodyOf(route), '', headers)

const says = ({ method, path }: Route, who: string, { status, body }: Answer) =>
  `${method} ${path}, asked by ${who}: ${status} ${JSON.stringify(body)}`

test('every row is known to this walk: whose it is, and what it names', () => {
  expect(ROUTES.length).toBeGreaterThan(60)
  expect(ROUTES.flatMap(unknownOf).join('\n')).toBe('')
  for (const route of ROUTES) {
    const said = `${route.method} ${route.path} is for ${route.access}; if that is meant, add it to OPENED here`
    expect(route.access, said).toBe(accessOf(route))
  }
})

test('every row lets in whom it is for, and is refused to every other credential', async () => {
  for (const { name, headers, standsFor } of credentials)
    await Promise.all(
      ROUTES.map(async route => {
        // What an administrator does there is for the next case: it may reset everything.
        if (route.access === 'administrators' && standsFor === 'administrator') return
        const answer = await ask(route, [], headers)
        const said = says(route, name, answer)
        if (route.access === 'anyone') expect(answer.status, said).toBe((await ask(route, [], {})).status)
        else if (standsFor === 'nobody') {
          expect(answer.status, said).toBe(401)
          expect(answer.body, said).toMatchObject({ error: { message: 'User Not Authenticated' }, status: 'failure' })
          expect(answer.headers.get('www-authenticate'), said).toMatch(/^BASIC realm=/)
        } else if (route.access === 'administrators') expect(answer.status, said).toBe(403)
        else expect([401, 500], said).not.toContain(answer.status)
      }),
    )
})

const withoutRoles = () => credentials.find(({ name }) => name === WITHOUT_ROLES)!.headers
const administrator = () => credentials.find(({ standsFor }) => standsFor === 'administrator')!.headers

/** An answer without the names that its question gave. */
function bare({ status, body }: Answer, sysIds: readonly string[]): string {
  return sysIds.reduce((left, id) => left.replaceAll(id, '…'), JSON.stringify({ status, body }))
}

test('every row answers about a record that somebody may not read as about one that is not there, and changes nothing for him', async () => {
  for (const route of ROUTES.filter(namesRecords)) {
    const things = await thingsOf(room, route)
    const ids = things.map(({ sysId }) => sysId)
    const absent = ids.map(() => ABSENT)
    const last = things.at(-1)!
    const read = (headers: Record<string, string>) => room.call('GET', `/api/now/table/${last.table}/${last.sysId}`, undefined, '', headers)
    const before = await read(administrator())
    const hidden = (await read(withoutRoles())).status === 404
    const answer = await ask(route, ids, withoutRoles())
    const said = says(route, WITHOUT_ROLES, answer)
    if (hidden) {
      expect(bare(answer, ids), said).toBe(bare(await ask(route, absent, withoutRoles()), absent))
      expect(JSON.stringify(answer.body), said).not.toContain(MARK)
    }
    if (route.method !== 'GET') expect([400, 403, 404], said).toContain(answer.status)
    expect((await read(administrator())).body, said).toEqual(before.body)
    const present = await ask(route, ids, administrator())
    const nothing = await ask(route, absent, administrator())
    expect(bare(present, ids), `${says(route, 'an administrator', present)}: so this walk sees nothing of it`).not.toBe(
      bare(nothing, absent),
    )
  }
})

test('every row for administrators lets one in', async () => {
  for (const route of ROUTES.filter(({ access }) => access === 'administrators')) {
    const answer = await ask(route, [], administrator())
    expect([401, 403, 500], says(route, 'the administrator', answer)).not.toContain(answer.status)
  }
})
