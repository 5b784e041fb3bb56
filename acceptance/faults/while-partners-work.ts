import type { Desk } from '../system/desk.ts'
import type { StartedSystem } from '../system/start-system.ts'
import { amiss } from './account.ts'
import { Callers } from './callers.ts'
import { DeskAgent } from './desk-agent.ts'
import { ended, watchHealth } from './health.ts'
import { forbiddenAnswers, summaryOf } from './heard-answer.ts'

/** 10 s are promised; a machine with more work than cores may need half as much again. */
const ANSWERED_WITHIN_MS = 15_000
/** There is something to lose before it happens. */
const FIRST_MS = 1_500

export interface Scene {
  exchanges: readonly StartedSystem[]
  desk: Desk
}

/**
 * Something happens while 32 programs of partners and somebody of the desk work. Everything that went wrong, in sentences: what
 * `happens` says, an answer that no partner may hear, a process that ended, and what the books do not agree on afterwards.
 */
export async function whilePartnersWork(
  { exchanges, desk }: Scene,
  name: string,
  happens: (callers: Callers) => Promise<() => string[]>,
): Promise<string[]> {
  const callers = await Callers.begin(name, exchanges)
  const agent = new DeskAgent(desk, callers)
  const health = watchHealth(exchanges)
  await pause(FIRST_MS)
  const seen = await happens(callers)
  const speechless = agent.finish().then(
    () => [],
    error => [`The desk could not work: ${error}`],
  )
  await callers.finish()
  const unhealthy = await health.end()
  console.log(`${name}: ${callers.tickets.length} tickets filed. ${summaryOf(callers.answers)}`)
  return [
    ...ended(exchanges),
    ...unhealthy,
    ...forbiddenAnswers(callers.answers, { withinMs: ANSWERED_WITHIN_MS }),
    ...seen(),
    ...(await speechless),
    ...(await amiss({ desk, callers, agent, partner: customer => exchanges[0]!.partner(customer) }).catch(error => [
      `The books cannot be read: ${error}`,
    ])),
  ]
}

export const pause = (milliseconds: number) => new Promise(done => setTimeout(done, Math.max(0, milliseconds)))
