import type { SocketInstance } from '../faults/socket-system.ts'
import { ask, basic } from '../system/answer.ts'

export type ClockChange = { advance: string } | { reset: true }

/** Sets the practice instance's clock: `{ advance: '-5m' }`, or `{ reset: true }` to that of its machine. */
export async function setClock({ desk }: SocketInstance, change: ClockChange): Promise<void> {
  const { url, username = '', password = '' } = desk.access
  const { status, body } = await ask(`${url}/practice/clock`, {
    method: 'PUT',
    headers: { authorization: basic(username, password), 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(change),
  })
  if (status !== 200) throw new Error(`The clock was not set: ${status} ${JSON.stringify(body)}`)
}

/** The exchange looks for the first time: the clock is never put back to before that. What it met then is history to it. */
export const putBackForTheFirstLook = (instance: SocketInstance): Promise<void> => setClock(instance, { advance: '-30m' })

/** The instance's clock, by which its rows carry their times. */
export class InstanceClock {
  readonly #instance: SocketInstance
  #aheadMs = 0

  constructor(instance: SocketInstance) {
    this.#instance = instance
  }

  now(): string {
    return new Date(Date.now() + this.#aheadMs).toISOString().slice(0, 19).replace('T', ' ')
  }

  async set(minutes: number): Promise<void> {
    await setClock(this.#instance, minutes ? { advance: `${minutes}m` } : { reset: true })
    this.#aheadMs = minutes * 60_000
  }
}
