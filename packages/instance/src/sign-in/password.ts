import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

const derive = promisify<string, Buffer, number, Buffer>(scrypt)
const LENGTH = 32

/** A salted scrypt hash. It is slow on purpose (about 25 ms); verified credentials are remembered in memory. */
export async function passwordHash(password: string): Promise<string> {
  const salt = randomBytes(16)
  return `scrypt$${salt.toString('hex')}$${(await derive(password, salt, LENGTH)).toString('hex')}`
}

export async function passwordMatches(password: string, stored: string): Promise<boolean> {
  const [kind, salt, expected] = stored.split('$')
  if (kind !== 'scrypt' || salt === undefined || expected === undefined) return false
  const key = Buffer.from(expected, 'hex')
  return key.length === LENGTH && timingSafeEqual(await derive(password, Buffer.from(salt, 'hex'), LENGTH), key)
}
