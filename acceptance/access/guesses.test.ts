import { randomUUID } from 'node:crypto'
import { makeFreshDatabase } from '@deskbridge/postgres/testing'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Answer, ask, basic } from '../system/answer.ts'
import { carried } from '../system/partner.ts'
import { type StartedSystem, startSystem } from '../system/start-system.ts'

/** Two exchanges on one database: one is behind a proxy of this machine that it trusts, one trusts nobody. */
let behindProxy: StartedSystem
let alone: StartedSystem
let database: pg.Client
const undo: (() => Promise<unknown>)[] = []

beforeAll(async () => {
  const fresh = await makeFreshDatabase()
  undo.push(fresh.drop)
  behindProxy = await startSystem({ database: fresh.url, environment: { TRUSTED_PROXIES: '127.0.0.1, ::1, 10.0.0.0/8' } })
  undo.push(behindProxy.end)
  alone = await startSystem({ database: fresh.url })
  undo.push(alone.end)
  database = new pg.Client({ connectionString: fresh.url })
  await database.connect()
  undo.push(() => database.end())
})
afterAll(async () => {
  for (const end of undo.reverse()) await end()
})

let networks = 0
/** An address that nobody has had yet. */
const newAddress = () => `203.0.${Math.floor(++networks / 250)}.${(networks % 250) + 1}`
const through = (address: string | undefined) => (address === undefined ? {} : { 'x-forwarded-for': address })

interface Credentials {
  name: string
  secret: string
}

const asOperator = (system: StartedSystem, { name, secret }: Credentials, address?: string): Promise<Answer> =>
  ask(`${system.firstSteps.exchange}/operator/unanswered`, {
    method: 'GET',
    headers: { authorization: basic(name, secret), ...through(address) },
  })

const forToken = (system: StartedSystem, { name, secret }: Credentials, address?: string): Promise<Answer> =>
  ask(`${system.firstSteps.tokenUrl}?grant_type=client_credentials`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...through(address) },
    body: new URLSearchParams({ client_id: name, client_secret: secret }).toString(),
  })

const operator = ({ firstSteps }: StartedSystem): Credentials => ({
  name: firstSteps.portalUsers.operator.email,
  secret: firstSteps.portalUsers.operator.password,
})
const customer = ({ firstSteps }: StartedSystem): Credentials => ({
  name: firstSteps.customer.clientId,
  secret: firstSteps.customer.clientSecret,
})
/** A name that nobody has, so that what other tests count has nothing to do with it; known ones and unknown ones count alike. */
const somebody = () => `${randomUUID()}@example.org`
const guessAt = (name: string): Credentials => ({ name, secret: randomUUID() })

const times = <T>(count: number, one: (turn: number) => Promise<T>) => Promise.all(Array.from({ length: count }, (_, turn) => one(turn)))
const statuses = (answers: readonly Answer[]) =>
  Object.fromEntries(
    [...new Set(answers.map(one => one.status))].map(status => [status, answers.filter(one => one.status === status).length]),
  )
const lookedAt = (answers: readonly Answer[]) => answers.filter(one => one.status === 401).length

/** How many passwords were held against a slow hash so far. */
async function hashes({ firstSteps }: StartedSystem): Promise<number> {
  const { body } = await ask(`${firstSteps.exchange}/metrics`, { method: 'GET' })
  return Number(/^deskbridge_password_checks_total (\d+)$/m.exec(body)?.[1])
}

describe('guesses at once', () => {
  test('of 150 wrong operator passwords ten are looked at, and the operator signs in from elsewhere meanwhile', async () => {
    const { name } = operator(behindProxy)
    const before = await hashes(behindProxy)
    const attacker = newAddress()
    const attack = times(150, () => asOperator(behindProxy, guessAt(name), attacker))
    expect((await asOperator(behindProxy, operator(behindProxy), newAddress())).status).toBe(200)
    const answers = await attack
    expect(statuses(answers)).toEqual({ 401: 10, 429: 140 })
    expect((await hashes(behindProxy)) - before).toBe(11)
    const refused = answers.find(one => one.status === 429)!
    expect(refused.body.error.code).toBe('too_many_wrong_secrets')
    expect(refused.headers.get('retry-after')).toBe('60')
    // There, even the right one is refused.
    expect((await asOperator(behindProxy, operator(behindProxy), attacker)).status).toBe(429)
  })

  test('the same wrong password 150 times at once is ten guesses too', async () => {
    const [guess, address] = [guessAt(somebody()), newAddress()]
    expect(statuses(await times(150, () => asOperator(behindProxy, guess, address)))).toEqual({ 401: 10, 429: 140 })
  })

  test('of 200 wrong client secrets ten are looked at, and the partner gets its token meanwhile', async () => {
    const { name } = customer(behindProxy)
    const attacker = newAddress()
    const attack = times(200, () => forToken(behindProxy, guessAt(name), attacker))
    expect((await forToken(behindProxy, customer(behindProxy), newAddress())).status).toBe(200)
    expect(statuses(await attack)).toEqual({ 401: 10, 429: 190 })
  })

  test('two exchanges count together', async () => {
    const name = somebody()
    const answers = await times(80, turn => forToken(turn % 2 ? alone : behindProxy, guessAt(name)))
    expect(statuses(answers)).toEqual({ 401: 10, 429: 70 })
  })

  test('a system that signs in fifty times at once, and then thirty times in a row, has guessed nothing', async () => {
    const address = newAddress()
    expect(statuses(await times(50, () => forToken(behindProxy, customer(behindProxy), address)))).toEqual({ 200: 50 })
    for (let turn = 0; turn < 30; turn++) expect((await forToken(behindProxy, customer(behindProxy), address)).status).toBe(200)
  })
})

