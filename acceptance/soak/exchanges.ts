import type { StartedSystem } from '../system/start-system.ts'

interface Away {
  from: number
  until: number
  stoodStill: boolean
}

/** The exchanges of a soak, which end and start again; and when each was away, so that nobody is blamed for its silence then. */
export class Exchanges {
  readonly #now: StartedSystem[]
  readonly #away: Away[][]
  readonly #first: StartedSystem

  constructor(started: readonly StartedSystem[]) {
    this.#now = [...started]
    this.#first = started[0]!
    this.#away = started.map(() => [])
  }

  get count(): number {
    return this.#now.length
  }

  /** What first-steps.json said at first; the addresses stay the same. */
  get first(): StartedSystem {
    return this.#first
  }

  at(number: number): StartedSystem {
    return this.#now[number]!
  }

  /** Whether it was away at any moment of this time. */
  wasAway(exchange: number, from: number, until: number): boolean {
    return this.#away[exchange]!.some(away => away.from <= until && away.until >= from)
  }

  /** Whether it stood still at any moment of this time. */
  stood(exchange: number, from: number, until: number): boolean {
    return this.#away[exchange]!.some(away => away.stoodStill && away.from <= until && away.until >= from)
  }

  /** Ends it as somebody says, waits, and starts it again. */
  async restarted(exchange: number, end: 'stop' | 'kill', afterMs = 0): Promise<StartedSystem> {
    return this.#during(exchange, false, async () => {
      const ended = await this.at(exchange)[end]()
      if (end === 'stop' && ended.code !== 0)
        throw new Error(`Exchange ${exchange} was asked to end and said ${ended.code}:\n${ended.output}`)
      await pause(afterMs)
      const next = await this.at(exchange).startAgain()
      this.#now[exchange] = next
      return next
    })
  }

  /** SIGSTOP, and SIGCONT after a while. */
  async stoodStill(exchange: number, forMs: number): Promise<void> {
    const { processId } = this.at(exchange)
    return this.#during(exchange, true, async () => {
      process.kill(processId, 'SIGSTOP')
      await pause(forMs)
      process.kill(processId, 'SIGCONT')
    })
  }

  async #during<T>(exchange: number, stoodStill: boolean, act: () => Promise<T>): Promise<T> {
    const away: Away = { from: Date.now(), until: Number.POSITIVE_INFINITY, stoodStill }
    this.#away[exchange]!.push(away)
    try {
      return await act()
    } finally {
      away.until = Date.now()
    }
  }
}

const pause = (milliseconds: number) => new Promise(done => setTimeout(done, milliseconds))
