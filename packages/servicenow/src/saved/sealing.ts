import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { KeyProblem } from './key-problem.ts'
import type { Keys } from './keys.ts'

/**
 * AES-256-GCM with a random 96-bit nonce: `dk1.<key id>.<nonce>.<ciphertext and tag>`, base64url. Sealed for one place: in another
 * row, or beside another address, it does not open, so that whoever may write the storage cannot send a password elsewhere.
 */
const FORMAT = 'dk1'
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** Seals a text with the key in use, for one place. */
export function seal([{ id, bytes }]: Keys, text: string, place: string): string {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', bytes, nonce).setAAD(Buffer.from(`${FORMAT}.${id}.${place}`))
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
  return [FORMAT, id, nonce.toString('base64url'), sealed.toString('base64url')].join('.')
}

/** @throws KeyProblem when the key is another one, or anything was changed since it was sealed. */
export function open(keys: Keys, sealedText: string, place: string): string {
  const [format, id = '', nonce = '', sealed = '', ...more] = sealedText.split('.')
  if (format !== FORMAT || more.length > 0) throw new KeyProblem('This is not a text that Deskbridge has sealed.')
  const key = keys.find(one => one.id === id)
  if (!key) {
    throw new KeyProblem(
      `It was sealed with the key ${id}, but the key here is ${keys.map(one => one.id).join(' and ')}. Give the right key in DESKBRIDGE_KEY, or bring the key file back from a backup.`,
    )
  }
  const bytes = Buffer.from(sealed, 'base64url')
  try {
    if (bytes.toString('base64url') !== sealed) throw new Error('not as it was written')
    const decipher = createDecipheriv('aes-256-gcm', key.bytes, Buffer.from(nonce, 'base64url'), { authTagLength: TAG_BYTES })
    decipher.setAAD(Buffer.from(`${FORMAT}.${id}.${place}`)).setAuthTag(bytes.subarray(-TAG_BYTES))
    return Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()]).toString('utf8')
  } catch {
    throw new KeyProblem('It was changed after it was sealed, or moved here from another connection. Save the credentials again.')
  }
}

/** Whether it was sealed with another key than the one in use. */
export const isSealedWithOlder = (keys: Keys, sealedText: string): boolean => !sealedText.startsWith(`${FORMAT}.${keys[0].id}.`)
