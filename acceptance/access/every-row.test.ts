import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type Answer, ask, basic } from '../system/answer.ts'
import { type StartedSystem, startSystem } from '../system/start-system.ts'
import { type Client, type Credential, credentialsOf } from './every-row/credentials.ts'
import { type Access, type Request, type Row, requestOf, rowsOf, titleOf, variantsOf } from './every-row/row.ts'
import { nothing, type Owner, ownersOf } from './every-row/things.ts'
import { about, isChosen, isRecord, type Thing, unknownOf, valuesOf } from './every-row/values.ts'

/**
 * Every operation that the exchange describes, asked with every kind of credential and about what belongs to everybody else. What each
 * must answer is computed from its row, so that a new one is tried without being remembered.
 */

/** A walk is many small steps; on a busy machine they take their time. */
vi.setConfig({ testTimeout: 120_000 })

let system: StartedSystem
let rows: Row[]
let credentials: Credential[]
let clients: Client[]
let owners: Owner[]

beforeAll(async () => {
  system = await startSystem({ environment: { TRUSTED_PROXIES: '127.0.0.1' } })
  rows = rowsOf((await ask(`${system.firstSteps.exchange}/openapi.json`, { method: 'GET' })).body)
  const kinds = await credentialsOf(system)
  credentials = kinds.credentials
  clients = kinds.clients
  owners = await ownersOf(system)
})
afterAll(() => system?.end())

let lastAddress = 0

/** Each from an address of its own, so that no guess counts against another one. */
function send({ method, target, headers, body }: Request, authorization?: string): Promise<Answer> {
  lastAddress += 1
  return ask(system.firstSteps.exchange + target, {
    method,
    headers: {
      ...headers,
      'x-forwarded-for': `10.0.${lastAddress >> 8}.${lastAddress & 255}`,
      ...(authorization === undefined ? {} : { authorization }),
    },
    ...(body === undefined ? {} : { body }),
  })
}

const rowsFor = (access: Access) => rows.filter(row => row.access === access)
const variants = (row: Row) => variantsOf(row, isRecord, isChosen)
const says = (title: string, who: string, { status, body }: Answer) => `${title}, asked by ${who}: ${status} ${JSON.stringify(body)}`

/** Whose a row is, by where its path begins. */
const PATHS: readonly (readonly [begin: string, access: Access])[] = [
  ['/network/', 'partner'],
  ['/operator/', 'operator'],
]

/** What whoever a row is not for must hear. */
const REFUSED = {
  partner: { status: 401, code: 'invalid_token', challenge: /^Bearer realm=/ },
  operator: { status: 401, code: 'sign_in_required', challenge: /^Basic realm=/ },
  person: { status: 401, code: 'sign_in_required', challenge: /^Basic realm=/ },
  withoutAgreement: { status: 403, code: 'not_in_agreement', challenge: undefined },
  readOnly: { status: 403, code: 'read_only_token', challenge: undefined },
  personAlone: { status: 403, code: 'person_required', challenge: undefined },
} as const

function refusalFor({ access, method }: Row, { standsFor }: Credential) {
  if (access === 'anyone' || access === standsFor) return undefined
  if (access === 'operator' && (standsFor === 'person' || standsFor === 'writing token')) return undefined
  if (access === 'operator' && standsFor === 'reading token') return method === 'GET' ? undefined : REFUSED.readOnly
  if (access === 'person' && standsFor.endsWith(' token')) return REFUSED.personAlone
  return access === 'partner' && standsFor === 'partner without agreement' ? REFUSED.withoutAgreement : REFUSED[access]
}

describe('every row', () => {
  test('is known to this walk: what it takes, and whose it is', () => {
    expect(rows.length).toBeGreaterThan(30)
    expect(rows.flatMap(unknownOf).join('\n')).toBe('')
    for (const { method, path, access, tag } of rows) {
      const whose = PATHS.find(([begin]) => path.startsWith(begin))?.[1] ?? 'anyone'
      const by = access === 'person' ? 'operator' : access
      expect(by, `${method} ${path} is for ${access}; where its path begins everything is for ${whose}`).toBe(whose)
      if (access === 'anyone') expect(['Exchange', 'Token'], `${method} ${path}, which anyone may call, has the tag ${tag}`).toContain(tag)
    }
  })

  test('is refused to every credential that is not of those for whom it is, and nothing happens', async () => {
    const before = await Promise.all(owners.map(({ desk, record }) => desk.read(record)))
    const thing = owners[0]!.thing
    for (const row of rows.filter(({ access }) => access !== 'anyone'))
      for (const variant of variants(row).slice(0, 1)) {
        const request = requestOf(variant, await valuesOf(variant, thing, system))
        await Promise.all(
          credentials.map(async credential => {
            const refusal = refusalFor(row, credential)
            if (!refusal) return
            const answer = await send(request, credential.authorization)
            const said = says(titleOf(variant), credential.name, answer)
            expect(answer.status, said).toBe(refusal.status)
            expect(Object.keys(answer.body), said).toEqual(['error'])
            expect(answer.body.error.code, said).toBe(refusal.code)
            if (refusal.challenge) expect(answer.headers.get('www-authenticate'), said).toMatch(refusal.challenge)
          }),
        )
      }
    expect(await Promise.all(owners.map(({ desk, record }) => desk.read(record)))).toEqual(before)
  })
})

