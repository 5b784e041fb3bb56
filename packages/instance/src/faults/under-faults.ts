import type { Clock } from '../time/clock.ts'
import type { FaultEffect } from './request.ts'
import { strikeAfter, strikeBefore } from './strikes.ts'
import { type StruckCall, strikeDuring } from './writes.ts'

/**
 * Wraps the step that answers a call: what the faults do before it, while it writes, and to its answer. Without any it is the step itself.
 * @throws ConnectionReset where a fault breaks the connection
 */
export async function runUnderFaults<C extends StruckCall & { readonly practice: { readonly database: { readonly clock: Clock } } }>(
  faults: readonly FaultEffect[],
  call: C,
  step: (call: C) => Promise<Response>,
): Promise<Response> {
  if (faults.length === 0) return step(call)
  const { signal } = call.request
  const instead = await strikeBefore(faults, signal, call.practice.database.clock)
  return instead ?? strikeAfter(faults, await strikeDuring(faults, call, step), signal)
}
