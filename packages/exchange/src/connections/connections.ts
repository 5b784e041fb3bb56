import {
  ConnectionProblem,
  type CredentialValues,
  type Examination,
  examine,
  KeyProblem,
  type NewConnection,
  type SavedConnections,
  ServiceNowError,
  type ShownConnection,
} from '@deskbridge/servicenow'
import { ExchangeError } from '../platform/errors.ts'

/** What the operator does with saved connections: the same as on the command line, in the words of the API. */
export class OperatorConnections {
  readonly #saved: SavedConnections
  readonly #inUse: ReadonlyMap<string, string>
  readonly #tellChanged: (name: string) => Promise<void>

  /**
   * @param inUse the connections that this exchange itself signs in with, each with the setting that names it
   * @param tellChanged tells all exchange processes that one has changed
   */
  constructor(saved: SavedConnections, inUse: ReadonlyMap<string, string>, tellChanged: (name: string) => Promise<void>) {
    this.#saved = saved
    this.#inUse = inUse
    this.#tellChanged = tellChanged
  }

  list = (): Promise<ShownConnection[]> => runInOurWords(() => this.#saved.list())
  show = (name: string): Promise<ShownConnection> => runInOurWords(() => this.#saved.show(name))
  back = (name: string): Promise<ShownConnection> => this.#changing(name, () => this.#saved.back(name))
  retire = (name: string): Promise<ShownConnection> => this.#changing(name, () => this.#saved.retire(name))

  /** @throws ExchangeError connection_in_use */
  async move(name: string, environment: ShownConnection['environment']): Promise<ShownConnection> {
    this.#assertNotInUse(name)
    return this.#changing(name, () => this.#saved.move(name, environment))
  }

  /** @throws ExchangeError connection_in_use */
  async remove(name: string): Promise<void> {
    this.#assertNotInUse(name)
    await this.#changing(name, () => this.#saved.remove(name))
  }

  sealAnew = (): Promise<number> => runInOurWords(() => this.#saved.sealAnew())

  /** One that does not work yet is saved too: its health says why. */
  add(connection: NewConnection): Promise<ShownConnection> {
    return runInOurWords(async () => {
      await this.#saved.add(connection)
      return (await this.#check(connection.name)).connection
    })
  }

  /** The doctor's findings; they become the connection's health. */
  check(name: string): Promise<Examination> {
    return runInOurWords(async () => (await this.#check(name)).examination)
  }

  /** Puts new credentials in use once the doctor has seen that they work; those until now stay usable until they are retired. */
  rotate(name: string, values: CredentialValues, way: string | undefined): Promise<ShownConnection> {
    return this.#changing(name, async () => {
      const examination = await examine(await this.#saved.readOptionsWith(name, values, way))
      if (!examination.ok) {
        const problems = missing(examination)
        throw new ExchangeError('credentials_do_not_work', `The connection keeps the credentials it has: ${problems[0]?.problem}.`, {
          extra: { problems },
        })
      }
      await this.#saved.rotate(name, values, way)
      return this.#saved.recordExamination(name, examination)
    })
  }

  /** A notice that is lost is made up for: whoever follows a connection looks by itself too. */
  async #changing<T>(name: string, work: () => Promise<T>): Promise<T> {
    const done = await runInOurWords(work)
    await this.#tellChanged(name).catch(() => {})
    return done
  }

  #assertNotInUse(name: string): void {
    const setting = this.#inUse.get(name)
    if (setting) throw new ExchangeError('connection_in_use', `The exchange itself signs in with "${name}" (${setting}).`)
  }

  async #check(name: string): Promise<{ connection: ShownConnection; examination: Examination }> {
    const examination = await examine(await this.#saved.readOptions(name))
    return { connection: await this.#saved.recordExamination(name, examination), examination }
  }
}

const missing = ({ checks }: Examination) =>
  checks
    .filter(({ needed, state }) => needed && state !== 'ok')
    .map(({ check, says, change }) => ({ problem: `${check}: ${says}`, ...(change ? { change } : {}) }))

const CODES = { 'not-found': 'not_found', 'name-taken': 'name_taken', invalid: 'invalid_field' } as const

async function runInOurWords<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof ConnectionProblem) throw new ExchangeError(CODES[error.why], error.message)
    if (error instanceof KeyProblem) throw new ExchangeError('key_unusable', error.message, { cause: error })
    if (error instanceof ServiceNowError && error.kind === 'invalid') throw new ExchangeError('invalid_field', `${error.detail}.`)
    throw error
  }
}
