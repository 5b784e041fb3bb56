import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

type State = 'open' | 'cut' | 'full' | 'refused' | 'stalled'

/** One connection of an exchange, and its other half to the server once there is one. */
interface Passage {
  readonly client: Socket
  server?: Socket
}

/** A TCP port in front of a PostgreSQL or an instance, at which a story makes what is behind go away, stand still, or be another one. */
export class DatabaseGate {
  /** Where connections lead now. */
  behind: string
  #state: State = 'open'
  #port = 0
  readonly #listener: Server
  readonly #passages = new Set<Passage>()

  private constructor(behind: string) {
    this.behind = behind
    this.#listener = createServer(client => this.#admit(client))
  }

  /** Opens a gate in front of a database, on a Unix socket (`?host=/folder`) or a TCP port, or of an instance (`http://…`). */
  static async before(url: string): Promise<DatabaseGate> {
    const gate = new DatabaseGate(url)
    await gate.#listen()
    return gate
  }

  /** Its address through the gate; the same one for as long as the gate is there, whatever it does. */
  get url(): string {
    const { protocol, username, password, pathname } = new URL(this.behind)
    if (protocol === 'http:') return `http://127.0.0.1:${this.#port}`
    return `postgresql://${username}:${password}@127.0.0.1:${this.#port}${pathname}`
  }

  /** How many connections are open at it. */
  get connections(): number {
    return this.#passages.size
  }

  /** All connections end; new ones are taken and end at once. */
  cut(): void {
    this.#state = 'cut'
    this.#endAll()
  }

  /** Connections stay and work, and new ones end at once: as at a server that has no more to give. */
  fill(): void {
    this.#state = 'full'
  }

  /** All connections end, and nobody listens: connection refused. */
  async refuse(): Promise<void> {
    if (this.#state === 'refused') return
    this.#state = 'refused'
    const closed = once(this.#listener, 'close')
    this.#listener.close()
    this.#endAll()
    await closed
  }

  /** Connections stay and new ones are taken, but nothing passes in either direction, not even the news that one has ended. */
  stall(): void {
    this.#state = 'stalled'
    for (const { client, server } of this.#passages) {
      client.unpipe()
      server?.unpipe()
    }
  }

  /** Everything passes again, beginning with what has waited since the gate was stalled. */
  async open(): Promise<void> {
    const before = this.#state
    this.#state = 'open'
    if (before === 'refused') await this.#listen()
    if (before === 'stalled') for (const passage of this.#passages) this.#pass(passage)
  }

  /** From now on connections lead to another server; the old ones end. */
  async switchTo(databaseUrl: string): Promise<void> {
    this.cut()
    this.behind = databaseUrl
    await this.open()
  }

  async close(): Promise<void> {
    await this.refuse()
  }

  async #listen(): Promise<void> {
    this.#listener.listen(this.#port, '127.0.0.1')
    await once(this.#listener, 'listening')
    this.#port = (this.#listener.address() as AddressInfo).port
  }

  #admit(client: Socket): void {
    client.on('error', () => {})
    if (this.#state === 'cut' || this.#state === 'full') {
      client.destroy()
      return
    }
    const passage: Passage = { client }
    this.#passages.add(passage)
    client.once('close', () => this.#end(passage))
    if (this.#state === 'open') this.#pass(passage)
  }

  #pass(passage: Passage): void {
    if (!passage.server) {
      passage.server = connect(addressOf(this.behind))
      passage.server.on('error', () => {})
      passage.server.once('close', () => this.#end(passage))
    }
    passage.client.pipe(passage.server).pipe(passage.client)
  }

  #endAll(): void {
    for (const passage of this.#passages) this.#end(passage)
  }

  #end(passage: Passage): void {
    this.#passages.delete(passage)
    passage.client.destroy()
    passage.server?.destroy()
  }
}

function addressOf(databaseUrl: string): { path: string } | { host: string; port: number } {
  const { hostname, port, searchParams } = new URL(databaseUrl)
  const folder = searchParams.get('host')
  // PostgreSQL's name for the socket of a port (its documentation, unix_socket_directories).
  return folder ? { path: `${folder}/.s.PGSQL.${port || 5432}` } : { host: hostname, port: Number(port || 5432) }
}
