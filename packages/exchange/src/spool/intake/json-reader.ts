import { IntakeError, malformed } from './intake-errors.ts'
import { JsonString } from './json-string.ts'

/** What may come next. A comma before `]` or `}` is refused because after a comma only KEY or VALUE is expected. */
const VALUE = 0
const VALUE_OR_END = 1
const KEY = 2
const KEY_OR_END = 3
const COLON = 4
const COMMA_OR_END = 5
const NOTHING = 6
type Expected = typeof VALUE | typeof VALUE_OR_END | typeof KEY | typeof KEY_OR_END | typeof COLON | typeof COMMA_OR_END | typeof NOTHING
const IN_WORDS = ['a value', 'a value or ]', 'a member name', 'a member name or }', 'a colon', 'a comma or the end', 'nothing more']

const TAB = 0x09
const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d
const SPACE = 0x20
const QUOTE = 0x22
const COMMA = 0x2c
const COLON_SIGN = 0x3a
const OPEN_LIST = 0x5b
const CLOSE_LIST = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d
const BYTE_ORDER_MARK = 0xef

const NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/
const LITERALS: Record<string, readonly [name: Buffer, value: boolean | null]> = {
  t: [Buffer.from('true'), true],
  f: [Buffer.from('false'), false],
  n: [Buffer.from('null'), null],
}
const LONGEST_PATH = 200

/** An object or a list whose end has not come yet. */
export type Open =
  | { readonly object: Record<string, unknown>; readonly list: undefined; name: string }
  | { readonly object: undefined; readonly list: unknown[] }

export interface JsonReaderSettings {
  /** How many objects and lists may be inside each other. */
  depth: number
  /** Says, at an opening quote, that somebody else reads this string. */
  leavesOut(open: readonly Open[]): boolean
}

/**
 * A strict JSON reader (RFC 8259) that is fed chunk by chunk. It stops after the opening quote of a string that
 * `leavesOut` names, and goes on after `putBack` with what stands in its place.
 */
export class JsonReader {
  /** Whether the last `read` stopped after the opening quote of a string that is left out. */
  leftOut = false
  /** How many bytes were given to this reader, which is the body without the strings that were left out. */
  textBytes = 0
  #leftOutBytes = 0
  #document: unknown
  #expected: Expected = VALUE
  readonly #open: Open[] = []
  readonly #string = new JsonString()
  readonly #settings: JsonReaderSettings
  /** A string, number or literal that the end of a chunk has cut; 0 bytes of it are used when none is. */
  #cut = Buffer.alloc(0)
  #cutLength = 0
  /** How much of a cut number was looked at: 250,000 digits in one-byte chunks must not be looked at 250,000 times. */
  #numberScanned = 0

  constructor(settings: JsonReaderSettings) {
    this.#settings = settings
  }

  /** Reads on from `bytes[from]`; returns the index where it stopped: the end, or after an opening quote. */
  read(bytes: Buffer, from = 0): number {
    const before = this.#cutLength
    const input = before === 0 ? bytes.subarray(from) : this.#append(bytes.subarray(from))
    const base = this.textBytes + this.#leftOutBytes - before
    const stopped = this.#parse(input, base, false)
    this.#cutLength = this.leftOut ? 0 : this.#keep(input, stopped, before > 0)
    const taken = (this.leftOut ? stopped : input.length) - before
    this.textBytes += taken
    return from + taken
  }

  /** The position in the body of the next byte. */
  get position(): number {
    return this.textBytes + this.#leftOutBytes
  }

  /** Puts a value in the place of the string that was left out; `length` is its bytes with the closing quote. */
  putBack(value: unknown, length: number): void {
    this.leftOut = false
    // Its quotes are text: the opening one was read here, the closing one is counted here.
    this.textBytes++
    this.#leftOutBytes += length - 1
    this.#place(value)
  }

