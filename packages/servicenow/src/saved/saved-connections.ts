import { understandAddress } from '../connection/address.ts'
import type { ConnectionOptions } from '../connection/connection.ts'
import type { Examination } from '../doctor/examine.ts'
import { type Credentials, connectionOptions, credentialsOf, whoOf } from './credentials.ts'
import { KeyProblem } from './key-problem.ts'
import type { Keys } from './keys.ts'
import {
  type ConnectionStore,
  type NewConnection,
  type SavedConnection,
  type SavedHealth,
  type SealedCredentials,
  type ShownConnection,
  shownConnection,
} from './saved-connection.ts'
import { isSealedWithOlder, open, seal } from './sealing.ts'
import type { CredentialValues } from './sign-in-ways.ts'

/**
 * Why something cannot be done with a saved connection; the message is for the person who asked.
 * @example
 * try {
 *   await savedInFolder(folder, {}).show('nobody')
 * } catch (error) {
 *   error instanceof ConnectionProblem // → true
 *   error.why // → 'not-found'
 * }
 */
export class ConnectionProblem extends Error {
  override readonly name = 'ConnectionProblem'
  readonly why: 'not-found' | 'name-taken' | 'invalid'

  constructor(why: ConnectionProblem['why'], message: string) {
    super(message)
    this.why = why
  }
}

/** A saved connection for whoever is to use it: its options hold secrets. */
export interface OpenedConnection {
  readonly shown: ShownConnection
  readonly inUse: ConnectionOptions
  readonly previous: ConnectionOptions | undefined
}

/** Some of it is an instance's own words. */
const LONGEST_PROBLEM = 500

const NAME = /^[a-z0-9][a-z0-9_-]{0,59}$/

/**
 * The saved connections of one store. What goes out of it by `list`, `show` and the changes never holds a secret.
 * @example
 * const saved = savedInFolder(folder, {})
 * await saved.add({ name: 'desk', environment: 'sandbox', url: baseUrl, values: { userName: 'before', password: 'x' } })
 * const examination = await examine(await saved.readOptionsWith('desk', { userName, password }))
 * await saved.rotate('desk', { userName, password })
 * const { inUse, previous } = await saved.recordExamination('desk', examination)
 * previous.who // → 'before'
 * inUse.who // → userName
 */
export class SavedConnections {
  readonly #store: ConnectionStore
  readonly #keys: () => Keys

  /** @param keys read at each use: they may be made, or change, while a process runs */
  constructor(store: ConnectionStore, keys: () => Keys) {
    this.#store = store
    this.#keys = keys
  }