describe('guesses from many places, and at many names', () => {
  test('a name is guessed at 130 times a minute at most, wherever from; its owner signs in where it did before, and a newcomer while 100 networks have not come', async () => {
    const { clientId, clientSecret } = behindProxy.firstSteps.productionCustomer
    const owner = { name: clientId, secret: clientSecret }
    const home = newAddress()
    expect((await forToken(behindProxy, owner, home)).status).toBe(200)
    const attackers = Array.from({ length: 60 }, newAddress)
    const early = (await Promise.all(attackers.map(one => times(4, () => forToken(behindProxy, guessAt(owner.name), one))))).flat()
    expect(lookedAt(early)).toBeLessThanOrEqual(90)
    expect(lookedAt(early)).toBeGreaterThan(80)
    expect((await forToken(behindProxy, owner, newAddress())).status).toBe(200)
    const more = await times(60, () => forToken(behindProxy, guessAt(owner.name), newAddress()))
    expect(lookedAt([...early, ...more])).toBeLessThanOrEqual(130)
    expect(lookedAt(more)).toBeGreaterThan(35)
    expect((await forToken(behindProxy, owner, newAddress())).status).toBe(429)
    expect((await forToken(behindProxy, owner, home)).status).toBe(200)
  })

  test('over IPv6 a /64 is one place', async () => {
    const name = somebody()
    const answers = await times(40, turn => forToken(behindProxy, guessAt(name), `2001:db8:0:1::${turn.toString(16)}`))
    expect(statuses(answers)).toEqual({ 401: 10, 429: 30 })
  })

  test('from one address 30 guesses a minute are looked at, whatever the names; who has signed in from there before still does', async () => {
    const shared = newAddress()
    expect((await forToken(behindProxy, customer(behindProxy), shared)).status).toBe(200)
    expect(statuses(await times(100, () => forToken(behindProxy, guessAt(somebody()), shared)))).toEqual({ 401: 30, 429: 70 })
    expect((await forToken(behindProxy, customer(behindProxy), shared)).status).toBe(200)
  })

  test('strangers make no table grow: one address makes as many rows as it has tries, and all together a fixed number', async () => {
    const count = async (table: string) => Number((await database.query(`select count(*) from exchange.${table}`)).rows[0].count)
    const [places, rows] = [await count('known_place'), await count('sign_in_try')]
    const address = newAddress()
    const name = () => 'x'.repeat(150) + somebody()
    expect(lookedAt(await times(300, () => forToken(behindProxy, guessAt(name()), address)))).toBe(30)
    // One of the address, and of each name that was looked at one with the address and one of its own.
    expect(await count('sign_in_try')).toBeLessThanOrEqual(rows + 1 + 30 + 30)
    await times(100, () => forToken(behindProxy, guessAt(name()), newAddress()))
    expect(await count('known_place')).toBe(places)
    const { rows: kinds } = await database.query(
      'select counted, max(bucket) as last, min(bucket) as first from exchange.sign_in_try group by counted',
    )
    const counted = ['first', 'further', 'known place', 'network', 'place'].flatMap(what => [`client ${what}`, `person ${what}`])
    for (const kind of kinds) {
      expect(counted).toContain(kind.counted)
      expect(kind.first).toBeGreaterThanOrEqual(0)
      expect(kind.last).toBeLessThan(65_536)
    }
  })

  test('a minute later there are new tries, also where the clock of the database was put back meanwhile', async () => {
    const [name, address] = [somebody(), newAddress()]
    const round = async () => statuses(await times(12, () => forToken(behindProxy, guessAt(name), address)))
    for (const passed of ['0 seconds', '61 seconds', '-1 hour']) {
      await database.query('update exchange.sign_in_try set began_at = began_at - $1::interval', [passed])
      expect(await round()).toEqual({ 401: 10, 429: 2 })
      expect(await round()).toEqual({ 429: 12 })
    }
  })

  test('a name is known at its last fifty places, for thirty days', async () => {
    const { clientId, clientSecret } = behindProxy.firstSteps.otherCustomer
    const owner = { name: clientId, secret: clientSecret }
    const places = async () =>
      (await database.query('select network from exchange.known_place where name = $1 order by last_right_at', [clientId])).rows
    const addresses = Array.from({ length: 55 }, newAddress)
    for (const one of addresses) expect((await forToken(behindProxy, owner, one)).status).toBe(200)
    expect((await places()).map(({ network }) => network)).toEqual(addresses.slice(5))
    await database.query(`update exchange.known_place set last_right_at = now() - interval '31 days' where name = $1`, [clientId])
    const first = "select sum(tries)::int as tries from exchange.sign_in_try where counted = 'client known place'"
    const before = (await database.query(first)).rows[0].tries
    await forToken(behindProxy, guessAt(clientId), addresses.at(-1))
    expect((await database.query(first)).rows[0].tries).toBe(before)
  })
})

