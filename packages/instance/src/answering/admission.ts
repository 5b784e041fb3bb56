import type { Caller } from '../caller/caller.ts'
import { apiName } from '../limits/api-names.ts'
import type { Counted, RateLimitRule, RateLimits } from '../limits/rate-limits.ts'
import type { Announcing } from '../records/work.ts'
import { apiForbidden, rateLimitExceeded } from '../refusals/platform.ts'
import { newSysId } from '../sys-id.ts'
import { utcText } from '../time/time-zone.ts'

/** What deciding about a request needs. */
export interface Admitting extends Announcing {
  readonly standing: { readonly rateLimits: readonly RateLimitRule[] }
}

const NO_HEADERS: Readonly<Record<string, string>> = {}

/** A request to an API that somebody makes. */
interface Admission {
  readonly limits: RateLimits
  readonly caller: Caller
  readonly method: string
  readonly path: string
}

/**
 * Admits a request to an API by the rules for whole APIs and the rate limits, or throws a Refusal. Costs nothing where there is no
 * such rule.
 * @returns the headers that its answer carries
 */
export async function admit(practice: Admitting, { limits, caller, method, path }: Admission): Promise<Readonly<Record<string, string>>> {
  const rules = practice.standing.rateLimits
  const counted = rules.length === 0 ? undefined : limits.count(rules, { caller, method, path, now: practice.database.clock.now() })
  if (counted?.exceeded) {
    await recordViolation(practice, caller, counted)
    throw rateLimitExceeded(counted.rule.limit, counted.api, { ...counted.headers, 'Retry-After': String(counted.secondsLeft) })
  }
  if (caller.rights.calls && !caller.rights.calls(apiName(path))) throw apiForbidden(counted?.headers)
  return counted?.headers ?? NO_HEADERS
}

/** One row for each rule, user and hour. */
async function recordViolation({ database, announce }: Admitting, caller: Caller, { rule, windowStart }: Counted): Promise<void> {
  const rows = await database.run(
    `insert into ${database.name('sys_rate_limit_violations')} as v (sys_id, sys_created_on, sys_created_by, sys_updated_on, sys_updated_by, sys_mod_count,
       rule, "user", window_start, violation_count)
     values ($1, date_trunc('second', now()), $5, date_trunc('second', now()), $5, 0, $2, $3, $4::timestamp, 1)
     on conflict (rule, "user", window_start) do update set violation_count = v.violation_count + 1,
       sys_mod_count = v.sys_mod_count + 1, sys_updated_on = excluded.sys_updated_on
     returning sys_id`,
    [newSysId(), rule.sysId, caller.sysId, utcText(windowStart), caller.userName],
  )
  announce([{ table: 'sys_rate_limit_violations', sysId: rows[0]?.[0] ?? '', operation: 'update' }])
}
