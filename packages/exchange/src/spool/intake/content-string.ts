import { malformed } from './intake-errors.ts'
import { hexDigit, SIMPLE_ESCAPES } from './json-string.ts'

const QUOTE = 0x22
const BACKSLASH = 0x5c
const SLASH = 0x2f
const UNICODE_ESCAPE = 0x75
/** In bytes, and what Node reads from a socket at once. 16 KiB and 256 KiB take the same time; larger parts hold others up longer. */
const PART = 64 * 1024
/** Stands for any character that no byte can hold; it is in no alphabet of base64. */
const NO_BASE64 = 0xff
/** How far an escape has come: nothing, the backslash, `\u` and no to three digits. */
const NONE = 0
const STARTED = 1
const FIRST_DIGIT = 2
const LAST_DIGIT = 5

/** Takes the JSON string of a `content` apart, from after its opening quote, without ever holding the whole of it. */
export class ContentString {
  /** The characters of the last part, free of escapes; valid until the next one is taken. */
  text: Buffer = Buffer.alloc(0)
  /** Whether the closing quote has come. */
  closed = false
  /** How many bytes of the body were taken, with the closing quote. */
  length = 0
  readonly #start: number
  #escape = NONE
  #code = 0
  #unescaped: Buffer | undefined

  /** @param start the position in the body of the first byte after the opening quote. */
  constructor(start: number) {
    this.#start = start
  }

  /** Takes at most 64 KiB from `bytes[from]` and returns the index after what it took. */
  take(bytes: Buffer, from: number): number {
    const part = bytes.subarray(from, from + PART)
    const quote = part.indexOf(QUOTE)
    const end = quote < 0 ? part.length : quote
    const backslash = part.indexOf(BACKSLASH)
    const escaped = backslash >= 0 && backslash < end
    const quick = this.#escape === NONE && (!escaped || this.#unescapeSlashes(part, end))
    if (quick) {
      if (!escaped) this.text = part.subarray(0, end)
      this.closed = quote >= 0
    }
    const taken = quick ? end + (this.closed ? 1 : 0) : this.#unescape(part)
    this.length += taken
    return from + taken
  }

  /**
   * PHP escapes every slash and nothing else. Where no backslash is left over, every one belonged to a slash, and the
   * quote behind the part is not escaped either. Measured for 80 MB: 0.2 s more than without; byte by byte 0.5 s.
   */
  #unescapeSlashes(part: Buffer, end: number): boolean {
    const text = part.toString('latin1', 0, end).replaceAll('\\/', '/')
    if (text.includes('\\')) return false
    this.text = Buffer.from(text, 'latin1')
    return true
  }

  /** Byte by byte, for all other escapes and for one that the end of a part has cut. */
  #unescape(part: Buffer): number {
    this.#unescaped ??= Buffer.allocUnsafeSlow(PART)
    const into = this.#unescaped
    const position = this.#start + this.length
    let length = 0
    let at = 0
    for (; at < part.length && !this.closed; at++) {
      const byte = part[at]!
      if (this.#escape !== NONE) {
        const character = this.#escaped(byte, position + at)
        if (character >= 0) into[length++] = character
      } else if (byte === BACKSLASH) this.#escape = STARTED
      else if (byte === QUOTE) this.closed = true
      else into[length++] = byte
    }
    this.text = into.subarray(0, length)
    return at
  }

  /** What the escape stands for, or -1 while it goes on. */
  #escaped(byte: number, position: number): number {
    if (this.#escape === STARTED) {
      if (byte === UNICODE_ESCAPE) {
        this.#escape = FIRST_DIGIT
        this.#code = 0
        return -1
      }
      this.#escape = NONE
      return simpleEscape(byte, position)
    }
    const digit = hexDigit(byte)
    if (digit < 0) throw malformed('\\u must be followed by four hexadecimal digits', position)
    this.#code = this.#code * 16 + digit
    this.#escape++
    if (this.#escape <= LAST_DIGIT) return -1
    this.#escape = NONE
    return Math.min(this.#code, NO_BASE64)
  }
}

function simpleEscape(byte: number, position: number): number {
  if (byte === SLASH) return SLASH
  if (!SIMPLE_ESCAPES.has(byte)) throw malformed('an unknown escape in a string', position - 1)
  // A quote, a backslash or a control character: legal JSON, and no base64 whichever it is.
  return NO_BASE64
}
