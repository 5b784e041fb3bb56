import { Readable } from 'node:stream'
import { IntakeError } from './intake-errors.ts'

export type Body = AsyncIterable<Uint8Array> | ReadableStream<Uint8Array> | null

/**
 * The chunks of a body. A body that is refused half-way is neither read on nor destroyed: `for await` over a Node
 * request would destroy its socket, and the partner would see a broken connection instead of the reason.
 */
export class BodyChunks {
  readonly #iterator: AsyncIterator<Uint8Array> | undefined

  constructor(body: Body) {
    if (body instanceof Readable) this.#iterator = body.iterator({ destroyOnReturn: false })
    else if (body instanceof ReadableStream) this.#iterator = body.values({ preventCancel: true })
    else this.#iterator = body?.[Symbol.asyncIterator]()
  }

  /** The next chunk, or undefined after the last. A source that fails is a partner that went away: `aborted`. */
  async next(): Promise<Buffer | undefined> {
    if (!this.#iterator) return undefined
    try {
      const { done, value } = await this.#iterator.next()
      if (done) return undefined
      return Buffer.isBuffer(value) ? value : Buffer.from(value.buffer, value.byteOffset, value.byteLength)
    } catch (cause) {
      throw new IntakeError('aborted', 'The body broke off', { cause })
    }
  }

  /** Lets the body go, so that whoever answers may drain or close it. */
  async release(): Promise<void> {
    await this.#iterator?.return?.().catch(() => undefined)
  }
}
