const EQUALS = 0x3d
const HYPHEN = 0x2d
const UNDERSCORE = 0x5f
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
/** The bits of the last character before the padding that no byte uses: two with `=`, four with `==`. */
const UNUSED_BITS = [0, 0b11, 0b1111]
const TAB = 0x09
const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d
const SPACE = 0x20
const BLANKS = [LINE_FEED, CARRIAGE_RETURN, SPACE, TAB]
/** How many blanks there may be before the first character; after that, one for each character. */
const FIRST_BLANKS = 1_024
const NOTHING = Buffer.alloc(0)

/** A text that is not base64. Its message goes on after the name of the text: `is not base64 …: character 5 is "*"`. */
export class NotBase64 extends Error {
  constructor(why: string) {
    super(`is not base64 (RFC 4648, section 4): ${why}`)
    this.name = 'NotBase64'
  }
}

/**
 * Decodes standard base64 (RFC 4648, section 4) piece by piece, and refuses what Node's decoder would pass over. Line breaks, spaces and
 * tabs are passed over wherever they are, as MIME has it (RFC 2045, section 6.8): openssl, coreutils, Java, Python and .NET write lines.
 *
 * Node ignores every character that it does not know, so each group is held against the length it must give: one
 * character too few always shows. What Node knows and the standard alphabet does not (`-`, `_`) is looked for.
 * Measured for 80 MB in pieces of 64 KB: 25 ms; 0.2 s in lines of 76 characters.
 */
export class Base64Decoder {
  readonly #held = Buffer.alloc(4)
  #heldLength = 0
  #padded = false
  /** Those of the text so far, blanks among them. */
  #characters = 0
  #blanks = 0
  /** The beginning of a character that is no base64, until its other bytes have come and it can be named. */
  #foreign = NOTHING
  #letters = NOTHING
  #decoded = NOTHING

  /**
   * Decodes the next part of a text in UTF-8. The bytes returned are valid until the next call.
   * @throws NotBase64
   */
  decode(text: Buffer): Buffer {
    if (this.#foreign.length > 0) return this.#refuse(Buffer.concat([this.#foreign, text]))
    const letters = this.#withoutBlanks(text)
    const most = ((letters.length + this.#heldLength) >> 2) * 3
    if (this.#decoded.length < most) this.#decoded = Buffer.allocUnsafeSlow(most)
    let at = 0
    let length = 0
    if (this.#heldLength > 0) {
      at = Math.min(4 - this.#heldLength, letters.length)
      letters.copy(this.#held, this.#heldLength, 0, at)
      this.#heldLength += at
      if (this.#heldLength === 4) {
        this.#heldLength = 0
        const written = this.#groups(this.#held, 0)
        if (written < 0) return this.#refuse(text)
        length = written
      }
    }
    const whole = at + ((letters.length - at) & ~3)
    if (whole > at) {
      const written = this.#groups(letters.subarray(at, whole), length)
      if (written < 0) return this.#refuse(text)
      length += written
    }
    const rest = letters.subarray(whole)
    if (foreignIn(letters.subarray(Math.max(0, letters.length - 4))) >= 0) return this.#refuse(text)
    rest.copy(this.#held, this.#heldLength)
    this.#heldLength += rest.length
    this.#characters += text.length
    return this.#decoded.subarray(0, length)
  }

  /**
   * Says that no more comes.
   * @throws NotBase64
   */
  finish(): void {
    if (this.#foreign.length > 0) throw this.#named(this.#foreign)
    if (this.#heldLength > 0) throw new NotBase64('its length is not a multiple of four')
  }

  /** How many bytes the groups are, or -1 where they are no base64. */
  #groups(letters: Buffer, into: number): number {
    const length = letters.length
    if (this.#padded) throw new NotBase64('it goes on after the padding')
    const padding = letters[length - 1] !== EQUALS ? 0 : letters[length - 2] !== EQUALS ? 1 : 2
    const written = this.#decoded.write(letters.toString('latin1'), into, 'base64')
    if (written !== (length >> 2) * 3 - padding || letters.includes(HYPHEN) || letters.includes(UNDERSCORE)) return -1
    if (padding > 0) {
      this.#padded = true
      const last = ALPHABET.indexOf(String.fromCharCode(letters[length - 1 - padding]!))
      if ((last & UNUSED_BITS[padding]!) !== 0) throw new NotBase64('the unused bits of its last character are not zero')
    }
    return written
  }

  #withoutBlanks(text: Buffer): Buffer {
    if (!BLANKS.some(blank => text.includes(blank))) return text
    if (this.#letters.length < text.length) this.#letters = Buffer.allocUnsafeSlow(text.length)
    const letters = this.#letters
    const end = text.length
    let length = 0
    for (let at = 0; at < end; at++) {
      const byte = text[at]!
      if (byte !== LINE_FEED && byte !== CARRIAGE_RETURN && byte !== SPACE && byte !== TAB) letters[length++] = byte
    }
    this.#blanks += end - length
    // What gives no byte is counted by no limit of bytes.
    if (this.#blanks > FIRST_BLANKS + this.#characters + end - this.#blanks) throw new NotBase64('it has more blanks than characters')
    return letters.subarray(0, length)
  }

  /** Names the first character that is none of base64, or waits for the rest of it. */
  #refuse(text: Buffer): Buffer {
    const at = foreignIn(text)
    if (at < 0) throw new NotBase64('its padding is wrong')
    this.#characters += at
    this.#foreign = Buffer.from(text.subarray(at, at + 4))
    if (this.#foreign.length >= bytesOf(this.#foreign[0]!)) throw this.#named(this.#foreign)
    return NOTHING
  }

  #named(bytes: Buffer): NotBase64 {
    return new NotBase64(`character ${this.#characters + 1} is ${nameOf(bytes)}`)
  }
}

/** Where the first byte is that is neither of the alphabet nor a blank; -1 where none is. */
function foreignIn(text: Buffer): number {
  return text.findIndex(byte => byte !== EQUALS && !BLANKS.includes(byte) && !ALPHABET.includes(String.fromCharCode(byte)))
}

/** How many bytes a character of UTF-8 has, by its first one. */
const bytesOf = (first: number) => (first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1)

/** `"*"`, `"é" (U+00E9)`; its number stands beside what may not be seen as what it is. */
function nameOf(bytes: Buffer): string {
  const [character = ''] = bytes.subarray(0, bytesOf(bytes[0]!)).toString('utf8')
  if (character === '\ufffd' && bytes.toString('latin1', 0, 3) !== '\u00ef\u00bf\u00bd')
    return `the byte 0x${bytes.toString('hex', 0, 1)}, which is not UTF-8`
  const code = character.codePointAt(0)!
  const number = code > 0x7e ? ` (U+${code.toString(16).toUpperCase().padStart(4, '0')})` : ''
  return JSON.stringify(character) + number
}
