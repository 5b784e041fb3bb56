import { setImmediate as turn } from 'node:timers/promises'
import { Base64Decoder, NotBase64 } from '@deskbridge/attachment'
import { NoRoom } from '../room.ts'
import type { Spool, SpooledFile, SpoolFolder } from '../spool.ts'
import { type Body, BodyChunks } from './body-chunks.ts'
import { ContentString } from './content-string.ts'
import { IntakeError, malformed } from './intake-errors.ts'
import { JsonReader, type Open } from './json-reader.ts'

export interface IntakeLimits {
  /** Bytes of the body outside the contents of attachments. Default 262,144 (256 KiB). */
  text: number
  /** Bytes of all attachments together, decoded. Default 83,886,080 (80 MiB). */
  attachments: number
  /** How many attachments. Default 20. */
  files: number
  /** How many objects and lists inside each other. Default 32. */
  depth: number
}

const INTAKE_LIMITS: Readonly<IntakeLimits> = { text: 256 * 1024, attachments: 80 * 1024 * 1024, files: 20, depth: 32 }

/** A request body that was taken in. */
export interface Intake {
  /** The body as JSON.parse would give it, with a `SpooledFile` for each string `attachments[i].content`. */
  document: unknown
  /** The same files, in the order of the body. */
  files: SpooledFile[]
  /** Removes the files. A second call does nothing. */
  discard(): Promise<void>
}

/** How much the JSON reader is given at once, so that a body in one huge chunk holds nobody up for long. */
const TEXT_PIECE = 64 * 1024
/** Others get a turn after so many bytes of a content, also when its source and the disk never make anybody wait. */
const TURN = 512 * 1024

/**
 * Reads a JSON body as it streams in. The string at `attachments[i].content`, and only there, is decoded from base64
 * to a file of the spool; memory stays flat whatever its size. A body without attachments touches no disk.
 * @throws IntakeError, after the files were removed. The body itself is then left where it stands, so that the caller
 * can still answer; it should close the connection, since the rest of the body was not read.
 */
export async function readBody(body: Body, spool: Spool, limits: Partial<IntakeLimits> = {}): Promise<Intake> {
  const chunks = new BodyChunks(body)
  const intake = new RunningIntake(spool, { ...INTAKE_LIMITS, ...limits })
  try {
    for (let chunk = await chunks.next(); chunk; chunk = await chunks.next()) {
      let at = 0
      while (at < chunk.length) {
        const next = intake.inContent ? intake.content(chunk, at) : intake.text(chunk, at)
        at = typeof next === 'number' ? next : await next
      }
    }
    return intake.finish()
  } catch (error) {
    await intake.abandon()
    await chunks.release()
    throw error
  }
}

class RunningIntake {
  readonly #spool: Spool
  readonly #limits: IntakeLimits
  readonly #reader: JsonReader
  readonly #files: SpooledFile[] = []
  #folder: SpoolFolder | undefined
  #current: { string: ContentString; decoder: Base64Decoder; file: Awaited<ReturnType<SpoolFolder['create']>> } | undefined
  #decoded = 0
  #sinceTurn = 0

  constructor(spool: Spool, limits: IntakeLimits) {
    this.#spool = spool
    this.#limits = limits
    this.#reader = new JsonReader({ depth: limits.depth, leavesOut: isAttachmentContent })
  }

  get inContent(): boolean {
    return this.#current !== undefined
  }

  /** Reads JSON text; returns where it stopped. It is only a promise when a content begins. */
  text(chunk: Buffer, from: number): number | Promise<number> {
    const stopped = this.#reader.read(chunk.length - from > TEXT_PIECE ? chunk.subarray(0, from + TEXT_PIECE) : chunk, from)
    if (this.#reader.textBytes > this.#limits.text)
      throw new IntakeError('too-large', `The body has more than ${this.#limits.text} bytes besides the contents of its attachments`, {
        position: this.#reader.position,
      })
    return this.#reader.leftOut ? this.#begin(stopped) : stopped
  }

  async #begin(stopped: number): Promise<number> {
    const path = this.#reader.path
    if (this.#files.length >= this.#limits.files)
      throw new IntakeError('too-many-attachments', `The body has more than ${this.#limits.files} attachments`, { path })
    const file = await spoolStep(async () => {
      this.#folder ??= await this.#spool.folder()
      return this.#folder.create()
    })
    this.#current = { string: new ContentString(this.#reader.position), decoder: new Base64Decoder(), file }
    return stopped
  }

  /** Reads the next part of a content; returns where it stopped. */
  async content(chunk: Buffer, from: number): Promise<number> {
    const { string, decoder, file } = this.#current!
    const next = string.take(chunk, from)
    const bytes = this.#decoding(() => decoder.decode(string.text))
    this.#decoded += bytes.length
    if (this.#decoded > this.#limits.attachments)
      throw new IntakeError('too-large', `The attachments have more than ${this.#limits.attachments} bytes together`, {
        path: this.#reader.path,
      })
    await spoolStep(() => file.write(bytes))
    this.#sinceTurn += next - from
    if (this.#sinceTurn > TURN) {
      this.#sinceTurn = 0
      await turn()
    }
    if (string.closed) {
      this.#decoding(() => decoder.finish())
      const spooled = await spoolStep(() => file.finish())
      this.#current = undefined
      this.#files.push(spooled)
      this.#reader.putBack(spooled, string.length)
    }
    return next
  }

  #decoding<Result>(step: () => Result): Result {
    try {
      return step()
    } catch (error) {
      if (!(error instanceof NotBase64)) throw error
      const { path } = this.#reader
      throw new IntakeError('invalid-base64', `${path} ${error.message}`, { path })
    }
  }

  finish(): Intake {
    if (this.#current) throw malformed('it ends inside an attachment', this.#reader.position + this.#current.string.length)
    const document = this.#reader.finish()
    const folder = this.#folder
    return { document, files: this.#files, discard: async () => folder?.remove() }
  }

  /** What cannot be removed now is left to the next sweep: it must not hide why the body was refused. */
  async abandon(): Promise<void> {
    await this.#current?.file.abandon().catch(() => undefined)
    await this.#folder?.remove().catch(() => undefined)
  }
}

/** `attachments[i].content`, and nothing else that is called so. */
function isAttachmentContent(open: readonly Open[]): boolean {
  if (open.length !== 3) return false
  const [body, list, attachment] = open
  return (
    body?.object !== undefined &&
    body.name === 'attachments' &&
    list?.list !== undefined &&
    attachment?.object !== undefined &&
    attachment.name === 'content'
  )
}

async function spoolStep<Result>(step: () => Promise<Result>): Promise<Result> {
  try {
    return await step()
  } catch (cause) {
    if (cause instanceof NoRoom) throw new IntakeError('no-room', cause.message, { cause })
    throw new IntakeError('spool-full', 'The attachments could not be written to the disk', { cause })
  }
}
