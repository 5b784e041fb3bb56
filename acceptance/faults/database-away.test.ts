import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DatabaseGate } from './database-gate.ts'
import { type GatedSystem, startBehindGate } from './gated-system.ts'
import { untilReadyz } from './health.ts'
import { servedTooLate } from './heard-answer.ts'
import { until } from './socket-system.ts'
import { pause, whilePartnersWork } from './while-partners-work.ts'

const GOES = {
  'is cut off': (gate: DatabaseGate) => gate.cut(),
  'refuses connections': (gate: DatabaseGate) => gate.refuse(),
  'stands still': (gate: DatabaseGate) => gate.stall(),
}

/** Those of LONG_OUTAGES are for when there is time for them. */
const OUTAGES: readonly { how: keyof typeof GOES; seconds: number }[] = [
  { how: 'is cut off', seconds: 0.2 },
  { how: 'refuses connections', seconds: 4 },
  { how: 'stands still', seconds: 6 },
  ...(process.env.LONG_OUTAGES
    ? ([
        { how: 'is cut off', seconds: 20 },
        { how: 'refuses connections', seconds: 20 },
        { how: 'stands still', seconds: 20 },
      ] as const)
    : []),
]
/** Nobody can be expected to notice an outage that is shorter. */
const NOTICED_FROM_SECONDS = 1
const POOL = 12
const PRACTICE = 9

let system: GatedSystem
beforeAll(async () => {
  system = await startBehindGate()
})
afterAll(async () => {
  await system?.[Symbol.asyncDispose]()
})

for (const [at, { how, seconds }] of OUTAGES.entries())
  test(
    `the database ${how} for ${seconds} s while 32 programs work at two exchanges: nothing is lost, doubled or told twice`,
    async () => {
      const { exchanges, instance, gate } = system
      const wrong = await whilePartnersWork({ exchanges, desk: instance.desk }, `AWAY${at}`, async callers => {
        const beganAt = Date.now()
        await GOES[how](gate)
        const unnoticed = seconds < NOTICED_FROM_SECONDS ? [] : await untilReadyz(exchanges, 503, seconds * 1_000)
        await pause(beganAt + seconds * 1_000 - Date.now())
        await gate.open()
        const backAt = Date.now()
        const notReady = await untilReadyz(exchanges, 200, 10_000)
        await pause(2_500)
        return () => [...unnoticed, ...notReady, ...servedTooLate(callers.answers, exchanges.length, backAt)]
      })
      expect(wrong).toEqual([])
      await connectionsAsBefore()
    },
    90_000 + seconds * 1_000,
  )

/** Each exchange has its pool, one connection that listens, and those of its practice instance for production; nothing beside them. */
async function connectionsAsBefore(): Promise<void> {
  const question = `select application_name as name, count(*)::int as open from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() group by 1`
  let open: Record<string, number> = {}
  await until('there are as many connections as before', async () => {
    open = Object.fromEntries((await system.rows(question)).map(row => [row.name, row.open]))
    const { 'deskbridge notices': listening = 0, 'deskbridge exchange': pooled = 0, ...others } = open
    const count = system.exchanges.length
    const practice = Object.values(others).every(connections => connections <= PRACTICE)
    return listening === count && pooled <= POOL * count && practice && Object.keys(others).length <= count
  }).catch(error => {
    throw new Error(`${error.message}: ${JSON.stringify(open)}`)
  })
}
