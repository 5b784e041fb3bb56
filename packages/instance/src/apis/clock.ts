import { z } from 'zod'
import type { ApiCall } from '../call/call.ts'
import { readInput } from '../records/input.ts'
import { readStored } from '../records/update.ts'
import { insertRecord, removeRecord, updateRecord } from '../records/writing.ts'
import { notAClock } from '../refusals/clock.ts'
import { CLOCK_PROPERTY } from '../standing/standing.ts'
import { fixedSysId } from '../sys-id.ts'
import { isOffset } from '../time/clock.ts'
import { instantOfUtc, utcText } from '../time/time-zone.ts'
import { json } from '../wire/answer.ts'
import { readObject } from '../wire/body.ts'
import { assertNothingSaid } from './practice-input.ts'

/** The instance's clock, a door that only the practice instance has. It is kept as a system property. */

const SET = z.union([
  z.strictObject({ now: z.string() }),
  z.strictObject({ advance: z.string() }),
  z.strictObject({ reset: z.literal(true) }),
])

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 }

/** GET /practice/clock */
export async function readClock({ practice }: ApiCall): Promise<Response> {
  const { clock } = practice.database
  return json(200, { result: { now: utcText(clock.now()), offset_seconds: clock.offsetSeconds, set: clock.isSet } })
}

/** PUT /practice/clock: `{"now":"2026-01-01 00:00:00"}`, `{"advance":"2d"}` or `{"reset":true}`. */
export async function setClock(call: ApiCall): Promise<Response> {
  const read = SET.safeParse(await readObject(call.request))
  if (!read.success) throw notAClock()
  return moveClock(
    call,
    'now' in read.data ? offsetOf(read.data.now) : 'advance' in read.data ? advancedOffset(call, read.data.advance) : 0,
  )
}

/** DELETE /practice/clock */
export async function resetClock(call: ApiCall): Promise<Response> {
  await assertNothingSaid(call, 'it sets the clock back to that of the machine')
  return moveClock(call, 0)
}

/** Up to the next whole second, so that the time which was asked for is not one of the past. */
function offsetOf(text: string): number {
  const instant = instantOfUtc(text)
  if (instant === undefined) throw notAClock()
  return Math.ceil((instant - Date.now()) / 1000)
}

function advancedOffset({ practice }: ApiCall, text: string): number {
  const [, sign = '', count = '', unit = ''] = /^([+-]?)(\d{1,9})\s*([smhdw])$/.exec(text.trim()) ?? []
  if (unit === '') throw notAClock()
  return practice.database.clock.offsetSeconds + (sign === '-' ? -1 : 1) * Number(count) * SECONDS[unit]!
}

async function moveClock(call: ApiCall, offsetSeconds: number): Promise<Response> {
  if (!isOffset(offsetSeconds)) throw notAClock()
  await storeOffset(call, offsetSeconds)
  await call.practice.standing.refresh()
  return readClock(call)
}

async function storeOffset({ practice, caller }: ApiCall, offsetSeconds: number): Promise<void> {
  const table = practice.dictionary.table('sys_properties')!
  const projection = practice.projections.of(table, 'sys_id', 'false')
  const sysId = fixedSysId(`property ${CLOCK_PROPERTY}`)
  if (offsetSeconds === 0) {
    const known = await readStored(practice, { table, sysId })
    if (known) await removeRecord(practice, known, caller)
    return
  }
  const fields = {
    name: CLOCK_PROPERTY,
    value: String(offsetSeconds),
    description: 'By how many seconds this instance is ahead of its machine',
  }
  const input = await readInput(practice, { table, body: fields, caller })
  if (await updateRecord(practice, { table, caller, projection, sysId, read: () => input })) return
  await insertRecord(practice, { table, caller, projection, input, sysId })
}
