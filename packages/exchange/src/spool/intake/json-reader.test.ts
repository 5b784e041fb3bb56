import { describe, expect, it } from 'vitest'
import { IntakeError } from './intake-errors.ts'
import { JsonReader } from './json-reader.ts'
import { seeded } from './testing.ts'

const SAMPLE = `{ "a" : [ 1 , -0.5e+3, 12 ], "tr\\u00fce": true, "é😀": "\\ud83d\\ude00 \\"q\\" \\/ \\n ü", "n": null, "o": {"f": false, "e": {}, "l": []} } `

function read(chunks: Uint8Array[], depth = 32): unknown {
  const reader = new JsonReader({ depth, leavesOut: () => false })
  for (const chunk of chunks) reader.read(Buffer.from(chunk))
  return reader.finish()
}

function parse(text: string | Uint8Array): unknown {
  return read([Buffer.from(text as string)])
}

function inPieces(bytes: Buffer, size: number): Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) => bytes.subarray(index * size, (index + 1) * size))
}

function refusal(text: string | Uint8Array): IntakeError {
  try {
    parse(text)
  } catch (error) {
    if (error instanceof IntakeError) return error
    throw error
  }
  throw new Error(`accepted: ${text}`)
}

describe('the JSON reader', () => {
  it('reads the same wherever a chunk ends', () => {
    const bytes = Buffer.from(SAMPLE)
    const expected = JSON.parse(SAMPLE)
    for (let cut = 0; cut <= bytes.length; cut++) expect(read([bytes.subarray(0, cut), bytes.subarray(cut)])).toEqual(expected)
    for (let size = 1; size < 12; size++) expect(read(inPieces(bytes, size))).toEqual(expected)
  })

  it('takes the bytes as they are at the time, since a source may use its buffer again', () => {
    const buffer = Buffer.alloc(1)
    const reader = new JsonReader({ depth: 32, leavesOut: () => false })
    for (const byte of Buffer.from('{"ab":"cd","n":12}')) {
      buffer[0] = byte
      reader.read(buffer)
    }
    expect(reader.finish()).toEqual({ ab: 'cd', n: 12 })
  })

  it.each([
    ['string', `"${'x'.repeat(250_000)}"`],
    ['number', `0.${'1'.repeat(250_000)}`],
    ['row of spaces', `${' '.repeat(250_000)}1`],
  ])('reads a long %s in one-byte chunks', (_, text) => {
    expect(read(inPieces(Buffer.from(text), 1))).toEqual(JSON.parse(text))
  })

  it('gives what JSON.parse gives, for random documents in random chunks', () => {
    const random = seeded(20_261)
    for (let round = 0; round < 1_500; round++) {
      const document = randomValue(random, 5)
      const text =
        random() < 0.5 ? JSON.stringify(document) : escaped(JSON.stringify(document, null, ' \t\r\n'.charAt(random() * 4)), random)
      const bytes = Buffer.from(text)
      expect(read(inPieces(bytes, 1 + Math.floor(random() * 40)))).toStrictEqual(JSON.parse(text))
    }
  })

  it('accepts and refuses what JSON.parse does, for thousands of damaged documents', () => {
    const random = seeded(7)
    const pieces = ['"', '\\', '{', '}', '[', ']', ',', ':', '0', '-', '.', 'e', '\n', '\u0001', 'true', 'nul', '\\u12', ' ', 'é', '']
    let accepted = 0
    for (let round = 0; round < 6_000; round++) {
      let text = JSON.stringify(randomValue(random, 4))
      for (let damage = 1 + Math.floor(random() * 2); damage > 0; damage--) {
        const at = Math.floor(random() * (text.length + 1))
        text = text.slice(0, at) + pieces[Math.floor(random() * pieces.length)] + text.slice(at + Math.floor(random() * 2))
      }
      const damaged = text.toWellFormed()
      const theirs = outcome(() => JSON.parse(damaged))
      const ours = outcome(() => read(inPieces(Buffer.from(damaged), 1 + Math.floor(random() * 9))))
      if (theirs.refused) expect(ours.refused, damaged).toBeTruthy()
      else if (!ours.refused) expect(ours.value, damaged).toStrictEqual(theirs.value)
      // Stricter than JSON.parse in two points only: a name that is there twice, and half of a surrogate pair.
      else expect(ours.refused, damaged).toMatch(/is there twice|surrogate pair/)
      if (!theirs.refused) accepted++
    }
    expect(accepted).toBeGreaterThan(500)
  })

  it.each([
    ['nothing', ''],
    ['only spaces', ' \n'],
    ['a second value', '{} {}'],
    ['a comma before the end of an object', '{"a":1,}'],
    ['a comma before the end of a list', '[1,]'],
    ['a comma first', '[,1]'],
    ['no comma', '[1 2]'],
    ['no colon', '{"a" 1}'],
    ['two colons', '{"a"::1}'],
    ['a name without quotes', '{a:1}'],
    ['a name that is a number', '{1:1}'],
    ['single quotes', "{'a':1}"],
    ['a list closed as an object', '[1}'],
    ['an object closed as a list', '{"a":1]'],
    ['an object closed after a name', '{"a"}'],
    ['an object closed after a colon', '{"a":}'],
    ['an end without a start', ']'],
    ['an open list', '[1'],
    ['an open string', '"abc'],
    ['an open escape', '"abc\\'],
    ['a leading zero', '01'],
    ['a plus', '+1'],
    ['a lone minus', '-'],
    ['a point without digits', '1.'],
    ['a point first', '.5'],
    ['an exponent without digits', '1e'],
    ['hexadecimal', '0x10'],
    ['NaN', 'NaN'],
    ['Infinity', '-Infinity'],
    ['a cut literal', 'tru'],
    ['a wrong literal', 'nulL'],
    ['a literal that goes on', 'truely'],
    ['a comment', '{} // end'],
    ['a raw newline in a string', '"a\nb"'],
    ['a raw null byte in a string', '"a\0b"'],
    ['an unknown escape', '"\\x41"'],
    ['a short unicode escape', '"\\u12"'],
    ['a unicode escape that is not hexadecimal', '"\\u12g4"'],
    ['a vertical tab between values', '[1,\v2]'],
    ['a no-break space between values', '[1,\u00a02]'],
    ['a high surrogate alone', '"\\ud83d"'],
    ['a low surrogate alone', '"\\ude00"'],
    ['surrogates the wrong way round', '"\\ude00\\ud83d"'],
    ['half of a surrogate pair in a name', '{"\\ud83d":1}'],
  ])('refuses %s', (_, text) => {
    expect(refusal(text).reason).toBe('malformed-json')
    expect(() => read(inPieces(Buffer.from(text), 1))).toThrow(expect.objectContaining({ reason: 'malformed-json' }))
  })

  it('says at which byte the fault is', () => {
    expect(refusal('{"é": tru}')).toMatchObject({ position: 10, message: expect.stringContaining('byte 10') })
    expect(refusal('[1, 2').position).toBe(5)
    expect(refusal('["a\tb"]').position).toBe(3)
    expect(refusal(Buffer.from('5b22616263ff22', 'hex')).position).toBe(5)
  })

  it.each([
    ['a byte that starts nothing', 'ff'],
    ['a continuation byte alone', '80'],
    ['a cut character', 'e282'],
    ['an overlong slash', 'c0af'],
    ['a surrogate in UTF-8', 'eda080'],
    ['a character above U+10FFFF', 'f4908080'],
  ])('refuses UTF-8 with %s, at its byte', (_, hex) => {
    const bytes = Buffer.concat([Buffer.from('"é\uFFFD'), Buffer.from(hex, 'hex'), Buffer.from('"')])
    expect(refusal(bytes)).toMatchObject({ reason: 'malformed-json', position: 6 })
  })

  it('says that a byte order mark is the fault', () => {
    expect(refusal('\uFEFF{}')).toMatchObject({
      reason: 'malformed-json',
      position: 0,
      message: expect.stringContaining('byte order mark'),
    })
  })

  it.each([
    ['{"a":1,"a":1}', 'a'],
    ['{"a":1,"\\u0061":2}', 'a'],
    ['{"a":[{"b":1},{"b":{"c":1,"d":2,"c":3}}]}', 'a[1].b.c'],
    ['{"__proto__":1,"__proto__":2}', '__proto__'],
    ['{"toString":1,"toString":2}', 'toString'],
    ['{"a b":{"":1,"":2}}', '["a b"][""]'],
  ])('names the member that %s has twice', (text, path) => {
    expect(refusal(text)).toMatchObject({ reason: 'duplicate-key', path })
  })

  it('does not repeat a name of any length in its error', () => {
    const name = 'n'.repeat(10_000)
    expect(refusal(`{"${name}":1,"${name}":2}`).message.length).toBeLessThan(300)
  })

  it('lets the same name stand in two objects', () => {
    expect(parse('{"a":{"a":1},"b":[{"a":1},{"a":2}]}')).toEqual({ a: { a: 1 }, b: [{ a: 1 }, { a: 2 }] })
  })

  it('takes __proto__ for an ordinary name', () => {
    const document = parse('{"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}}}') as Record<string, unknown>
    expect(document.admin).toBeUndefined()
    expect(Object.getPrototypeOf(document)).toBe(Object.prototype)
    expect(Object.keys(document)).toEqual(['__proto__', 'constructor'])
    expect(({} as Record<string, unknown>).admin).toBeUndefined()
  })

  it('reads 32 levels and refuses 33', () => {
    expect(parse('['.repeat(32) + ']'.repeat(32))).toBeInstanceOf(Array)
    expect(refusal('['.repeat(33) + ']'.repeat(33))).toMatchObject({ reason: 'malformed-json', position: 32 })
    expect(refusal('{"a":'.repeat(100_000)).reason).toBe('malformed-json')
  })
})

