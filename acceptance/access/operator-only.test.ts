import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, expect, test } from 'vitest'
import { startSystem } from '../system/start-system.ts'

const system = await startSystem()
afterAll(() => system.end())

/** The published face of every operation, so that a door that comes later is tried too. */
const published = new URL('../../docs/reference/golden/operations/', import.meta.url)
const DOORS = readdirSync(published)
  .map(file => JSON.parse(readFileSync(new URL(file, published), 'utf8')) as { method: string; path: string; access: string })
  .filter(({ access }) => access === 'operator')

const ask = async (method: string, path: string, headers: Record<string, string> = {}) => {
  const body = method === 'GET' || method === 'DELETE' ? {} : { body: '{}' }
  const address = system.firstSteps.exchange + path.replace(/[:{]\w+}?/g, 'x')
  const answer = await fetch(address, { method, headers: { 'content-type': 'application/json', ...headers }, ...body })
  return { status: answer.status, text: await answer.text() }
}

test('the operator has doors of its own', () => expect(DOORS.length).toBeGreaterThan(15))

test.each(DOORS)('$method $path opens to nobody, no partner and no person of an instance', async ({ method, path }) => {
  const { customer, instances, portalUsers } = system.firstSteps
  const basic = (name: string, password: string) => `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`
  const keys = [
    undefined,
    `Bearer ${await system.partner('customer').token()}`,
    basic(customer.clientId, customer.clientSecret),
    basic(instances.sandbox.username!, instances.sandbox.password!),
    basic(portalUsers.operator.email, 'a guess'),
    basic(portalUsers.partner.email, portalUsers.partner.password),
  ]
  for (const authorization of keys) {
    const { status, text } = await ask(method, path, authorization ? { authorization } : {})
    expect([401, 429], text).toContain(status)
    expect(text).not.toContain('result')
  }
})
