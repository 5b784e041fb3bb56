import * as crypto from 'node:crypto'
import { expect, test, vi } from 'vitest'
import { isOneOf, randomSecret, sha256 } from './secrets.ts'

vi.mock('node:crypto', async load => {
  const real = await load<typeof crypto>()
  return { ...real, timingSafeEqual: vi.fn(real.timingSafeEqual) }
})
const compared = vi.mocked(crypto.timingSafeEqual)

/** The hash of a secret that tells on every comparison which ends at the first byte that differs. */
function hashThatIsOnlyComparedSlowly(secret: string): Buffer {
  const refused = () => {
    throw new Error('Compared in a time that tells how much of it was right')
  }
  return Object.assign(sha256(secret), { equals: refused, compare: refused, toString: refused, indexOf: refused })
}

test('a secret is held against each of its project’s, whichever is right, by a comparison that takes the same time', () => {
  const secrets = [randomSecret(), randomSecret(), randomSecret()]
  const hashes = secrets.map(hashThatIsOnlyComparedSlowly)
  for (const [sent, right] of [...secrets.map(secret => [secret, true] as const), [randomSecret(), false] as const]) {
    compared.mockClear()
    expect(isOneOf(sent, hashes)).toBe(right)
    expect(compared.mock.calls.map(([, other]) => hashes.indexOf(other as Buffer))).toEqual([0, 1, 2])
  }
})

test('a secret has 256 random bits', () => {
  const secrets = Array.from({ length: 1_000 }, () => Buffer.from(randomSecret(), 'base64url'))
  expect(new Set(secrets.map(secret => secret.toString('hex'))).size).toBe(1_000)
  // Each bit is there and is not there: one that never changes would be so by chance once in 2^999 times.
  for (let bit = 0; bit < 256; bit++) expect(new Set(secrets.map(secret => (secret[bit >> 3]! >> (bit & 7)) & 1)).size).toBe(2)
})
