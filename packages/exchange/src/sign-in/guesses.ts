import { networkOf } from '../platform/caller-address.ts'
import type { Database } from '../platform/database.ts'
import { ExchangeError } from '../platform/errors.ts'
import type { Guess, Place } from './guess.ts'
import { findKnownPlace, giveBackTry, type ReservedTry, rememberPlace, reserveTry } from './guesses.store.ts'

/**
 * Tries a minute (docs/decisions/0012). A place where the name has signed in before has `place` alone; everywhere else all of them hold. Each
 * network has its first try at a name before any other has a second one: many are needed to keep a newcomer out.
 */
const TRIES = {
  /** Of one name from one network. */
  place: 10,
  /** From one network, whatever the names. */
  network: 30,
  /** Of one name: the first ones of networks. */
  first: 100,
  /** Of one name: all others. */
  further: 30,
} as const

const LONGEST_NAME = 200

const TOO_MANY = {
  client: 'Too many wrong secrets for this client_id or from this address.',
  person: 'Too many wrong passwords for this e-mail address or from this address.',
  token: 'Too many wrong tokens from this address.',
} as const

/** Counts guesses at secrets over all processes of a database: what is bounded, TRIES says. */
export interface Guesses {
  /**
   * Lets `verify` say whether a guess is right, once a try is reserved for it; `verify` answers undefined when it is not. A right one gives its
   * try back. Counted over all processes of a database. Equal guesses at once are looked at one after the other, so that a system that
   * signs in fifty times at once needs one try.
   * @throws ExchangeError too_many_wrong_secrets, without asking `verify`
   */
  check<T extends object>(guess: Guess, verify: (name: string, known: boolean) => Promise<T | undefined>): Promise<T | undefined>
}

/** Counts guesses at secrets, and bounds them. */
export function openGuesses(database: Database): Guesses {
  /** By guess: whether the one that is looked at now was right. */
  const underWay = new Map<string, Promise<boolean>>()

  return {
    async check(guess, verify) {
      const name = guess.name.replaceAll('\0', '').slice(0, LONGEST_NAME)
      const place = { kind: guess.kind, name, network: networkOf(guess.address) }
      const same = JSON.stringify([place, guess.secret])
      for (let other = underWay.get(same); other; other = underWay.get(same)) if (await other) return verify(name, true)
      const first = checkOnce(place, known => verify(name, known))
      const right = first.then(found => found !== undefined)
      underWay.set(same, right)
      // A waiting check is given the failure; without one it must not end the process.
      right.catch(() => {})
      try {
        return await first
      } finally {
        underWay.delete(same)
      }
    },
  }

  async function checkOnce<T>(place: Place, verify: (known: boolean) => Promise<T | undefined>): Promise<T | undefined> {
    const { known, longAgo } = await findKnownPlace(database, place)
    const reserved: ReservedTry[] = []
    let wrong = false
    try {
      await reserve(place, known, reserved)
      const found = await verify(known)
      if (found === undefined) wrong = true
      else if (longAgo) await rememberPlace(database, place)
      return found
    } finally {
      // A try that was right, or that nobody has looked at, is none. One after the other: together they could deadlock.
      if (!wrong) for (const one of reserved) await giveBackTry(database, one)
    }
  }

  async function reserve({ kind, name, network }: Place, known: boolean, reserved: ReservedTry[]): Promise<void> {
    const take = async (counted: string, most: number, ...what: string[]) => {
      const one = await reserveTry(database, `${kind} ${counted}`, JSON.stringify(what), most)
      if (!one) throw new ExchangeError('too_many_wrong_secrets', TOO_MANY[kind], { retryAfter: 60 })
      reserved.push(one)
      return one.tries
    }
    if (known) return void (await take('known place', TRIES.place, name, network))
    // First, so that one address with ever new names makes no more rows than it has tries.
    await take('network', TRIES.network, network)
    const nth = await take('place', TRIES.place, name, network)
    const share = nth === 1 ? 'first' : 'further'
    await take(share, TRIES[share], name)
  }
}
