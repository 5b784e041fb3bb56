import { expect, test } from 'vitest'
import { timesEach } from '../faults/sentences.ts'
import { type SocketInstance, type SocketSystem, startBehindSocket } from '../faults/socket-system.ts'
import type { OpenSystem } from '../system/open-system.ts'
import { putBackForTheFirstLook, setClock } from './clock-of-the-instance.ts'
import { PlayedHistory } from './played-history.ts'
import { rowsOf } from './rows-of-a-story.ts'
import { planned } from './seeded-history.ts'
import { amiss, settled } from './settled-history.ts'

/**
 * Everybody at work on a ticket that is filed, made, copied and moved, with an instance whose journal, audit, files and clock come and
 * go. Each happening is told once, in its order, to whom the ticket belonged then. HISTORY_SEED plays another one, HISTORY_STEPS makes it longer,
 * HISTORY_RUNS plays so many one after the other, each with the next seed.
 */
const SEED = Number(process.env.HISTORY_SEED ?? 601)
const STEPS = Number(process.env.HISTORY_STEPS ?? 54)
const RUNS = Number(process.env.HISTORY_RUNS ?? 1)

const CLOCKS = [
  { what: 'with a clock that goes on', jumps: false },
  { what: 'with a clock that jumps', jumps: true },
]
const SEEDS = Array.from({ length: RUNS }, (_, run) => SEED + run)

for (const { seed, what, jumps } of SEEDS.flatMap(seed => CLOCKS.map(clock => ({ seed, ...clock })))) {
  test(
    `a random history ${what} is told once, in order, to whom it belongs (seed ${seed}, ${STEPS} steps)`,
    async () => {
      console.log(`HISTORY_SEED=${seed} HISTORY_STEPS=${STEPS}, ${what}`)
      await using system = await startBehindSocket({ url: behind })
      await setClock(system.instance, { reset: true })
      const history = new PlayedHistory(system, planned(seed, STEPS), { clockJumps: jumps })
      const started = performance.now()
      await history.play()
      const played = performance.now()
      const { queues, exchange, late } = await settled(system, history, { restart: () => startedAgain(system) })
      const wrong = [...history.wrong, ...(await amiss(exchange, history.stories, queues)), ...(jumps ? [] : late)].map(({ says }) => says)
      const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`
      console.log(
        `seed ${seed}: ${history.stories.length} tickets, ${history.stories.flatMap(({ happenings }) => happenings).length} happenings,`,
        `${queues.customer.length + queues.otherCustomer.length} updates, ${history.clocks.length} clocks, skipped ${history.skipped.length};`,
        `played ${seconds(played - started)}, settled ${seconds(performance.now() - played)}; late ${late.length}, amiss ${wrong.length}`,
      )
      const concerned = history.stories.filter(({ name }) => wrong.some(sentence => sentence.startsWith(`${name}:`)))
      for (const story of concerned) console.log(await rowsOf(system, story, queues))
      for (const line of history.slow) console.log(`slow: ${line}`)
      if (wrong.length) console.log(`Clocks:\n  ${history.clocks.join('\n  ')}\n${wrong.join('\n')}`)
      expect(timesEach(wrong)).toEqual([])
    },
    180_000 + STEPS * 500,
  )
}

async function startedAgain({ exchange }: SocketSystem): Promise<OpenSystem> {
  await exchange.stop()
  return exchange.startAgain()
}

async function behind(instance: SocketInstance): Promise<string> {
  await putBackForTheFirstLook(instance)
  return instance.url
}
