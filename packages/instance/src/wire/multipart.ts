import { brokenUpload, notMultipart } from '../refusals/attachment.ts'

/** One part of a form. */
export interface Part {
  readonly name: string
  readonly fileName: string | undefined
  readonly contentType: string
  /** Must be read to its end before the next part is asked for. */
  readonly bytes: AsyncIterable<Uint8Array>
}

const MOST_HEADER_BYTES = 16 * 1024

/** Reads multipart/form-data as it streams in (RFC 7578); a file is never held in memory. */
export async function* readMultipart(contentType: string, body: AsyncIterable<Uint8Array>): AsyncGenerator<Part> {
  const boundary = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType)
  if (!boundary) throw notMultipart('The Content-Type has no boundary')
  const reader = new Reader(body)
  const delimiter = Buffer.from(`\r\n--${boundary[1] ?? boundary[2]}`)
  await drain(reader.until(delimiter))
  for (;;) {
    if ((await reader.take(2)).toString('latin1') === '--') return
    const headers = await reader.readHeaders()
    const bytes = reader.until(delimiter)
    const disposition = headers.get('content-disposition') ?? ''
    yield {
      name: parameter(disposition, 'name') ?? '',
      fileName: parameter(disposition, 'filename'),
      contentType: headers.get('content-type') ?? 'application/octet-stream',
      bytes,
    }
    await drain(bytes)
  }
}

async function drain(bytes: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _ of bytes);
}

function parameter(header: string, name: string): string | undefined {
  return new RegExp(`;\\s*${name}="((?:[^"\\\\]|\\\\.)*)"`, 'i')
    .exec(header)?.[1]
    ?.replace(/\\(["\\])/g, '$1')
    .replaceAll('%22', '"')
}

class Reader {
  readonly #source: AsyncIterator<Uint8Array>
  // The first delimiter has no line before it; this is the line that it then has.
  #buffer: Buffer = Buffer.from('\r\n')

  constructor(body: AsyncIterable<Uint8Array>) {
    this.#source = body[Symbol.asyncIterator]()
  }

  async #readMore(): Promise<void> {
    const next = await this.#source.next().catch(() => {
      throw brokenUpload()
    })
    if (next.done) throw brokenUpload()
    this.#buffer = this.#buffer.length === 0 ? Buffer.from(next.value) : Buffer.concat([this.#buffer, next.value])
  }

  /** What comes before the delimiter, which is taken too. Once taken to its end it gives nothing more. */
  until(delimiter: Buffer): AsyncIterable<Uint8Array> {
    const pieces = this.#pieces(delimiter)
    // A generator that a `for await` leaves early would end; the part must stay readable for the drain.
    return { [Symbol.asyncIterator]: () => ({ next: () => pieces.next() }) }
  }

  async *#pieces(delimiter: Buffer): AsyncGenerator<Uint8Array> {
    for (;;) {
      const at = this.#buffer.indexOf(delimiter)
      if (at >= 0) {
        const piece = this.#buffer.subarray(0, at)
        this.#buffer = this.#buffer.subarray(at + delimiter.length)
        if (piece.length > 0) yield piece
        return
      }
      // The end of what is here may be the beginning of the delimiter.
      const sure = Math.max(0, this.#buffer.length - delimiter.length + 1)
      const piece = this.#buffer.subarray(0, sure)
      this.#buffer = this.#buffer.subarray(sure)
      if (piece.length > 0) yield piece
      await this.#readMore()
    }
  }

  async take(count: number): Promise<Buffer> {
    while (this.#buffer.length < count) await this.#readMore()
    const taken = this.#buffer.subarray(0, count)
    this.#buffer = this.#buffer.subarray(count)
    return taken
  }

  async readHeaders(): Promise<Map<string, string>> {
    let end = this.#buffer.indexOf('\r\n\r\n')
    while (end < 0) {
      if (this.#buffer.length > MOST_HEADER_BYTES) throw notMultipart('A part has too many headers')
      await this.#readMore()
      end = this.#buffer.indexOf('\r\n\r\n')
    }
    const lines = this.#buffer.subarray(0, end).toString('utf8').split('\r\n')
    this.#buffer = this.#buffer.subarray(end + 4)
    return new Map(
      lines.map(line => {
        const colon = line.indexOf(':')
        return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()]
      }),
    )
  }
}
