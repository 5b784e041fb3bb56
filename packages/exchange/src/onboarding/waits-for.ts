import type { Terms } from '../agreements/index.ts'
import type { Environment } from '../platform/environment.ts'

/** What is there of a partner in one environment. */
export interface There {
  environment: Environment
  /** Null: no agreement. */
  terms: Terms | null
  /** Projects that are not ended. */
  projects: number
  /** Client secrets of these projects that open something now. */
  secrets: number
}

const isCustomer = ({ terms }: There) => terms?.roles.includes('customer') ?? false
const isProvider = ({ terms }: There) => terms?.roles.includes('provider') ?? false

/** What a partner needs before it can file and be told, in the order in which an operator gives it. */
const NEEDS: readonly { what: string; isMissing: (there: There) => boolean }[] = [
  { what: 'an agreement', isMissing: ({ terms }) => !terms },
  { what: 'a ticket type', isMissing: there => isCustomer(there) && !there.terms!.ticketTypes.length },
  { what: 'a service', isMissing: there => isCustomer(there) && !there.terms!.services.length },
  { what: 'a task type', isMissing: there => isProvider(there) && !there.terms!.taskTypes.length },
  { what: 'a solver group', isMissing: there => isProvider(there) && !there.terms!.solverGroups.length },
  { what: 'a confirmed organisation', isMissing: there => isCustomer(there) && !there.terms!.organisation },
  { what: 'a project', isMissing: ({ projects }) => !projects },
  { what: 'a secret', isMissing: ({ secrets }) => !secrets },
]

/** What this partner waits for in this environment; empty when it can do all that its agreement says. */
export const waitsFor = (there: There): string[] => NEEDS.filter(({ isMissing }) => isMissing(there)).map(({ what }) => what)

/** What it can do, in a sentence: `can file and be told`, or `waits for: an agreement, a project, a secret`. */
export function abilityInWords(there: There, suspendedAt: Date | null): string {
  if (suspendedAt) return `suspended since ${suspendedAt.toISOString().slice(0, 16).replace('T', ' ')} UTC; its updates are kept`
  const missing = waitsFor(there)
  if (missing.length) return `waits for: ${missing.join(', ')}`
  const can = [...(isCustomer(there) ? ['file'] : []), ...(isProvider(there) ? ['work on tasks'] : [])]
  return `can ${[...can, 'be told'].join(can.length > 1 ? ', ' : ' and ').replace(/, (?=be told$)/, ' and ')}`
}