describe('every row for anyone', () => {
  test('that says something of the exchange says the same to all, and nothing of what belongs to somebody', async () => {
    for (const row of rowsFor('anyone').filter(({ tag }) => tag === 'Exchange')) {
      const [variant] = variants(row)
      const request = requestOf(variant!, await valuesOf(variant!, undefined, system))
      await Promise.all(
        credentials.map(async credential => {
          const answer = await send(request, credential.authorization)
          const said = says(titleOf(variant!), credential.name, answer)
          expect(answer.status, said).toBe(200)
          for (const { thing, mark, partner } of owners)
            for (const secret of [...Object.values(thing), mark, partner.access.clientSecret])
              expect(JSON.stringify(answer.body), said).not.toContain(secret)
        }),
      )
    }
  })

  test('of the token endpoint knows clients that are there and may sign in, and nobody else; none ends what is another one’s', async () => {
    const token = await owners[0]!.partner.token()
    const tokenRows = rowsFor('anyone').filter(({ tag }) => tag === 'Token')
    expect(tokenRows.length).toBeGreaterThan(1)
    for (const row of tokenRows)
      for (const { name, form, authorization, isLive } of clients) {
        const [variant] = variants(row)
        const values = {
          ...(await valuesOf(variant!, undefined, system)),
          token,
          client_id: undefined,
          client_secret: undefined,
          ...form,
        }
        const answer = await send(requestOf(variant!, values), authorization)
        const said = says(titleOf(variant!), name, answer)
        expect(answer.status, said).toBe(isLive ? 200 : 401)
        if (isLive) continue
        expect(answer.body, said).toEqual({ error: 'invalid_client', error_description: expect.any(String) })
        expect(answer.headers.get('www-authenticate'), said).toMatch(/^Basic realm=/)
      }
    expect((await owners[0]!.partner.listOpenTickets()).status).toBe(200)
  })
})

/** An answer without the names that its question gave. */
function bare({ status, headers, body }: Answer, thing: Thing): string {
  const names = [...Object.values(thing), thing.number.replace('#', '')]
  const text = JSON.stringify({ status, warnings: headers.get('warnings'), body })
  return names.reduce((left, name) => left.replaceAll(name, '…'), text)
}

describe('every row for partners', () => {
  test('answers about what is another one’s, or of the other environment, as about what is not there', async () => {
    const done = new Set<Row>()
    const naming = rowsFor('partner').filter(({ names }) => names.some(isRecord))
    for (const variant of naming.flatMap(variants).filter(({ names }) => names.some(isRecord)))
      await Promise.all(
        owners.map(async owner => {
          const { partner, thing, name } = owner
          const authorization = `Bearer ${await partner.token()}`
          const own = await valuesOf(variant, thing, system)
          const askAbout = (another: Thing, only?: string) => send(requestOf(variant, about(another, variant, own, only)), authorization)
          const compare = async (only?: string) => {
            const absent = nothing()
            const expected = bare(await askAbout(absent, only), absent)
            for (const other of owners.filter(one => one !== owner)) {
              const answer = await askAbout(other.thing, only)
              const said = `${says(titleOf(variant), name, answer)}, about what is ${other.name}’s${only ? ` (${only})` : ''}`
              expect(bare(answer, other.thing), said).toBe(expected)
              expect(JSON.stringify(answer.body), said).not.toContain(other.mark)
            }
          }
          await compare()
          const answer = await send(requestOf(variant, own), authorization)
          if (answer.status !== 200) return
          done.add(variant.row)
          const named = variant.names.filter(isRecord)
          if (named.length > 1) for (const one of named) await compare(one.name)
        }),
      )
    for (const { method, path } of naming.filter(row => !done.has(row)))
      expect.fail(`${method} ${path} said yes to nobody about what is its own: so the walk has not seen what it refuses.`)
  })

  test('that names nothing speaks of what is the caller’s own alone', async () => {
    const done = new Set<Row>()
    const others = rowsFor('partner').flatMap(variants)
    const unnamed = others.filter(({ names }) => !names.some(isRecord))
    for (const variant of unnamed)
      for (const owner of owners) {
        const authorization = `Bearer ${await owner.partner.token()}`
        const answer = await send(requestOf(variant, await valuesOf(variant, owner.thing, system)), authorization)
        if (answer.status === 200) done.add(variant.row)
        const said = says(titleOf(variant), owner.name, answer)
        expect([200, 403], said).toContain(answer.status)
        for (const { mark, thing } of owners.filter(one => one !== owner))
          for (const secret of [mark, thing.reference, thing.file, thing.update])
            expect(JSON.stringify(answer.body), said).not.toContain(secret)
      }
    for (const { row } of unnamed.filter(one => !done.has(one.row))) expect.fail(`${row.method} ${row.path} said yes to nobody.`)
  })
})

describe('every row for the operator', () => {
  const operator = () => {
    const { email, password } = system.firstSteps.portalUsers.operator
    return basic(email, password)
  }

  const ofToken = (standsFor: Credential['standsFor']) => credentials.find(one => one.standsFor === standsFor)!.authorization

  test.each([
    ['a person of the operator', ['operator', 'person'], operator],
    ['a token of scope write', ['operator'], () => ofToken('writing token')],
  ] as const)('lets %s do what it is for, and names what is not there', async (who, accesses, authorization) => {
    for (const row of accesses.flatMap(rowsFor))
      for (const variant of variants(row)) {
        const values = await valuesOf(variant, undefined, system)
        const [record] = variant.names.filter(isRecord)
        if (record) {
          const absent = await send(requestOf(variant, { ...values, [record.name]: 'nothing' }), authorization())
          expect(absent, says(titleOf(variant), `${who}, about nothing`, absent)).toMatchObject({
            status: 404,
            body: { error: { code: 'not_found' } },
          })
        }
        const answer = await send(requestOf(variant, values), authorization())
        expect(answer.status, says(titleOf(variant), who, answer)).toBe(200)
      }
  })
})