describe('trusted proxies', () => {
  test('behind one a stranger locks nobody out, whatever it writes into the header itself', async () => {
    const provider = { name: behindProxy.firstSteps.provider.clientId, secret: behindProxy.firstSteps.provider.clientSecret }
    const [stranger, partner] = [newAddress(), newAddress()]
    const answers = await times(40, turn => forToken(behindProxy, guessAt(provider.name), `198.51.100.${turn}, ${stranger}, 10.0.0.1`))
    expect(statuses(answers)).toEqual({ 401: 10, 429: 30 })
    expect((await forToken(behindProxy, provider, partner)).status).toBe(200)
    expect((await forToken(behindProxy, provider, stranger)).status).toBe(429)
  })

  test('whoever is no trusted proxy changes nothing with the header', async () => {
    const name = somebody()
    const answers = await times(40, () => forToken(alone, guessAt(name), newAddress()))
    expect(statuses(answers)).toEqual({ 401: 10, 429: 30 })
  })
})

describe('slow hashes', () => {
  test('an operator, somebody unknown and a partner’s person hear the same of a wrong password, after the same work', async () => {
    const { email, password } = behindProxy.firstSteps.portalUsers.partner
    await behindProxy.backOffice.addPerson(behindProxy.firstSteps.customer.organisation.name, 'no.password@north.example')
    const heard = []
    for (const person of [
      guessAt(operator(behindProxy).name),
      guessAt(somebody()),
      guessAt(''),
      guessAt('no.password@north.example'),
      { name: 'no.password@north.example', secret: '' },
      guessAt(email),
      { name: email, secret: password },
    ]) {
      const before = await hashes(behindProxy)
      const { status, headers, body } = await asOperator(behindProxy, person, newAddress())
      const work = (await hashes(behindProxy)) - before
      heard.push({ status, body, challenge: headers.get('www-authenticate'), work })
    }
    expect(new Set(heard.map(one => JSON.stringify(one))).size).toBe(1)
    expect(heard[0]).toMatchObject({ status: 401, work: 1, body: { error: { message: 'The e-mail address or the password is wrong.' } } })
  })

  test('an operator at work is hashed once; a new password ends the old one at once', async () => {
    const person = { name: 'second@operator.example', secret: 'the word of the second one' }
    expect((await alone.changeAsOperator('POST', '/operator/people', { email: person.name, password: person.secret })).status).toBe(200)
    const address = newAddress()
    const before = await hashes(behindProxy)
    for (let turn = 0; turn < 15; turn++) expect((await asOperator(behindProxy, person, address)).status).toBe(200)
    expect((await hashes(behindProxy)) - before).toBe(1)
    const other = operator(behindProxy)
    await database.query(
      'update exchange.person set password_argon2 = (select password_argon2 from exchange.person where email = $2) where email = $1',
      [person.name, other.name],
    )
    expect((await asOperator(behindProxy, person, address)).status).toBe(401)
    expect((await asOperator(behindProxy, { ...person, secret: other.secret }, address)).status).toBe(200)
  })

  test('while guesses keep the hash busy a ticket with a file waits for none of them, and an operator who is known goes first', async () => {
    const home = newAddress()
    const known = operator(behindProxy)
    expect((await asOperator(behindProxy, known, home)).status).toBe(200)
    await behindProxy.partner('customer').token()
    let over = false
    const heard: Answer[] = []
    const attackers = times(60, async () => {
      while (!over) heard.push(await asOperator(behindProxy, guessAt(somebody()), newAddress()))
    })
    while (!heard.some(one => one.status === 503)) await new Promise(done => setTimeout(done, 10))
    const before = await hashes(behindProxy)
    const filed = await behindProxy
      .partner('customer')
      .fileTicket({ attachments: [carried({ name: 'log.txt', bytes: Buffer.from('file') })] })
    const meanwhile = (await hashes(behindProxy)) - before
    const wrongAtHome = await asOperator(behindProxy, guessAt(known.name), home)
    over = true
    await attackers
    expect(filed.status, JSON.stringify(filed.body)).toBe(200)
    // A file is written in several steps. On the threads that hash each of them would wait for a whole queue of 32.
    expect(meanwhile).toBeLessThan(32)
    expect(wrongAtHome.status).toBe(401)
    expect(new Set(heard.map(one => one.status))).toEqual(new Set([401, 503]))
    const busy = heard.find(one => one.status === 503)!
    expect(busy.body.error).toMatchObject({ code: 'exchange_unavailable', message: 'Too many people are signing in at this moment.' })
    expect(Number(busy.headers.get('retry-after'))).toBeGreaterThan(0)
  })
})