interface Outcome {
  value?: unknown
  refused?: string
}

function outcome(job: () => unknown): Outcome {
  try {
    return { value: job() }
  } catch (error) {
    if (!(error instanceof IntakeError || error instanceof SyntaxError)) throw error
    return { refused: error.message }
  }
}

function randomValue(random: () => number, depth: number): unknown {
  const kind = Math.floor(random() * (depth > 0 ? 8 : 6))
  const length = Math.floor(random() * 5)
  if (kind === 0) return random() < 0.5
  if (kind === 1) return null
  if (kind === 2) return Math.floor((random() - 0.5) * 1e6)
  if (kind === 3) return (random() - 0.5) * 10 ** Math.floor(random() * 40 - 20)
  if (kind < 6) return randomText(random)
  if (kind === 6) return Array.from({ length }, () => randomValue(random, depth - 1))
  return Object.fromEntries(Array.from({ length }, () => [randomText(random), randomValue(random, depth - 1)]))
}

function randomText(random: () => number): string {
  const alphabet = [
    'a',
    'Z',
    '7',
    ' ',
    '"',
    '\\',
    '/',
    '\n',
    '\u0000',
    '\u007f',
    'é',
    '€',
    '😀',
    '\u2028',
    '\uFFFD',
    'content',
    '__proto__',
  ]
  return Array.from({ length: Math.floor(random() * 8) }, () => alphabet[Math.floor(random() * alphabet.length)]).join('')
}

/** Writes some letters of the strings as escapes, which changes the text and not its meaning. */
function escaped(text: string, random: () => number): string {
  return text.replaceAll(/[é€Z]|😀/gu, letter =>
    random() < 0.5
      ? letter
      : [...Array(letter.length).keys()].map(at => `\\u${letter.charCodeAt(at).toString(16).padStart(4, '0')}`).join(''),
  )
}
