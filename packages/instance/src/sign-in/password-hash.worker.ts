import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto'

const LENGTH = 32

/** A salted scrypt hash. It is slow on purpose (about 25 ms). */
export function hash(password: string): string {
  const salt = randomBytes(16)
  return `scrypt$${salt.toString('hex')}$${scryptSync(password, salt, LENGTH).toString('hex')}`
}

/** For users who are not there or have no password: theirs takes as long as anybody's, and is always wrong. */
const nobodys = hash(randomBytes(LENGTH).toString('hex'))

/** Whether a password is the one that was hashed; takes as long where there is no hash. */
export function matches({ password, stored }: { password: string; stored: string }): boolean {
  const known = stored.startsWith('scrypt$')
  const [, salt = '', expected = ''] = (known ? stored : nobodys).split('$')
  const right = timingSafeEqual(scryptSync(password, Buffer.from(salt, 'hex'), LENGTH), Buffer.from(expected, 'hex'))
  return right && known
}
