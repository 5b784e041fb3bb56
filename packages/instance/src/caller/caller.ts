import type { Rights } from './rights.ts'

/** Who is calling: a signed-in user, with what rights and display depend on. */
export interface Caller {
  readonly sysId: string
  readonly userName: string
  readonly name: string
  readonly roles: ReadonlySet<string>
  readonly rights: Rights
  /** Records that a fault hides from this call, by sys_id. */
  readonly unseen?: readonly string[]
  readonly zone: string
  readonly dateFormat: string
}

/** System property `glide.sys.default.tz`: the zone of users who have set none. */
export const DEFAULT_ZONE = 'Europe/Amsterdam'
export const DEFAULT_DATE_FORMAT = 'yyyy-MM-dd'
