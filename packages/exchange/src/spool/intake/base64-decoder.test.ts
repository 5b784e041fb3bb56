import { describe, expect, it } from 'vitest'
import { Base64Decoder } from './base64-decoder.ts'
import { seeded, seededBytes } from './testing.ts'

const PATH = 'attachments[0].content'
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

function decode(...pieces: (string | Buffer)[]): Buffer {
  const decoder = new Base64Decoder(PATH)
  const bytes = pieces.map(piece => Buffer.from(decoder.decode(Buffer.from(piece as string, 'latin1'))))
  decoder.finish()
  return Buffer.concat(bytes)
}

const refused = expect.objectContaining({ reason: 'invalid-base64', path: PATH })

describe('the base64 decoder', () => {
  it('decodes every length in pieces of every size', () => {
    for (let length = 0; length < 40; length++) {
      const bytes = seededBytes(length)
      const text = bytes.toString('base64')
      for (let size = 1; size <= text.length + 1; size++)
        expect(decode(...(text.match(new RegExp(`.{1,${size}}`, 'g')) ?? []))).toEqual(bytes)
    }
  })

  it('decodes random bytes in random pieces', () => {
    const random = seeded(3)
    for (let round = 0; round < 100; round++) {
      const bytes = seededBytes(random() * 5_000, round)
      const text = bytes.toString('base64')
      const pieces: string[] = []
      for (let at = 0, next = 0; at < text.length; at = next) {
        next = at + Math.floor(random() * 700)
        pieces.push(text.slice(at, next))
      }
      expect(decode(...pieces)).toEqual(bytes)
    }
  })

  it('accepts 64 characters and no other, at each place of a group, in short and in long texts', () => {
    const accepted = (text: Buffer) => {
      try {
        return decode(text).length > 0
      } catch {
        return false
      }
    }
    for (const length of [4, 64, 4_096])
      for (let place = 0; place < 4; place++) {
        const good: string[] = []
        for (let byte = 0; byte < 256; byte++) {
          const text = Buffer.alloc(length, 'A')
          text[length / 2 - ((length / 2) % 4) + place] = byte
          if (byte !== 0x3d && accepted(text)) good.push(String.fromCharCode(byte))
        }
        expect(good.sort()).toEqual([...ALPHABET].sort())
      }
  })

  it.each([
    ['a space', 'QUJD REVG'],
    ['a newline', 'QUJD\nREVG'],
    ['a newline at the end', 'QUJDREVG\n'],
    ['a newline after the padding', 'QQ==\n'],
    ['four spaces', '    '],
    ['the hyphen of url-safe base64', 'QUJ-'],
    ['the underscore of url-safe base64', 'QUJ_'],
    ['no padding', 'QUJDRA'],
    ['no padding for one character', 'QUI'],
    ['one character', 'Q'],
    ['half of the padding', 'QQ='],
    ['too much padding', 'QUI=='],
    ['a whole group of padding', 'QUJD===='],
    ['three of padding', 'Q==='],
    ['only padding', '===='],
    ['one padding', '='],
    ['padding in the middle', 'QQ==QUJD'],
    ['padding inside a group', 'QQ=A'],
    ['padding first', '=QQQ'],
    ['bits that are not zero before one padding', 'QUJ='],
    ['bits that are not zero before two paddings', 'QR=='],
    ['a data address', 'data:text/plain;base64,QUJD'],
    ['a letter that is not ASCII', 'QUJ\u00e9'],
    ['a null byte', 'QUJ\0'],
  ])('refuses %s', (_, text) => {
    expect(() => decode(text)).toThrow(refused)
    expect(() => decode(...text)).toThrow(refused)
    expect(() => decode('QUJD'.repeat(500) + text)).toThrow(refused)
  })

  it('agrees with the canonical form for every last group', () => {
    for (const first of ALPHABET)
      for (const second of ALPHABET) {
        const group = `${first}${second}==`
        const canonical = Buffer.from(group, 'base64').toString('base64') === group
        if (canonical) expect(decode(group)).toHaveLength(1)
        else expect(() => decode(group)).toThrow(refused)
      }
  })

  it('says which character is the fault', () => {
    expect(() => decode('QUJD', 'QUJDQU', 'J\t')).toThrow(
      'attachments[0].content is not base64 (RFC 4648, section 4): character 12 is "\\t"',
    )
  })
})
