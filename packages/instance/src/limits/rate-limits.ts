import type { Caller } from '../caller/caller.ts'
import { apiName } from './api-names.ts'

/** One row of `sys_rate_limit_rules`. */
export interface RateLimitRule {
  readonly sysId: string
  /** Without an API, all of them; so with the method and the path. */
  readonly api: string
  readonly method: string
  readonly path: string
  /** Without a user and a role, everybody. */
  readonly user: string
  readonly role: string
  readonly limit: number
}

/** A request that a rule covers, counted. */
export interface Counted {
  readonly rule: RateLimitRule
  readonly api: string
  readonly exceeded: boolean
  /** On every answer that a rule covers; there is no header for what is left (contract servicenow-core.md 2.7). */
  readonly headers: Readonly<Record<string, string>>
  readonly windowStart: number
  readonly secondsLeft: number
}

/** One request, by the instance's clock in milliseconds. */
interface LimitedRequest {
  readonly caller: Caller
  readonly method: string
  readonly path: string
  readonly now: number
}

const HOUR_MS = 3_600_000
const MOST_COUNTS = 10_000

/** Counts requests by rule and user, in hours that begin when they begin on the clock. Each process has counts of its own, as each node there. */
export class RateLimits {
  readonly #counts = new Map<string, number>()
  #hour = 0

  /** Undefined where no rule covers the request. */
  count(rules: readonly RateLimitRule[], request: LimitedRequest): Counted | undefined {
    const { caller, path, now } = request
    const api = apiName(path)
    const rule = strongest(rules.filter(one => covers(one, api, request)))
    if (!rule) return undefined
    const hour = Math.floor(now / HOUR_MS)
    if (hour !== this.#hour || this.#counts.size >= MOST_COUNTS) this.#counts.clear()
    this.#hour = hour
    const key = `${rule.sysId} ${caller.sysId}`
    const count = (this.#counts.get(key) ?? 0) + 1
    this.#counts.set(key, count)
    const reset = ((hour + 1) * HOUR_MS) / 1000
    return {
      rule,
      api,
      exceeded: count > rule.limit,
      headers: { 'X-RateLimit-Limit': String(rule.limit), 'X-RateLimit-Reset': String(reset), 'X-RateLimit-Rule': rule.sysId },
      windowStart: hour * HOUR_MS,
      secondsLeft: Math.max(1, Math.ceil(reset - now / 1000)),
    }
  }
}

function covers(rule: RateLimitRule, api: string, { caller, method, path }: LimitedRequest): boolean {
  return (
    (rule.api === '' || rule.api.toLowerCase() === api.toLowerCase()) &&
    (rule.method === '' || rule.method.toUpperCase() === method) &&
    (rule.path === '' || path.includes(rule.path)) &&
    (rule.user === '' || rule.user === caller.sysId) &&
    (rule.role === '' || caller.roles.has(rule.role))
  )
}

/** A rule for the user before one for a role, that before one for all; of several of a kind the lowest limit. */
function strongest(rules: readonly RateLimitRule[]): RateLimitRule | undefined {
  const rank = (rule: RateLimitRule) => (rule.user !== '' ? 0 : rule.role !== '' ? 1 : 2)
  return [...rules].sort((a, b) => rank(a) - rank(b) || a.limit - b.limit)[0]
}