  /** The document, once the whole body was read. */
  finish(): unknown {
    const rest = this.#cut.subarray(0, this.#cutLength)
    const base = this.position - rest.length
    const stopped = this.#parse(rest, base, true)
    if (stopped < rest.length || this.#expected !== NOTHING || this.leftOut)
      throw malformed(this.position === 0 ? 'the body is empty' : 'it ends too early', this.position)
    return this.#document
  }

  /** Where the reader is, as a person would write it: `attachments[2].content`. */
  get path(): string {
    let path = ''
    for (const { list, ...at } of this.#open) {
      if (list) path += `[${list.length}]`
      else if ('name' in at) path += /^[A-Za-z_]\w*$/.test(at.name) ? `${path && '.'}${at.name}` : `[${JSON.stringify(at.name)}]`
    }
    return path.length > LONGEST_PATH ? `${path.slice(0, LONGEST_PATH)}…` : path
  }

  #append(bytes: Buffer): Buffer {
    const length = this.#cutLength + bytes.length
    if (length > this.#cut.length) {
      // Doubling, so that a long string in one-byte chunks is copied a few times and not once per chunk.
      const larger = Buffer.allocUnsafe(Math.max(length, 2 * this.#cut.length))
      this.#cut.copy(larger, 0, 0, this.#cutLength)
      this.#cut = larger
    }
    bytes.copy(this.#cut, this.#cutLength)
    return this.#cut.subarray(0, length)
  }

  #keep(input: Buffer, from: number, isCut: boolean): number {
    const length = input.length - from
    if (length === 0) return 0
    if (isCut) {
      if (from > 0) this.#cut.copyWithin(0, from, input.length)
      return length
    }
    if (length > this.#cut.length) this.#cut = Buffer.allocUnsafe(Math.max(length, 256))
    input.copy(this.#cut, 0, from)
    return length
  }

  /** Returns where it stopped: the end, the start of a cut token, or after the quote of a string left out. */
  #parse(bytes: Buffer, base: number, last: boolean): number {
    const end = bytes.length
    let at = 0
    while (at < end) {
      const byte = bytes[at]!
      if (byte === SPACE || byte === LINE_FEED || byte === CARRIAGE_RETURN || byte === TAB) {
        at++
        continue
      }
      const expected = this.#expected
      if (byte === QUOTE && expected <= KEY_OR_END) {
        const isName = expected >= KEY
        if (!isName && this.#settings.leavesOut(this.#open)) {
          this.leftOut = true
          return at + 1
        }
        const next = this.#string.read(bytes, at, base)
        if (next < 0) return at
        if (isName) this.#name(this.#string.value, base + at)
        else this.#place(this.#string.value)
        at = next
      } else if (byte === COLON_SIGN && expected === COLON) {
        this.#expected = VALUE
        at++
      } else if (byte === COMMA && expected === COMMA_OR_END) {
        this.#expected = this.#open.at(-1)!.list ? VALUE : KEY
        at++
      } else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
        this.#close(byte, base + at)
        at++
      } else if (expected > VALUE_OR_END) {
        throw this.#unexpected(bytes, at, base)
      } else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
        this.#enter(byte, base + at)
        at++
      } else {
        const next = this.#literalOrNumber(bytes, at, base, last)
        if (next < 0) return at
        at = next
      }
    }
    return end
  }

  #literalOrNumber(bytes: Buffer, start: number, base: number, last: boolean): number {
    const first = bytes[start]!
    if (first === 0x2d || (first >= 0x30 && first <= 0x39)) return this.#number(bytes, start, base, last)
    const literal = LITERALS[String.fromCharCode(first)]
    if (!literal) throw this.#unexpected(bytes, start, base)
    const [name, value] = literal
    for (let offset = 1; offset < name.length; offset++) {
      if (start + offset >= bytes.length) return -1
      if (bytes[start + offset] !== name[offset]) throw this.#unexpected(bytes, start + offset, base)
    }
    this.#place(value)
    return start + name.length
  }

  #number(bytes: Buffer, start: number, base: number, last: boolean): number {
    let at = start + Math.max(1, this.#numberScanned)
    while (at < bytes.length && isNumberByte(bytes[at]!)) at++
    // Only the byte after a number ends it, so at the end of a chunk it may go on.
    this.#numberScanned = at === bytes.length && !last ? at - start : 0
    if (this.#numberScanned > 0) return -1
    const text = bytes.toString('latin1', start, at)
    if (!NUMBER.test(text)) throw malformed('not a number', base + start)
    this.#place(Number(text))
    return at
  }

  #enter(byte: number, position: number): void {
    if (this.#open.length >= this.#settings.depth) throw malformed(`more than ${this.#settings.depth} levels deep`, position)
    if (byte === OPEN_LIST) this.#open.push({ object: undefined, list: [] })
    else this.#open.push({ object: {}, list: undefined, name: '' })
    this.#expected = byte === OPEN_LIST ? VALUE_OR_END : KEY_OR_END
  }

  #close(byte: number, position: number): void {
    const closed = this.#open.at(-1)
    const mayEnd = this.#expected === COMMA_OR_END || this.#expected === (byte === CLOSE_LIST ? VALUE_OR_END : KEY_OR_END)
    if (!closed || !mayEnd || (byte === CLOSE_LIST) !== (closed.list !== undefined))
      throw malformed(`expected ${IN_WORDS[this.#expected]}`, position)
    this.#open.pop()
    this.#place(closed.list ?? closed.object)
  }

  #name(name: string, position: number): void {
    const within = this.#open.at(-1)
    if (within?.object === undefined) return
    within.name = name
    if (Object.hasOwn(within.object, name)) {
      const path = this.path
      throw new IntakeError('duplicate-key', `The member ${path} is there twice`, { path, position })
    }
    this.#expected = COLON
  }

  #place(value: unknown): void {
    const within = this.#open.at(-1)
    if (!within) {
      this.#document = value
      this.#expected = NOTHING
      return
    }
    if (within.list) within.list.push(value)
    // As JSON.parse does: an ordinary member of that name, and the object keeps its prototype.
    else if (within.name === '__proto__')
      Object.defineProperty(within.object, '__proto__', { value, enumerable: true, configurable: true, writable: true })
    else within.object[within.name] = value
    this.#expected = COMMA_OR_END
  }

  #unexpected(bytes: Buffer, at: number, base: number): IntakeError {
    if (base + at === 0 && bytes[at] === BYTE_ORDER_MARK) return malformed('it begins with a byte order mark; send it without', 0)
    return malformed(`expected ${IN_WORDS[this.#expected]}`, base + at)
  }
}

function isNumberByte(byte: number): boolean {
  // Digits and + - . e E
  return (byte >= 0x30 && byte <= 0x39) || byte === 0x2e || byte === 0x2d || byte === 0x2b || byte === 0x65 || byte === 0x45
}
