import {
  type CallOptions,
  type Connection,
  type InstanceAnswer,
  type InstanceCall,
  ServiceNowError,
  serviceNow,
} from '@deskbridge/servicenow'
import type { Access, WayIn } from './access.ts'
import type { InstanceWatch } from './instance-watch.ts'

/**
 * A desk's connection, whose credentials may change while it is in use: calls that begin after a change are made with the new ones, those
 * under way go on with theirs. A call that is refused for its credentials has them looked at, and is made once more where they have changed:
 * a notice that was lost costs nothing then.
 */
export class ChangingConnection implements Connection {
  readonly #access: Access
  readonly #watch: InstanceWatch
  readonly #make: (wayIn: WayIn) => Connection
  /** By what it signs in with; those of before are kept for their user names, and for the way back. */
  readonly #made = new Map<string, Connection>()
  readonly #userNames = new WeakMap<Connection, Promise<string>>()
  #inUse: Connection
  #instanceNow: number | undefined

  constructor(access: Access, watch: InstanceWatch, make: (wayIn: WayIn) => Connection) {
    this.#access = access
    this.#watch = watch
    this.#make = make
    this.#inUse = this.#take()
    access.onChange(() => {
      this.#instanceNow = this.instanceNow()
      this.#inUse = this.#take()
    })
  }

  get baseUrl(): string {
    return this.#inUse.baseUrl
  }

  get settleMs(): number {
    return this.#inUse.settleMs
  }

  get userName(): string | undefined {
    return this.#inUse.userName
  }

  health = () => this.#inUse.health()

  /** What the credentials in use have seen, or before their first answer, those before them. */
  instanceNow = (): number | undefined => this.#inUse.instanceNow() ?? this.#instanceNow

  request(call: InstanceCall, options?: CallOptions & { action?: string }): Promise<InstanceAnswer> {
    return this.#watch.watch(() => this.#requestWithCredentials(call, options))
  }

  async #requestWithCredentials(call: InstanceCall, options?: CallOptions & { action?: string }): Promise<InstanceAnswer> {
    const used = this.#inUse
    try {
      return await used.request(call, options)
    } catch (error) {
      if (!(error instanceof ServiceNowError) || error.kind !== 'unauthorised' || call.upload?.body instanceof ReadableStream) throw error
      await this.#access.look()
      if (this.#inUse === used) throw error
      return this.#inUse.request(call, options)
    }
  }

  /**
   * The user names that ServiceNow writes into what is done here: of the credentials in use, and of those of before that can be had: what
   * they wrote is ours all the same.
   * @throws ServiceNowError when that of the credentials in use cannot be had
   */
  async userNames(): Promise<ReadonlySet<string>> {
    const before = [...this.#made.values()].filter(one => one !== this.#inUse)
    const names = await Promise.all([this.#userNameOf(this.#inUse), ...before.map(one => this.#userNameOf(one).catch(() => ''))])
    return new Set(names.filter(Boolean))
  }

  #userNameOf(connection: Connection): Promise<string> {
    const known = this.#userNames.get(connection)
    if (known) return known
    const asked = connection.userName
      ? Promise.resolve(connection.userName)
      : serviceNow(connection)
          .user.current({})
          .then(user => user.user_name)
    this.#userNames.set(connection, asked)
    // Of those in use it is asked again. Those of before may be ended: their refusals would fill the instance's log.
    asked.catch(() => {
      if (connection === this.#inUse) this.#userNames.delete(connection)
    })
    return asked
  }

  #take(): Connection {
    const { inUse, previous } = this.#access.now()
    if (previous) this.#connectionOf(previous)
    return this.#connectionOf(inUse)
  }

  #connectionOf(wayIn: WayIn): Connection {
    const key = JSON.stringify(wayIn)
    const connection = this.#made.get(key) ?? this.#make(wayIn)
    this.#made.set(key, connection)
    return connection
  }
}
