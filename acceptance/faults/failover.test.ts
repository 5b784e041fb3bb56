import { expect, test } from 'vitest'
import { type GatedSystem, PATIENT, startBehindGate } from './gated-system.ts'
import { untilReadyz } from './health.ts'
import { servedTooLate } from './heard-answer.ts'
import { type PostgresPair, startPair } from './postgres-pair.ts'
import { pause, whilePartnersWork } from './while-partners-work.ts'

/** Until somebody notices, decides and promotes. */
const DECIDED_AFTER_MS = 2_000
/** How much an asynchronous standby misses. */
const BEHIND_MS = 2_000

test('the database server is killed and its synchronous standby promoted: nothing is lost or doubled, and nothing has to be looked for', async () => {
  await using pair = await startPair('synchronous')
  await using system = await startBehindGate({ database: pair.primary.url() })
  expect(await whatGoesWrong(pair, system)).toEqual([])
  expect(await horizons(system)).toEqual([])
}, 120_000)

// It says of the replacement of a server what restored-from-backup says of a restore, so it is for when there is time. A filing that is
// not found has to wait for the settle time.
if (process.env.LONG_OUTAGES)
  test('the standby that is promoted has not heard of the last 2 s: nothing is lost or doubled in ServiceNow, and the exchanges know what to look for', async () => {
    await using pair = await startPair('asynchronous')
    await using system = await startBehindGate({ database: pair.primary.url() })
    const behind = async () => {
      await pair.fallBehind()
      await pause(BEHIND_MS)
    }
    expect(await whatGoesWrong(pair, system, behind, Number(PATIENT.SERVICENOW_SETTLE_SECONDS))).toEqual([])
    expect(await horizons(system)).not.toEqual([])
  }, 120_000)

async function whatGoesWrong(
  pair: PostgresPair,
  { exchanges, instance, gate }: GatedSystem,
  before = async () => {},
  settleSeconds = 0,
): Promise<string[]> {
  return whilePartnersWork({ exchanges, desk: instance.desk }, 'FAILOVER', async callers => {
    await before()
    await pair.primary.kill()
    await pause(DECIDED_AFTER_MS)
    await pair.promote()
    await gate.switchTo(pair.standby.url())
    const switchedAt = Date.now()
    const notReady = await untilReadyz(exchanges, 200, 10_000)
    await pause(4_000)
    return () => [...notReady, ...servedTooLate(callers.answers, exchanges.length, switchedAt, settleSeconds)]
  })
}

/** Where the exchanges have noticed that the database lost something, and since when. */
const horizons = (system: GatedSystem) => system.rows('select since, why from exchange.horizon')
