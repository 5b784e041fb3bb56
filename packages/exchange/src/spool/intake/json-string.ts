import { isUtf8 } from 'node:buffer'
import { malformed } from './intake-errors.ts'

const QUOTE = 0x22
const BACKSLASH = 0x5c
const SPACE = 0x20
/** `"`, `/`, `\`, b, f, n, r, t and u: the characters that may follow a backslash (RFC 8259, section 7). */
const SIMPLE_ESCAPES = new Set(Buffer.from('"/\\bfnrt'))
const UNICODE_ESCAPE = 0x75
const REPLACEMENT = '\uFFFD'

/**
 * Reads one JSON string that may be cut anywhere by the end of a chunk. It remembers how far it has looked, so a long
 * string in many small chunks is looked at once and not once per chunk.
 */
export class JsonString {
  /** The characters of the string, once `read` has found its end. */
  value = ''
  #scanned = 0
  #ascii = true
  #escaped = false

  /**
   * @param start the index of the opening quote; `base` is the position of `bytes[0]` in the body.
   * @returns the index after the closing quote, or -1 when the string goes on after these bytes.
   */
  read(bytes: Buffer, start: number, base: number): number {
    const end = bytes.length
    for (let at = start + 1 + this.#scanned; at < end; at++) {
      const byte = bytes[at]!
      if (byte === QUOTE) return this.#finish(bytes, start, at, base)
      if (byte === BACKSLASH) {
        const length = escapeLength(bytes, at, base)
        if (length === 0) return this.#wait(at - start - 1)
        this.#escaped = true
        at += length - 1
      } else if (byte < SPACE) throw malformed('a control character in a string', base + at)
      else if (byte > 0x7f) this.#ascii = false
    }
    return this.#wait(end - start - 1)
  }

  #wait(scanned: number): number {
    this.#scanned = scanned
    return -1
  }

  #finish(bytes: Buffer, start: number, quote: number, base: number): number {
    if (this.#ascii) this.value = bytes.toString('latin1', start + 1, quote)
    else {
      const inner = bytes.subarray(start + 1, quote)
      if (!isUtf8(inner)) throw malformed('not UTF-8', base + start + 1 + firstInvalidUtf8(inner))
      this.value = inner.toString('utf8')
    }
    if (this.#escaped) {
      // The escapes were checked one by one above, so the engine's own reader only has to translate them.
      this.value = JSON.parse(`"${this.value}"`) as string
      if (!this.value.isWellFormed()) throw malformed('half of a surrogate pair in a string', base + start)
    }
    this.#scanned = 0
    this.#ascii = true
    this.#escaped = false
    return quote + 1
  }
}

/** The length of the escape that starts at `at`, or 0 when it is cut by the end of the bytes. */
function escapeLength(bytes: Buffer, at: number, base: number): number {
  if (at + 1 >= bytes.length) return 0
  const kind = bytes[at + 1]!
  if (SIMPLE_ESCAPES.has(kind)) return 2
  if (kind !== UNICODE_ESCAPE) throw malformed('an unknown escape in a string', base + at)
  for (let digit = at + 2; digit < at + 6; digit++) {
    if (digit >= bytes.length) return 0
    if (hexDigit(bytes[digit]!) < 0) throw malformed('\\u must be followed by four hexadecimal digits', base + at)
  }
  return 6
}

/** What a hexadecimal digit stands for, or -1. */
export function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const letter = byte | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1
}

/** A lenient decoder puts U+FFFD for each fault; the first one that the text did not bring itself is the fault. */
function firstInvalidUtf8(bytes: Buffer): number {
  const text = bytes.toString('utf8')
  let position = 0
  for (let from = 0; ; ) {
    const found = text.indexOf(REPLACEMENT, from)
    if (found < 0) return position
    position += Buffer.byteLength(text.slice(from, found))
    if (bytes.toString('latin1', position, position + 3) !== '\u00ef\u00bf\u00bd') return position
    position += 3
    from = found + 1
  }
}
