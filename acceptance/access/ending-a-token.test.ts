import { afterAll, expect, test } from 'vitest'
import { ask, basic } from '../system/answer.ts'
import { startSystem } from '../system/start-system.ts'

const system = await startSystem()
afterAll(() => system.end())
const customer = system.partner('customer')
const { exchange, otherCustomer } = system.firstSteps

const end = (client: { clientId: string; clientSecret: string }, token: string) =>
  ask(`${exchange}/oauth/client_credential/revoketoken`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ client_id: client.clientId, client_secret: client.clientSecret, token }).toString(),
  })

test('only its owner ends a token, and then it is worth nothing at once', async () => {
  const token = await customer.token()
  expect((await customer.listOpenTickets()).status).toBe(200)
  expect((await end({ ...customer.access, clientSecret: 'wrong' }, token)).status).toBe(401)
  // RFC 7009, section 2.2: a token that is not the caller's is answered 200, and nothing happens to it.
  expect((await end(otherCustomer, token)).status).toBe(200)
  expect((await customer.listOpenTickets()).status).toBe(200)
  expect((await end(customer.access, token)).status).toBe(200)
  expect((await customer.listOpenTickets()).status).toBe(401)
})

test('a program that asks for a token before each call has a thousand at most: then the oldest ends', async () => {
  const { clientId, clientSecret } = otherCustomer
  const grant = new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret }).toString()
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const newToken = async () => (await ask(system.firstSteps.tokenUrl, { method: 'POST', headers, body: grant })).body.access_token as string
  const listWith = async (token: string) =>
    (
      await ask(`${system.firstSteps.connectBaseUrl}/ListOpenTickets`, {
        method: 'GET',
        headers: { authorization: `Bearer ${token}` },
      })
    ).status
  const [oldest, second] = [await newToken(), await newToken()]
  for (let left = 998; left > 0; left -= 27) await Promise.all(Array.from({ length: Math.min(left, 27) }, newToken))
  const newest = await newToken()
  expect([await listWith(oldest), await listWith(second), await listWith(newest)]).toEqual([401, 200, 200])
}, 60_000)

test('after ten wrong passwords of an operator in a minute, even the right one has to wait', async () => {
  const { email, password } = system.firstSteps.portalUsers.operator
  const signIn = (given: string) =>
    ask(`${exchange}/operator/unanswered`, { method: 'GET', headers: { authorization: basic(email, given) } })
  for (let turn = 0; turn < 10; turn++) expect((await signIn('guessed')).status).toBe(401)
  const { status, body } = await signIn(password)
  expect([status, body.error.code]).toEqual([429, 'too_many_wrong_secrets'])
})
