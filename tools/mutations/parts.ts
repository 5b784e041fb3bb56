import type { Mutation } from './mutation.ts'
import { ACCESS } from './rows/access.ts'
import { ADMINISTRATION } from './rows/administration.ts'
import { CAPTURE } from './rows/capture.ts'
import { FOREIGN_INPUT } from './rows/foreign-input.ts'
import { GUESSES } from './rows/guesses.ts'
import { MACHINE } from './rows/machine.ts'
import { NOTHING_CROSSES } from './rows/nothing-crosses.ts'
import { OUTAGES } from './rows/outages.ts'
import { PACKED } from './rows/packed.ts'
import { PARTNERS } from './rows/partners.ts'
import { PRACTICE } from './rows/practice.ts'
import { QUEUE } from './rows/queue.ts'
import { SAVED_CONNECTIONS } from './rows/saved-connections.ts'
import { SECRETS } from './rows/secrets.ts'
import { UNKNOWN_OUTCOMES } from './rows/unknown-outcomes.ts'
import { WRITES } from './rows/writes.ts'

/** Grouped like the documents; `access` is what the walks over all rows notice. */
export const PARTS: Readonly<Record<string, readonly Mutation[]>> = {
  writes: [...WRITES, ...UNKNOWN_OUTCOMES],
  outages: OUTAGES,
  'saved-connections': SAVED_CONNECTIONS,
  capture: CAPTURE,
  queue: QUEUE,
  partners: PARTNERS,
  administration: ADMINISTRATION,
  'nothing-crosses': NOTHING_CROSSES,
  security: [...FOREIGN_INPUT, ...GUESSES, ...SECRETS, ...MACHINE],
  practice: PRACTICE,
  packed: PACKED,
  access: ACCESS,
}

export const MUTATIONS: readonly Mutation[] = Object.values(PARTS).flat()
