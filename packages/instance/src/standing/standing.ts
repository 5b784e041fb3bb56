import { type AccessRule, AccessRules } from '../caller/access-rules.ts'
import { type Rights, rightsOf } from '../caller/rights.ts'
import type { Dictionary } from '../dictionary/dictionary.ts'
import { FIRST_PRIORITIES } from '../house-rules/priority.ts'
import type { Lookups } from '../house-rules/save.ts'
import type { RateLimitRule } from '../limits/rate-limits.ts'
import type { Cells, Database, Runs } from '../storage/database.ts'
import { isOffset } from '../time/clock.ts'

/** System properties that mean something here, in lower case; the others are rows like any other. */
const PROPERTIES = [
  'practice.clock.offset_seconds',
  'glide.authenticate.basic_auth.restriction.active',
  'glide.authenticate.basic_auth.restriction.enforce',
  'glide.authenticate.basic_auth.restriction.enforcement_date',
  'glide.authenticate.basic_auth.restriction.allowed_roles',
  'glide.authenticate.basic_auth.restriction.allowed_users',
  'glide.authenticate.basic_auth.restriction.allow_wsao',
  'glide.oauth.inbound.ropc.grant_type.disabled',
  'glide.oauth.inbound.client.credential.grant_type.enabled',
  'practice.batch.max_seconds',
  'glide.rest.batch.max.inputsize',
  'glide.rest.batch.max.outputsize',
  'com.glide.attachment.max_size',
  'glide.attachment.extensions',
  'glide.attachment.role',
] as const

/** One of them. */
export type Property = (typeof PROPERTIES)[number]

/** The property that `/practice/clock` sets. */
export const CLOCK_PROPERTY = 'practice.clock.offset_seconds' satisfies Property

/** Tables whose rows are part of what stands. */
const TABLES = new Set([
  'sys_properties',
  'sys_security_acl',
  'sys_security_acl_role',
  'sys_user_role',
  'sys_rate_limit_rules',
  'sys_number',
  'dl_u_priority',
])

/** How numbers of a table are written: `INC` and seven digits. */
export interface Numbering {
  readonly prefix: string
  readonly digits: number
}

const BELIEVED_MS = 1_000

/**
 * What stands for every request: the clock, and settings that are rows. A write through this instance object counts at
 * once, one through another process on the same schema after a second at most: it costs one statement a second while
 * there are requests, and nothing besides.
 */
