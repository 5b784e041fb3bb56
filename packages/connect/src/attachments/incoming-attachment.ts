import { Base64Decoder, NotBase64 } from '@deskbridge/attachment'
import { z } from 'zod'
import { answerLost, type Chunks } from '../calling/ask.ts'
import { ConnectError } from '../calling/connect-error.ts'

/** What the service says about an attachment, with its size after decoding. */
export interface AttachmentDetails {
  name: string
  content_type: string | undefined
  size: number
}

const Envelope = z.looseObject({ name: z.string(), content_type: z.string().nullish(), content: z.string() })

/** Everything of the answer but the content. */
const LONGEST_ENVELOPE = 64 * 1024

const QUOTE = 0x22
const BACKSLASH = 0x5c
/** In bytes of UTF-8, of what one escape stands for. */
const LONGEST_CHARACTER = 4
const OPENING = [0x7b, 0x5b]
const CLOSING = [0x7d, 0x5d]
const SIMPLE_ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }

/**
 * Reads the answer `{"name","content","content_type"}` of GET /GetAttachment (contract 1.2) as it arrives, in whatever order its
 * fields come, and passes the decoded content on piece by piece: memory is bounded by the size of one network chunk.
 * @throws ConnectError `answer_lost` when it breaks off or is not base64, `answer_not_understood` when it is something else.
 */
export async function decodeAttachment(chunks: Chunks, write: (bytes: Uint8Array) => void | Promise<void>): Promise<AttachmentDetails> {
  const answer = new AttachmentAnswer()
  let size = 0
  for await (const chunk of chunks) {
    const bytes = answer.take(chunk)
    size += bytes.length
    if (bytes.length > 0) await write(bytes)
  }
  const { name, content_type } = answer.end()
  return { name, content_type: content_type ?? undefined, size }
}

/** Copies the JSON to `#envelope`, except the string that is the value of the outermost `content`, which it decodes. */
class AttachmentAnswer {
  readonly #envelope: number[] = []
  readonly #base64 = new Base64Decoder()
  #depth = 0
  #in: 'structure' | 'string' | 'content' = 'structure'
  #string: number[] = []
  #key = ''
  #expectsValue = false
  /** The letters of an escape sequence begun in an earlier chunk. */
  #escape: string | undefined
  /** The content of one chunk. */
  #text = Buffer.alloc(0)

  /** Gives the bytes that the content has in this chunk. They are a copy: who gets them may keep them. */
  take(chunk: Uint8Array): Uint8Array {
    const ends = new Ends(chunk)
    // Free of escapes, and decoded at once: with one in every line a call for each would take three times as long.
    if (this.#text.length < chunk.length + LONGEST_CHARACTER) this.#text = Buffer.allocUnsafeSlow(chunk.length + LONGEST_CHARACTER)
    const text = this.#text
    let length = 0
    for (let at = 0; at < chunk.length; ) {
      if (this.#in === 'content' && this.#escape === undefined) {
        const end = ends.after(at)
        text.set(chunk.subarray(at, end), length)
        length += end - at
        at = end
        if (end === chunk.length) break
      }
      const meant = this.#byte(chunk[at++]!)
      if (meant !== undefined) length += text.write(meant, length)
    }
    return new Uint8Array(decoding(() => this.#base64.decode(text.subarray(0, length))))
  }

  end(): z.infer<typeof Envelope> {
    if (this.#in !== 'structure' || this.#depth !== 0 || this.#envelope.length === 0) {
      throw answerLost('The answer broke off inside the attachment')
    }
    decoding(() => this.#base64.finish())
    let json: unknown
    try {
      json = JSON.parse(Buffer.from(this.#envelope).toString('utf8'))
    } catch (cause) {
      throw answerLost('The answer is not JSON', cause)
    }
    const read = Envelope.safeParse(json)
    if (read.success) return read.data
    throw notUnderstood(read.error.issues.map(issue => `${issue.path.join('.')}: ${issue.message}`).join('; '))
  }

  /** Returns a letter of the content when an escape sequence has become one. */
  #byte(byte: number): string | undefined {
    if (this.#in === 'content' && byte !== QUOTE) {
      if (this.#escape !== undefined) return this.#escaped(String.fromCharCode(byte))
      this.#escape = ''
      return
    }
    if (this.#envelope.push(byte) > LONGEST_ENVELOPE) throw notUnderstood('more than an attachment')
    if (this.#in === 'content') this.#in = 'structure'
    else if (this.#in === 'string') this.#stringByte(byte)
    else this.#structureByte(byte)
  }

  #structureByte(byte: number): void {
    if (byte === QUOTE) {
      this.#in = this.#depth === 1 && this.#expectsValue && this.#key === 'content' ? 'content' : 'string'
      this.#string = []
    } else if (OPENING.includes(byte)) this.#depth++
    else if (CLOSING.includes(byte)) this.#depth--
    else if (this.#depth === 1 && byte === 0x3a) this.#expectsValue = true
    else if (this.#depth === 1 && byte === 0x2c) this.#expectsValue = false
  }

  #stringByte(byte: number): void {
    if (this.#escape !== undefined) this.#escape = undefined
    else if (byte === BACKSLASH) this.#escape = ''
    else if (byte === QUOTE) {
      this.#in = 'structure'
      if (this.#depth === 1 && !this.#expectsValue) this.#key = Buffer.from(this.#string).toString('utf8')
      return
    }
    this.#string.push(byte)
  }

  /** What an escape means: `\/` is how some JSON writers send a slash, `\r\n` how some base64 writers send a long text. */
  #escaped(letter: string): string | undefined {
    const sequence = this.#escape! + letter
    if (sequence.startsWith('u') && sequence.length < 5) {
      this.#escape = sequence
      return
    }
    this.#escape = undefined
    if (sequence.startsWith('u')) return String.fromCharCode(Number.parseInt(sequence.slice(1), 16))
    return SIMPLE_ESCAPES[sequence] ?? sequence
  }
}

/** Finds where a stretch of plain base64 ends. Each search is remembered: with a `\/` in every line it would else be made anew for each. */
class Ends {
  readonly #chunk: Uint8Array
  #quote = -1
  #backslash = -1

  constructor(chunk: Uint8Array) {
    this.#chunk = chunk
  }

  after(at: number): number {
    if (this.#quote < at) this.#quote = this.#next(QUOTE, at)
    if (this.#backslash < at) this.#backslash = this.#next(BACKSLASH, at)
    return Math.min(this.#quote, this.#backslash)
  }

  #next(byte: number, at: number): number {
    const found = this.#chunk.indexOf(byte, at)
    return found === -1 ? this.#chunk.length : found
  }
}

function decoding<T>(step: () => T): T {
  try {
    return step()
  } catch (cause) {
    throw cause instanceof NotBase64 ? answerLost(`The content of the attachment ${cause.message}`, cause) : cause
  }
}

function notUnderstood(why: string): ConnectError {
  return new ConnectError({
    status: 200,
    code: 'answer_not_understood',
    message: `The answer is not an attachment as the Connect API describes it: ${why}`,
    retryable: false,
  })
}
