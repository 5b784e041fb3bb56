import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readOrMakeKeys } from './key-file.ts'
import { newKey, readKey, writeKey } from './keys.ts'
import { open, seal } from './sealing.ts'

const keys = [newKey()] as const
const PLACE = 'connection desk sandbox https://dev.example'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'deskbridge-keys-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

test('what was sealed can be opened, and the same text is never sealed the same way twice', () => {
  const texts = Array.from({ length: 50 }, () => seal(keys, 'pässword', PLACE))
  expect(new Set(texts).size).toBe(50)
  for (const text of texts) {
    expect(open(keys, text, PLACE)).toBe('pässword')
    expect(text).not.toContain('word')
    expect(Buffer.from(text.split('.').at(-1)!, 'base64url').toString('latin1')).not.toContain('word')
  }
})

test('a changed byte anywhere is refused', () => {
  const text = seal(keys, 'password', PLACE)
  for (let at = 0; at < text.length; at++) {
    const changed = text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1)
    expect(() => open(keys, changed, PLACE), changed).toThrow(/changed after it was sealed|sealed with the key|has sealed/)
  }
  for (const cut of [text.slice(0, -1), text.slice(0, -30), `${text}A`, '', 'dk1...']) expect(() => open(keys, cut, PLACE)).toThrow()
})

test('what is moved to another connection, environment or address does not open there', () => {
  const text = seal(keys, 'password', PLACE)
  for (const place of [PLACE.replace('desk', 'other'), PLACE.replace('sandbox', 'production'), PLACE.replace('dev.', 'evil.')])
    expect(() => open(keys, text, place)).toThrow(/changed after it was sealed, or moved/)
})

test('another key says which one it was sealed with, and that it is missing', () => {
  const other = newKey()
  expect(() => open([other], seal(keys, 'password', PLACE), PLACE)).toThrow(
    `It was sealed with the key ${keys[0].id}, but the key here is ${other.id}. Give the right key in DESKBRIDGE_KEY`,
  )
})

test('a key file is made on first need, for its owner alone, and stays', () => {
  const first = readOrMakeKeys(folder, {})
  expect(statSync(join(folder, 'connections.key')).mode & 0o777).toBe(0o600)
  expect(readOrMakeKeys(folder, {})[0].bytes).toEqual(first[0].bytes)
  expect(readdirSync(folder)).toEqual(['connections.key'])
  expect(readKey(readFileSync(join(folder, 'connections.key'), 'utf8'))?.id).toBe(first[0].id)
})

test('a key file that others may read is not used', () => {
  writeFileSync(join(folder, 'connections.key'), writeKey(newKey()), { mode: 0o644 })
  expect(() => readOrMakeKeys(folder, {})).toThrow(/Others may read the key file .*chmod 600/)
})

test.each(['', 'not a key', writeKey(newKey()).slice(4)])('a damaged key file is never replaced by a new key: "%s"', text => {
  writeFileSync(join(folder, 'connections.key'), text, { mode: 0o600 })
  expect(() => readOrMakeKeys(folder, {})).toThrow(/is damaged/)
  expect(readFileSync(join(folder, 'connections.key'), 'utf8')).toBe(text)
})

test('a key in the environment makes no file; a wrong one is told', () => {
  const key = newKey()
  expect(readOrMakeKeys(folder, { DESKBRIDGE_KEY: writeKey(key) })).toEqual([key])
  expect(readOrMakeKeys(folder, { DESKBRIDGE_KEY: writeKey(key), DESKBRIDGE_OLD_KEY: writeKey(keys[0]) })).toEqual([key, keys[0]])
  expect(readdirSync(folder)).toEqual([])
  expect(() => readOrMakeKeys(folder, { DESKBRIDGE_KEY: 'short' })).toThrow('DESKBRIDGE_KEY is not base64 of 32 bytes')
  expect(() => readOrMakeKeys(folder, { DESKBRIDGE_OLD_KEY: writeKey(key) })).toThrow(
    'DESKBRIDGE_OLD_KEY is set, but DESKBRIDGE_KEY is not.',
  )
})
