import { hash, randomBytes } from 'node:crypto'

/** A key that saved credentials are sealed with. */
export interface Key {
  /** Names it without giving it away; stands beside each text that it sealed. */
  readonly id: string
  readonly bytes: Buffer
}

/** New texts are sealed with the first; texts of the others can still be opened. */
export type Keys = readonly [Key, ...Key[]]

const BYTES = 32

export const newKey = (): Key => keyOf(randomBytes(BYTES))

/**
 * Reads base64 of 32 bytes, standard or URL-safe; undefined when it is something else.
 * @example
 * readKey('too short') // → undefined
 * readKey('A'.repeat(43) + '=').bytes.length // → 32
 */
export function readKey(text: string): Key | undefined {
  const trimmed = text.trim()
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(trimmed)) return undefined
  const bytes = Buffer.from(trimmed, 'base64')
  return bytes.length === BYTES ? keyOf(bytes) : undefined
}

export const writeKey = ({ bytes }: Key): string => bytes.toString('base64')

function keyOf(bytes: Buffer): Key {
  return { id: hash('sha256', Buffer.concat([Buffer.from('deskbridge key id '), bytes])).slice(0, 12), bytes }
}
