import { IntakeError } from './intake-errors.ts'

const EQUALS = 0x3d
const HYPHEN = 0x2d
const UNDERSCORE = 0x5f
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
/** The bits of the last character before the padding that no byte uses: two with `=`, four with `==`. */
const UNUSED_BITS = [0, 0b11, 0b1111]

/**
 * Decodes standard base64 (RFC 4648, section 4) piece by piece, and refuses what Node's decoder would pass over.
 *
 * Node ignores every character that it does not know, so each group is held against the length it must give: one
 * character too few always shows. What Node knows and the standard alphabet does not (`-`, `_`) is looked for.
 * Measured for 80 MB: 29 ms in all, 5 of them for that look.
 */
export class Base64Decoder {
  readonly #path: string
  readonly #held = Buffer.alloc(4)
  #heldLength = 0
  #padded = false
  #characters = 0
  #decoded = Buffer.alloc(0)

  /** @param path the member that an error names. */
  constructor(path: string) {
    this.#path = path
  }

  /** Decodes the next characters. The bytes returned are valid until the next call. */
  decode(text: Buffer): Buffer {
    const most = ((text.length + this.#heldLength) >> 2) * 3
    if (this.#decoded.length < most) this.#decoded = Buffer.allocUnsafeSlow(most)
    let at = 0
    let length = 0
    if (this.#heldLength > 0) {
      at = Math.min(4 - this.#heldLength, text.length)
      text.copy(this.#held, this.#heldLength, 0, at)
      this.#heldLength += at
      if (this.#heldLength < 4) return this.#decoded.subarray(0, 0)
      this.#heldLength = 0
      length = this.#groups(this.#held, 0)
    }
    const whole = at + ((text.length - at) & ~3)
    if (whole > at) length += this.#groups(text.subarray(at, whole), length)
    text.copy(this.#held, 0, whole)
    this.#heldLength = text.length - whole
    return this.#decoded.subarray(0, length)
  }

  /** Says that no more characters come. */
  finish(): void {
    if (this.#heldLength === 0) return
    const rest = this.#held.subarray(0, this.#heldLength)
    throw this.#refused(this.#defect(rest) ?? 'its length is not a multiple of four')
  }

  #groups(text: Buffer, into: number): number {
    const length = text.length
    if (this.#padded) throw this.#refused('it goes on after the padding')
    const padding = text[length - 1] !== EQUALS ? 0 : text[length - 2] !== EQUALS ? 1 : 2
    const expected = (length >> 2) * 3 - padding
    const written = this.#decoded.write(text.toString('latin1'), into, 'base64')
    if (written !== expected || text.indexOf(HYPHEN) >= 0 || text.indexOf(UNDERSCORE) >= 0)
      throw this.#refused(this.#defect(text) ?? 'its padding is wrong')
    if (padding > 0) {
      this.#padded = true
      const last = ALPHABET.indexOf(String.fromCharCode(text[length - 1 - padding]!))
      if ((last & UNUSED_BITS[padding]!) !== 0) throw this.#refused('the unused bits of its last character are not zero')
    }
    this.#characters += length
    return written
  }

  /** The first character that is not of the alphabet. */
  #defect(text: Buffer): string | undefined {
    const found = text.findIndex(byte => byte !== EQUALS && !ALPHABET.includes(String.fromCharCode(byte)))
    if (found < 0) return undefined
    return `character ${this.#characters + found + 1} is ${JSON.stringify(String.fromCharCode(text[found]!))}`
  }

  #refused(why: string): IntakeError {
    return new IntakeError('invalid-base64', `${this.#path} is not base64 (RFC 4648, section 4): ${why}`, { path: this.#path })
  }
}
