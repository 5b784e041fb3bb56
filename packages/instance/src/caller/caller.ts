import type { Rights } from './rights.ts'

/** Who is calling: a signed-in user, with what rights and display depend on. */
export interface Caller {
  readonly sysId: string
  readonly userName: string
  readonly name: string
  readonly roles: ReadonlySet<string>
  readonly rights: Rights
  /** What this call does not see, whatever its rights. */
  readonly hidden?: Hidden
  readonly zone: string
  readonly dateFormat: string
}

/** What a fault hides from one call. */
export interface Hidden {
  /** Records, by sys_id, as a right would hide them: the count tells of them. */
  readonly records?: readonly string[]
  /** By table the moment (UTC) after which rows are in no list and no count. */
  readonly madeLater?: Readonly<Record<string, string>>
  /** By table whether the count of an otherwise empty list tells of its rows. */
  readonly lists?: Readonly<Record<string, 'counted' | 'not counted'>>
}

/** System property `glide.sys.default.tz`: the zone of users who have set none. */
export const DEFAULT_ZONE = 'Europe/Amsterdam'
/** How dates are shown to users who have set no format. */
export const DEFAULT_DATE_FORMAT = 'yyyy-MM-dd'
