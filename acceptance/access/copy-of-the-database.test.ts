import { afterAll, beforeAll, expect, test } from 'vitest'
import { type StartedSystem, startSystem } from '../system/start-system.ts'

let system: StartedSystem
beforeAll(async () => {
  system = await startSystem()
})
afterAll(() => system?.end())

test('a copy of the database has no secret, token or password of the exchange in it, but what they are compared with', async () => {
  const { firstSteps, backOffice } = system
  const token = await system.partner('customer').token()
  const { customer, otherCustomer, provider, productionCustomer, portalUsers } = firstSteps
  const made = { name: 'kept as a hash', scope: 'read', seconds: 3_600 }
  const operatorToken = (await system.changeAsOperator('POST', '/operator/tokens', made)).body.token as string
  const secrets = [
    token,
    operatorToken,
    operatorToken.replace('dbo_', ''),
    ...[customer, otherCustomer, provider, productionCustomer].map(({ clientSecret }) => clientSecret),
    ...Object.values(portalUsers).map(({ password }) => password),
  ]
  const copy = await backOffice.everythingIn('exchange')
  for (const name of [customer.clientId, made.name]) expect(copy).toContain(name)
  for (const secret of secrets) for (const form of [secret, Buffer.from(secret).toString('hex')]) expect(copy).not.toContain(form)
  const hashes = await backOffice.passwordHashes()
  expect(hashes.length).toBeGreaterThan(0)
  for (const hash of hashes) expect(hash).toMatch(/^\$argon2id\$/)
})
