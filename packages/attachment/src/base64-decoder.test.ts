import { describe, expect, it } from 'vitest'
import { Base64Decoder, NotBase64 } from './base64-decoder.ts'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

function decode(...pieces: (string | Buffer)[]): Buffer {
  const decoder = new Base64Decoder()
  const bytes = pieces.map(piece => Buffer.from(decoder.decode(Buffer.from(piece as string))))
  decoder.finish()
  return Buffer.concat(bytes)
}

/** Random numbers and bytes that are the same in each run (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const seededBytes = (length: number, random = seeded(1)) => Buffer.from(Array.from({ length }, () => random() * 256))

/** As encoders break lines, and as people indent. */
const LINES = {
  openssl: [64, '\n'],
  coreutils: [76, '\n'],
  'Java, Python and .NET': [76, '\r\n'],
  indented: [60, '\n\t    '],
  odd: [61, ' '],
} as const
const inLines = (text: string, [length, mark]: readonly [number, string]) => text.replace(new RegExp(`.{${length}}`, 'g'), `$&${mark}`)

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
      const bytes = seededBytes(random() * 5_000, random)
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
    ['a form feed', 'QUJD\fREVG'],
    ['a no-break space', 'QUJD\u00a0REVG'],
    ['padding, a line break and more', 'QQ==\nQUJD'],
    ['no padding but a line break', 'QUJDRA\n'],
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
    expect(() => decode(text)).toThrow(NotBase64)
    expect(() => decode(...text)).toThrow(NotBase64)
    expect(() => decode('QUJD'.repeat(500) + text)).toThrow(NotBase64)
  })

  it('agrees with the canonical form for every last group', () => {
    for (const first of ALPHABET)
      for (const second of ALPHABET) {
        const group = `${first}${second}==`
        const canonical = Buffer.from(group, 'base64').toString('base64') === group
        if (canonical) expect(decode(group)).toHaveLength(1)
        else expect(() => decode(group)).toThrow(NotBase64)
      }
  })

  it.each(Object.entries(LINES))('takes lines as of %s, cut anywhere', (_, lines) => {
    const bytes = seededBytes(500)
    const text = inLines(bytes.toString('base64'), lines)
    expect(decode(text)).toEqual(bytes)
    expect(decode(`${text}\r\n`)).toEqual(bytes)
    expect(decode(...text)).toEqual(bytes)
    for (let at = 0; at < text.length; at++) expect(decode(text.slice(0, at), text.slice(at))).toEqual(bytes)
  })

  it('takes blanks alone for an empty file, and no flood of them', () => {
    expect(decode(' \t\r\n')).toHaveLength(0)
    expect(decode('QUJD'.repeat(1_000) + '\n'.repeat(4_000))).toHaveLength(3_000)
    expect(() => decode(...Array.from({ length: 20 }, () => ' '.repeat(100)))).toThrow('it has more blanks than characters')
    expect(() => decode('QUJD', ' '.repeat(2_000), 'QUJD')).toThrow('it has more blanks than characters')
  })

  it.each([
    ['QUJDQUJDQUJ*', 'character 12 is "*"'],
    ['QUJD\r\nQUJD\n-UJD', 'character 12 is "-"'],
    ['data:text/plain;base64,QUJD', 'character 5 is ":"'],
    ['QUJ\0', 'character 4 is "\\u0000"'],
    ['QUJDé', 'character 5 is "é" (U+00E9)'],
    ['QUJD\u00a0QUJD', 'character 5 is "\u00a0" (U+00A0)'],
    ['QU\n漢JDQUJD', 'character 4 is "漢" (U+6F22)'],
    ['QUJD😀😀', 'character 5 is "😀" (U+1F600)'],
    ['\ufffdQUJ', 'character 1 is "\ufffd" (U+FFFD)'],
    ['QUJDRA', 'its length is not a multiple of four'],
    ['QQ==QUJD', 'its padding is wrong'],
    ['QQ==\nQQ==', 'its padding is wrong'],
  ])('says which character of %j is the fault', (text, why) => {
    const message = `is not base64 (RFC 4648, section 4): ${why}`
    expect(() => decode(text)).toThrow(message)
    // In single bytes: a character is named when all of it has come.
    if (!why.includes('padding')) expect(() => decode(...Array.from(Buffer.from(text), byte => Buffer.of(byte)))).toThrow(message)
  })

  it('says so of bytes that are no character', () => {
    expect(() => decode('QUJD', Buffer.of(0xe9), 'RA==')).toThrow('character 5 is the byte 0xe9, which is not UTF-8')
    expect(() => decode('QUJD', Buffer.of(0xc3))).toThrow('character 5 is the byte 0xc3, which is not UTF-8')
  })
})
