import type { Patient } from './patient.ts'

/** What a check found. `could not tell`: what it looks at was not to be seen; that is no fault of the connection. */
export type State = 'ok' | 'not ok' | 'could not tell'

export interface Finding {
  readonly state: State
  /** What was seen, in a sentence. */
  readonly says: string
  /** What to change, in a sentence, where the row's own is too general. */
  readonly change?: string | undefined
}

/** One thing that the doctor looks at, without changing anything. */
export interface HealthCheck {
  readonly name: string
  /** What is asked of the instance or the network. */
  readonly asks: string
  /** What it means for the connection. */
  readonly means: string
  /** What to change when it is not ok. */
  readonly change: string
  /** A connection without it cannot be used; the others are good to know, or needed by some actions. */
  readonly needed: boolean
  /** Checks without which there is nothing to see here. */
  readonly after: readonly string[]
  inspect(patient: Patient): Promise<Finding>
}

export const ok = (says: string): Finding => ({ state: 'ok', says })
export const notOk = (says: string, change?: string): Finding => ({ state: 'not ok', says, change })
export const couldNotTell = (says: string, change?: string): Finding => ({ state: 'could not tell', says, change })
