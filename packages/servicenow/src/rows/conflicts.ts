import { z } from 'zod'
import type { Sender } from '../performing/sender.ts'
import { changeCall, changeFrom, record } from './change-calls.ts'

/** How the check of a change for conflicts is asked about (servicenow-core 9.4). */

export const conflictsOutput = z.object({
  status: z.string().describe('Not Run, No Conflict or Conflict. Look at the list too: some instances say Conflict without one.'),
  lastRun: z.string().describe('UTC; empty before the first check.'),
  jobStatus: z.string().describe('Where the check is, in the words of the instance.'),
  conflicts: z.array(record),
})

/** The documentation names no words for a check that still runs; these were chosen so that an unknown word ends the waiting. */
export const STILL_RUNNING = /wait|ready|queue|progress|running|pending/i

const wire = z.object({
  status: z.coerce.string().nullish(),
  last_run: z.coerce.string().nullish(),
  job_status: z.coerce.string().nullish(),
  conflicts: z.array(z.unknown()).nullish(),
})

/** What the last check for conflicts found. @throws ServiceNowError kind `broken-answer` */
export function conflictCheckFrom(sender: Sender, given: unknown): z.output<typeof conflictsOutput> {
  const read = wire.safeParse(given)
  if (!read.success) throw sender.failure('broken-answer', 'the answer does not tell of conflicts')
  const { status, last_run, job_status, conflicts } = read.data
  return {
    status: status ?? '',
    lastRun: last_run ?? '',
    jobStatus: job_status ?? '',
    conflicts: (conflicts ?? []).map(one => changeFrom(sender, one)),
  }
}

export const conflictsCall = (sysId: string) => changeCall('GET', `/${sysId}/conflict`)