  /** All of them, without secrets. */
  async list(): Promise<ShownConnection[]> {
    return (await this.#store.list()).map(shownConnection)
  }

  /** One of them, without secrets. @throws ConnectionProblem `not-found` */
  async show(name: string): Promise<ShownConnection> {
    return shownConnection(await this.#find(name))
  }

  /** @throws ConnectionProblem for a wrong or taken name; ServiceNowError `invalid` for an address or credentials that are none */
  async add({ name, environment, url, way, values }: NewConnection): Promise<ShownConnection> {
    if (!NAME.test(name)) {
      throw new ConnectionProblem(
        'invalid',
        `"${name}" is not a name: small letters, digits, - and _, at most 60, a letter or digit first.`,
      )
    }
    const address = understandAddress(url)
    const place = { name, environment, url: address }
    const row: SavedConnection = { ...place, inUse: this.#seal(place, credentialsOf(values, way)), previous: null, health: null }
    if (!(await this.#store.add(row))) throw new ConnectionProblem('name-taken', `There is a connection "${name}" already.`)
    return shownConnection(row)
  }

  /** What `connect` takes, with the credentials in use. */
  async readOptions(name: string): Promise<ConnectionOptions> {
    const row = await this.#find(name)
    return connectionOptions(row.url, this.#open(row, row.inUse))
  }

  /** One of them as it is shown, with what `connect` takes for the credentials in use and for those of before. */
  async open(name: string): Promise<OpenedConnection> {
    const row = await this.#find(name)
    const optionsOf = (one: SealedCredentials) => connectionOptions(row.url, this.#open(row, one))
    return { shown: shownConnection(row), inUse: optionsOf(row.inUse), previous: row.previous ? optionsOf(row.previous) : undefined }
  }

  /** What `connect` takes with other credentials: to check them before they are used. */
  async readOptionsWith(name: string, values: CredentialValues, way?: string): Promise<ConnectionOptions> {
    return connectionOptions((await this.#find(name)).url, credentialsOf(values, way))
  }

  /** Puts new credentials in use; those until now stay usable until they are retired. Check them first. */
  rotate(name: string, values: CredentialValues, way?: string): Promise<ShownConnection> {
    const credentials = credentialsOf(values, way)
    return this.#change(name, row => ({ ...row, inUse: this.#seal(row, credentials), previous: row.inUse, health: null }))
  }

  /** Takes the credentials of before the last rotation into use again. */
  back(name: string): Promise<ShownConnection> {
    return this.#change(name, row => {
      if (!row.previous) throw new ConnectionProblem('invalid', `"${name}" has no previous credentials.`)
      return { ...row, inUse: row.previous, previous: row.inUse, health: null }
    })
  }

  /** Forgets the credentials of before the last rotation. */
  retire(name: string): Promise<ShownConnection> {
    return this.#change(name, row => ({ ...row, previous: null }))
  }

  /** To another environment. There is no change of the address: its credentials were given for it alone, and would be sent elsewhere. */
  move(name: string, environment: SavedConnection['environment']): Promise<ShownConnection> {
    return this.#change(name, row => {
      const moved = { ...row, environment }
      const anew = (one: SealedCredentials) => ({ ...one, sealed: this.#sealText(moved, this.#openText(row, one)) })
      return { ...moved, inUse: anew(row.inUse), previous: row.previous && anew(row.previous) }
    })
  }

  /** Keeps what the doctor found as the connection's health. */
  recordExamination(name: string, { ok, at, checks }: Examination): Promise<ShownConnection> {
    const problems = checks
      .filter(({ state, needed }) => needed && state !== 'ok')
      .map(({ check, says }) => `${check}: ${says}`.slice(0, LONGEST_PROBLEM))
    const health: SavedHealth = { state: ok ? 'ok' : 'failing', checkedAt: at, problems }
    return this.#change(name, row => ({ ...row, health }))
  }

  /** Forgets a connection and its credentials. @throws ConnectionProblem `not-found` */
  async remove(name: string): Promise<void> {
    if (!NAME.test(name) || !(await this.#store.remove(name))) throw notFound(name)
  }

  /** Seals with the key in use what an older one has sealed; all of it or nothing. Says how many connections there are. */
  sealAnew(): Promise<number> {
    let read: Keys | undefined
    return this.#store.changeAll(row => {
      // Read with the first row: where nothing is saved, no key is made.
      read ??= this.#keys()
      const keys = read
      const anew = (one: SealedCredentials) =>
        isSealedWithOlder(keys, one.sealed) ? { ...one, sealed: this.#sealText(row, this.#openText(row, one)) } : one
      return { ...row, inUse: anew(row.inUse), previous: row.previous && anew(row.previous) }
    })
  }

  async #find(name: string): Promise<SavedConnection> {
    const row = NAME.test(name) ? await this.#store.find(name) : undefined
    if (row) return row
    throw notFound(name)
  }

  async #change(name: string, change: (row: SavedConnection) => SavedConnection): Promise<ShownConnection> {
    const row = NAME.test(name) ? await this.#store.change(name, change) : undefined
    if (row) return shownConnection(row)
    throw notFound(name)
  }

  #seal(place: Place, credentials: Credentials): SealedCredentials {
    const { way } = credentials
    return { way, who: whoOf(credentials), since: new Date().toISOString(), sealed: this.#sealText(place, JSON.stringify(credentials)) }
  }

  #open(row: SavedConnection, one: SealedCredentials): Credentials {
    return JSON.parse(this.#openText(row, one)) as Credentials
  }

  #sealText(place: Place, text: string): string {
    return seal(this.#keys(), text, placeOf(place))
  }

  #openText(place: Place, { sealed }: SealedCredentials): string {
    try {
      return open(this.#keys(), sealed, placeOf(place))
    } catch (error) {
      throw error instanceof KeyProblem ? new KeyProblem(`The credentials of "${place.name}" cannot be opened. ${error.message}`) : error
    }
  }
}

type Place = Pick<SavedConnection, 'name' | 'environment' | 'url'>

/** For what its credentials are sealed: in another place they do not open. */
export const placeOf = ({ name, environment, url }: Place) => `connection ${name} ${environment} ${url}`

const notFound = (name: string) => new ConnectionProblem('not-found', `There is no connection "${name}".`)
