import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** One connection, byte by byte: for what a stock client would tidy up, or not show. */
export class Wire {
  readonly socket: Socket
  #heard = ''
  readonly #hearing: (() => void)[] = []
  /** Settles when the other side has ended it. */
  readonly ended: Promise<unknown>

  private constructor(socket: Socket) {
    this.socket = socket
    this.ended = new Promise(done => socket.once('close', done))
    socket
      .setEncoding('utf8')
      .on('error', () => {})
      .on('data', (text: string) => {
        this.#heard += text
        for (const look of this.#hearing.splice(0)) look()
      })
      .on('close', () => {
        for (const look of this.#hearing.splice(0)) look()
      })
  }

  static async open(url: string): Promise<Wire> {
    const { hostname, port } = new URL(url)
    const wire = new Wire(connect(Number(port), hostname))
    await once(wire.socket, 'connect')
    return wire
  }

  /** Sends a request as it is written, and gives its answer: the head, and a body of the length that the head says. */
  async ask(method: string, target: string, headers: Readonly<Record<string, string>> = {}, body = ''): Promise<RawAnswer> {
    const lines = Object.entries({ host: 'localhost', ...(body ? { 'content-length': String(Buffer.byteLength(body)) } : {}), ...headers })
    this.socket.write(`${method} ${target} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`)
    return this.answer()
  }

  /** Sends more of it; waits until it is on its way, or the connection has ended. */
  async send(piece: string): Promise<void> {
    if (!this.socket.closed && !this.socket.write(piece)) await Promise.race([once(this.socket, 'drain').catch(() => {}), this.ended])
  }

  /** The next answer. */
  async answer(): Promise<RawAnswer> {
    for (;;) {
      const end = this.#heard.indexOf('\r\n\r\n')
      if (end >= 0) {
        const [first = '', ...lines] = this.#heard.slice(0, end).split('\r\n')
        const headers = new Map(
          lines.map(line => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
        )
        const length = Number(headers.get('content-length') ?? 0)
        const bytes = Buffer.from(this.#heard.slice(end + 4))
        if (bytes.length >= length) {
          this.#heard = bytes.subarray(length).toString()
          return { status: Number(first.split(' ')[1]), headers, body: bytes.subarray(0, length).toString() }
        }
      }
      if (this.socket.closed) throw new Error(`The connection ended. Heard: ${this.#heard}`)
      await new Promise<void>(done => this.#hearing.push(done))
    }
  }
}

export interface RawAnswer {
  status: number
  headers: Map<string, string>
  body: string
}
