import type { PlayedOn } from '../faults/socket-system.ts'
import type { InstanceClock } from './clock-of-the-instance.ts'
import type { Company } from './seeded-history.ts'
import type { Amiss, Happening, Party, Story } from './told-history.ts'
import type { Turns } from './turns.ts'
import type { WholeQueue } from './whole-queue.ts'

/** A partner's program goes on sending for so long, whatever is struck meanwhile. */
export const PATIENT_MS = 300_000
/** A partner that was not told of a ticket by then says nothing on it. */
export const TOLD_WITHIN_MS = 10_000

export interface WorkerParts {
  system: PlayedOn
  turns: Turns
  clock: InstanceClock
  queues: Readonly<Record<Party, WholeQueue>>
  companies: Readonly<Record<Company, string>>
  wrong: Amiss[]
  stories: Story[]
  /** Takes down what was done on a record. */
  happened(story: Story, happening: Happening): void
  skipped: string[]
  hide(name: string, forMs: number): Promise<void>
}
