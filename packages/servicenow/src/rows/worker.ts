import { z } from 'zod'
import type { Sender } from '../performing/sender.ts'

/** What the Change Management API does on its own time: a worker, asked until it is done (servicenow-core 9.4). */

const STATES: Readonly<Record<number, 'waiting' | 'complete' | 'error'>> = { 1: 'waiting', 2: 'waiting', 3: 'complete', 4: 'error' }
const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 2_000
/** Some 30 seconds of polling; `change.worker` asks for longer ones. */
const LOOKS = 20

const moment = z.object({ value: z.string(), display_value: z.string() })

export const workerOutput = z.object({
  worker: z.string().describe('sys_id of the worker, for change.worker.'),
  state: z.enum(['waiting', 'complete', 'error']).describe('waiting: not done within half a minute; ask change.worker.'),
  messages: z.array(z.string()).describe('What it says: errors first.'),
  spans: z.array(z.object({ start: moment, end: moment })).describe('Free time, for schedules; else empty.'),
})

export type Worker = z.output<typeof workerOutput>

const wire = z.object({
  worker: z.object({ sysId: z.string() }),
  state: z.object({ value: z.coerce.number() }),
  messages: z
    .object({
      errorMessages: z.array(z.unknown()).nullish(),
      warningMessages: z.array(z.unknown()).nullish(),
      infoMessages: z.array(z.unknown()).nullish(),
    })
    .nullish(),
  payload: z.object({ spans: z.array(z.object({ start: moment, end: moment })).nullish() }).nullish(),
})

/** What a worker says of itself. @throws ServiceNowError kind `broken-answer` */
export function workerFrom(sender: Sender, given: unknown): Worker {
  const read = wire.safeParse(given)
  if (!read.success) throw sender.failure('broken-answer', 'the answer is no worker')
  const { worker, state, messages, payload } = read.data
  const { errorMessages, warningMessages, infoMessages } = messages ?? {}
  return {
    worker: worker.sysId,
    state: STATES[state.value] ?? 'waiting',
    messages: [...(errorMessages ?? []), ...(warningMessages ?? []), ...(infoMessages ?? [])].map(String),
    spans: payload?.spans ?? [],
  }
}

/** Asks again until a look is the last one, or for as long as `LOOKS` allow; the last look is the answer. */
export async function pollUntil<T>(sender: Sender, first: T, done: (look: T) => boolean, again: () => Promise<T>): Promise<T> {
  let look = first
  for (let nth = 0; nth < LOOKS && !done(look); nth++) {
    await sender.pause(Math.min(FIRST_PAUSE_MS * 2 ** nth, LONGEST_PAUSE_MS))
    look = await again()
  }
  return look
}

/** Polls a worker until it is done or failed, for some 30 seconds; the last look is the answer. */
export function awaitWorker(sender: Sender, first: Worker): Promise<Worker> {
  return pollUntil(
    sender,
    first,
    ({ state }) => state !== 'waiting',
    async () => workerFrom(sender, (await sender.send(workerCall(first.worker))).result),
  )
}

/** Asks how far a worker is. */
export function workerCall(sysId: string) {
  return { method: 'GET', path: `/api/sn_chg_rest/v1/change/worker/${sysId}` } as const
}
