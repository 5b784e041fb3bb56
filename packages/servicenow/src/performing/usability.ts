import type { CallOptions, InstanceAnswer, InstanceCall } from '../connection/call.ts'
import type { Connection } from '../connection/connection.ts'
import { type FailureKind, ServiceNowError } from '../error.ts'
import type { Action, Check } from './action.ts'

/** Whether an action can be used on a connection, as far as this can be told without changing anything. */
export interface Usability {
  /** `not-proven`: what it reads answers, but whether the user may write was not to be found out; or there was no answer. */
  state: 'usable' | 'not-usable' | 'not-proven'
  /** Why not, in the instance's words or ours. */
  because?: string
  /** What of ServiceNow to change. */
  change?: string
}

/** Failures that say nothing about rights or plug-ins: another try may succeed. */
const PASSING: readonly FailureKind[] = ['time-out', 'unreachable', 'asleep', 'rate-limited', 'broken-answer', 'too-large']

const MORE = { sysparm_limit: 1000 }

/** Which roles the user holds itself; only active ones. */
const OWN_ROLES: InstanceCall = {
  method: 'GET',
  path: '/api/now/table/sys_user_has_role',
  parameters: { sysparm_query: 'user=javascript:gs.getUserID()^state=active', sysparm_fields: 'role.name', sysparm_limit: 1000 },
}

/**
 * Checks rows of the catalogue on a connection. Rows that need the same share one call, so a walk over the whole catalogue costs a
 * few dozen small reads. It never throws.
 * @example
 * const usable = usability(connection)
 * await usable(catalogue.find(({ name }) => name === 'incident.create')) // → { state: 'usable' }
 */
export function usability(
  connection: Connection,
  options: CallOptions = {},
): (action: Pick<Action, 'effect' | 'needs'>) => Promise<Usability> {
  const asked = new Map<string, Promise<Outcome>>()
  const ask = (call: InstanceCall): Promise<Outcome> => {
    const key = JSON.stringify(call)
    const known = asked.get(key)
    if (known) return known
    const once = (one: InstanceCall) => outcomeOf(connection.request(one, { ...options, action: 'usability' }))
    // Rights are looked at after the rows are cut to the limit (3.5): one hidden row does not mean that all are.
    const outcome = once(call).then(first => (isHidden(first) ? once({ ...call, parameters: { ...call.parameters, ...MORE } }) : first))
    asked.set(key, outcome)
    return outcome
  }
  return async ({ effect, needs }) => {
    const found = await Promise.all(needs.checks.map(async check => verdict(check, await ask(check.call))))
    const worst = found.find(({ state }) => state === 'not-usable') ?? found.find(({ state }) => state === 'not-proven')
    if (worst || effect === 'reads' || needs.roles.length === 0) return worst ?? { state: 'usable' }
    return mayWrite(needs.roles, await ask(OWN_ROLES))
  }
}

type Outcome = InstanceAnswer | ServiceNowError

function outcomeOf(answer: Promise<InstanceAnswer>): Promise<Outcome> {
  return answer.catch((error: unknown) => {
    if (error instanceof ServiceNowError) return error
    throw error
  })
}

function verdict({ otherwise }: Check, outcome: Outcome): Usability {
  if (outcome instanceof ServiceNowError) {
    const because = outcome.detail ?? outcome.kind
    const passes = PASSING.includes(outcome.kind) || (outcome.kind === 'server-error' && outcome.status !== 501)
    return passes ? { state: 'not-proven', because } : { state: 'not-usable', because, change: otherwise }
  }
  if (!isHidden(outcome)) return { state: 'usable' }
  const because = `the first ${Math.min(outcome.total ?? 0, MORE.sysparm_limit)} rows are hidden from the user`
  return { state: 'not-usable', because, change: otherwise }
}

/** Missing rights look like an empty list, but the count tells (servicenow-core 0.3 fact 4). */
function isHidden(outcome: Outcome): boolean {
  if (outcome instanceof ServiceNowError || !Array.isArray(outcome.result)) return false
  return outcome.result.length === 0 && (outcome.total ?? 0) > 0
}

function mayWrite(roles: readonly string[], outcome: Outcome): Usability {
  const own = outcome instanceof ServiceNowError || !Array.isArray(outcome.result) ? [] : outcome.result
  const held = own.map(row => (row as Record<string, unknown>)['role.name'])
  if (held.includes('admin') || roles.some(role => held.includes(role))) return { state: 'usable' }
  return {
    state: 'not-proven',
    because: held.length
      ? `the user has none of the roles that are known to write here: ${roles.join(', ')}`
      : 'the roles of the user are not to be seen',
    change: `Grant the user ${roles.join(' or ')}, unless an access rule of your own lets it write.`,
  }
}
