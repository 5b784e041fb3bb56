import { setTimeout as pause } from 'node:timers/promises'
import { randomness } from '../concurrency/randomness.ts'
import type { Turns } from '../concurrency/turns.ts'
import type { DatabaseGate } from '../faults/database-gate.ts'
import type { SocketInstance } from '../faults/socket-system.ts'
import type { Exchanges } from './exchanges.ts'
import type { Follower } from './followers.ts'
import type { KeptHistory } from './kept-history.ts'

/** A write is held for 30 s; whoever stood still for longer has lost it. */
const LONGER_THAN_THE_HOLD_MS = 35_000

export interface Struck {
  exchanges: Exchanges
  gate: DatabaseGate
  instance: SocketInstance
  followers: readonly Follower[]
  turns: Turns
  kept: KeptHistory
}

type Random = () => number
type Strike = (struck: Struck, random: Random) => Promise<string>

const msOf = (random: Random, least: number, most: number) => Math.round(least + random() * (most - least))
const oneOf = <T>(random: Random, list: readonly T[]): T => list[Math.floor(random() * list.length)]!

const restart =
  (how: 'stop' | 'kill'): Strike =>
  async ({ exchanges }, random) => {
    const exchange = Math.floor(random() * exchanges.count)
    const afterMs = msOf(random, 0, 1_500)
    await exchanges.restarted(exchange, how, afterMs)
    return `exchange ${exchange} ${how === 'stop' ? 'was asked to end' : 'was killed'}, and started again after ${afterMs} ms`
  }

async function cutDatabase({ gate }: Struck, random: Random): Promise<string> {
  const how = oneOf(random, ['cut', 'refuse', 'stall'] as const)
  const forMs = msOf(random, 500, 3_000)
  await gate[how]()
  await pause(forMs)
  await gate.open()
  return `the database was away for ${forMs} ms (${how})`
}

/** People of the desk have nothing to write on meanwhile; what partners sent is on its way. */
async function killInstance({ instance, turns }: Struck, random: Random): Promise<string> {
  const forMs = msOf(random, 0, 1_500)
  await turns.alone(async () => {
    await instance.kill()
    await pause(forMs)
    await instance.startAgain()
  })
  return `the instance was killed, and started again after ${forMs} ms`
}

async function killFollower({ followers }: Struck, random: Random): Promise<string> {
  const follower = oneOf(random, followers)
  await follower.killed()
  return `the poller ${follower.name} was killed`
}

async function standStill({ exchanges }: Struck, random: Random): Promise<string> {
  const exchange = Math.floor(random() * exchanges.count)
  const forMs = LONGER_THAN_THE_HOLD_MS + msOf(random, 0, 5_000)
  await exchanges.stoodStill(exchange, forMs)
  return `exchange ${exchange} stood still for ${forMs} ms`
}

/** One after the other, so that a time without any of them comes too. */
const STRIKES: readonly Strike[] = [restart('stop'), restart('kill'), cutDatabase, killInstance, killFollower, standStill]
/** What a run of seconds has the time for: all but the last, which takes longer than it. */
const SHORT_STRIKES = STRIKES.slice(0, -1)

export interface Pace {
  /** Milliseconds from one strike to the next: at least, and at most. */
  between: readonly [least: number, most: number]
  /** Only what takes seconds, each once. */
  isShort: boolean
}

export interface Strikes {
  /** Fails as soon as something did not come back; never settles otherwise. */
  readonly failed: Promise<never>
  /** Gives how many there were. */
  end(): Promise<number>
}

/** Strikes until it is ended: each kind once, in an order of the seed's, before any comes again. */
export function strikeUntilEnded(struck: Struck, seed: number, { between, isShort }: Pace): Strikes {
  const random = randomness(seed)
  const ended = new AbortController()
  let count = 0
  const work = (async () => {
    for (let left: Strike[] = []; ; count++) {
      await pause(msOf(random, ...between), undefined, { signal: ended.signal }).catch(() => {})
      if (ended.signal.aborted) return
      if (isShort && count === SHORT_STRIKES.length) return
      if (!left.length) left = [...(isShort ? SHORT_STRIKES : STRIKES)]
      const [strike] = left.splice(Math.floor(random() * left.length), 1)
      struck.kept.keep({ actor: 'fate', what: strike!.name || 'restart' })
      struck.kept.keep({ actor: 'fate', what: await strike!(struck, random) })
    }
  })()
  const failed = new Promise<never>((_, fail) => {
    work.catch(fail)
  })
  failed.catch(() => {})
  return {
    failed,
    async end() {
      ended.abort()
      await work
      return count
    },
  }
}
