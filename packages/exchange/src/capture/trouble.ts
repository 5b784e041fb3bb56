import { ServiceNowError } from '@deskbridge/servicenow'
import type { Environment } from '../platform/environment.ts'

/** Why something is not told to its partner as it should be, in one environment. */
export interface CaptureTrouble {
  /**
   * `capture-failing`: the instance or the database could not be asked. `capture-blind`: it hides what it has. `rows-ahead`: records carry
   * a time that the instance has not reached. `clock-odd`: nobody can tell what time the instance has.
   */
  kind: 'capture-failing' | 'capture-blind' | 'rows-ahead' | 'clock-odd'
  environment: Environment
  since: Date
  /** For the operator's eyes. */
  cause: string
  count: number
}

/** What a look met with. */
export interface Met {
  kind: CaptureTrouble['kind']
  cause: unknown
  count?: number
}

/** A look that did what it could, and met something that a person must know. */
export class Troubled extends Error {
  readonly met: readonly Met[]

  constructor(met: readonly Met[]) {
    super('The look met trouble')
    this.met = met
  }
}

/** An instance that answers and shows less than it has is told apart from one that cannot be asked. */
export const kindOf = (error: unknown): CaptureTrouble['kind'] =>
  error instanceof ServiceNowError && ['unreadable', 'forbidden'].includes(error.kind) ? 'capture-blind' : 'capture-failing'

/** One trouble a kind; it goes on since the look in which it was met first. */
export function asTroubles(met: readonly Met[], before: readonly CaptureTrouble[], environment: Environment): CaptureTrouble[] {
  return [...new Set(met.map(one => one.kind))].map(kind => {
    const same = met.filter(one => one.kind === kind)
    const { cause, count = 1 } = same[0]!
    return {
      kind,
      environment,
      since: before.find(one => one.kind === kind)?.since ?? new Date(),
      cause: cause instanceof Error ? cause.message : String(cause),
      count,
    }
  })
}