export class Standing implements Lookups {
  readonly #database: Database
  #until = 0
  #reading: Promise<void> | undefined
  #properties: ReadonlyMap<string, string> = new Map()
  #rateLimits: readonly RateLimitRule[] = []
  #numbers: ReadonlyMap<string, Numbering> = new Map()
  /** As every instance begins, until the rows are read. */
  #priorities: ReadonlyMap<string, string> = new Map(
    FIRST_PRIORITIES.map(([impact, urgency, priority]) => [`${impact} ${urgency}`, priority]),
  )
  #accessText = ''
  #access: AccessRules
  readonly #rights = new Map<string, Rights>()

  constructor(database: Database, dictionary: Dictionary) {
    this.#database = database
    this.#access = new AccessRules(dictionary, [])
  }

  /** Another number since rights mean something else. */
  get version(): number {
    return this.#access.version
  }

  get rateLimits(): readonly RateLimitRule[] {
    return this.#rateLimits
  }

  /** How records of a table are numbered, where a row says so. */
  numbering(table: string): Numbering | undefined {
    return this.#numbers.get(table)
  }

  priority(impact: string, urgency: string): string | undefined {
    return this.#priorities.get(`${impact} ${urgency}`)
  }

  /** What somebody with these roles may do. */
  rights(roles: ReadonlySet<string>): Rights {
    const key = [...roles].sort().join('\n')
    const known = this.#rights.get(key)
    if (known) return known
    const made = rightsOf(this.#access, roles)
    this.#rights.set(key, made)
    return made
  }

  /** Called when rows of a table changed through this instance: they are read again. */
  forget(table: string): void {
    if (!TABLES.has(table)) return
    this.#until = 0
    // A reading that is on its way may have begun before the change.
    this.#reading = undefined
  }

  /** Reads what stands, where what is known is not new enough: then there is something to wait for. */
  refresh(): Promise<void> | undefined {
    if (Date.now() < this.#until) return undefined
    if (!this.#reading) {
      const reading: Promise<void> = this.#read(() => this.#reading === reading)
      this.#reading = reading
    }
    return this.#reading
  }

  /** Reads what stands as a transaction sees it, before its commit. */
  async refreshWithin(transaction: Runs): Promise<void> {
    const [row] = await transaction.run(
      statement(name => this.#database.name(name)),
      [PROPERTIES],
    )
    if (row) this.#take(row)
  }

  property(name: Property): string | undefined {
    return this.#properties.get(name)
  }

  /** A property that is a list with commas in between, in lower case; empty where it is not set. */
  list(name: Property): string[] {
    const listed = (this.property(name) ?? '').toLowerCase().split(',')
    return listed.map(one => one.trim()).filter(one => one !== '')
  }

  /** A property that is a whole number, or the default where it is not set or none. */
  number(name: Property, otherwise: number): number {
    const value = this.property(name)?.trim()
    return value !== undefined && /^\d{1,12}$/.test(value) ? Number(value) : otherwise
  }

  async #read(isNewest: () => boolean): Promise<void> {
    try {
      const [row] = await this.#database.run(
        statement(name => this.#database.name(name)),
        [PROPERTIES],
      )
      if (row && isNewest()) this.#take(row)
    } finally {
      if (isNewest()) this.#reading = undefined
    }
  }

  #take([properties, access, rateLimits, numbers, priorities]: Cells): void {
    this.#until = Date.now() + BELIEVED_MS
    this.#properties = new Map(Object.entries(JSON.parse(properties ?? '{}') as Record<string, string>))
    this.#database.clock.offsetSeconds = offset(this.property(CLOCK_PROPERTY))
    this.#rateLimits = rateLimits ? (JSON.parse(rateLimits) as RateLimitRule[]) : []
    this.#numbers = new Map(JSON.parse(numbers ?? '[]') as [string, Numbering][])
    this.#priorities = new Map(JSON.parse(priorities ?? '[]') as [string, string][])
    if (access === this.#accessText) return
    this.#accessText = access ?? ''
    this.#access = new AccessRules(this.#access.dictionary, JSON.parse(access ?? '[]') as AccessRule[])
    this.#rights.clear()
  }
}

/** All of it in one statement: a few dozen rows, which are only read when they are others than before. */
function statement(name: (table: string) => string): string {
  return `select
    (select json_object_agg(lower(p.name), p.value) from ${name('sys_properties')} p where lower(p.name) = any($1::text[]) and p.value is not null),
    (select json_agg(json_build_object('name', a.name, 'operation', case coalesce(a.type, 'record') when 'record' then a.operation else a.type end, 'condition', coalesce(a.condition, ''),
        'script', case when a.advanced then trim(coalesce(a.script, '')) else '' end, 'adminOverrides', coalesce(a.admin_overrides, false), 'roles', coalesce(
          (select json_agg(coalesce(r.name, '') order by r.name) from ${name('sys_security_acl_role')} x
           left join ${name('sys_user_role')} r on r.sys_id = x.sys_user_role where x.sys_security_acl = a.sys_id), '[]'))
      order by a.name, a.operation, a.sys_id)
     from ${name('sys_security_acl')} a where a.active and a.name is not null),
    (select json_agg(json_build_object('sysId', l.sys_id, 'api', coalesce(l.rest_api, ''), 'method', coalesce(l.method, ''),
        'path', coalesce(l.resource_path, ''), 'user', coalesce(l."user", ''), 'role', coalesce(coalesce(r.name, l.role), ''), 'limit', coalesce(l.request_limit_per_hour, 0)))
     from ${name('sys_rate_limit_rules')} l left join ${name('sys_user_role')} r on r.sys_id = l.role where l.active),
    (select json_agg(json_build_array(n.category, json_build_object('prefix', coalesce(n.prefix, ''), 'digits', coalesce(n.maximum_digits, 7))))
     from ${name('sys_number')} n where n.category is not null),
    (select json_agg(json_build_array(p.impact || ' ' || p.urgency, p.priority::text) order by p."order" desc nulls first, p.sys_id)
     from ${name('dl_u_priority')} p where p.active and p.impact is not null and p.urgency is not null and p.priority is not null)`
}

/** A value that the clock cannot be moved by leaves it alone. */
function offset(value: string | undefined): number {
  return value !== undefined && /^-?\d{1,12}$/.test(value) && isOffset(Number(value)) ? Number(value) : 0
}
