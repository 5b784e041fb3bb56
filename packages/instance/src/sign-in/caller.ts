/** Who is calling: a signed-in user, with what rights and display depend on. */
export interface Caller {
  readonly sysId: string
  readonly userName: string
  readonly name: string
  readonly roles: ReadonlySet<string>
  readonly zone: string
  readonly dateFormat: string
}

/** System property `glide.sys.default.tz`: the zone of users who have set none. */
export const DEFAULT_ZONE = 'Europe/Amsterdam'
export const DEFAULT_DATE_FORMAT = 'yyyy-MM-dd'

/** Roles that read and write every ticket: the administrator, the desk, and the exchange that stands for the partners. */
const FULFILLERS = ['admin', 'itil', 'deskbridge_integration'] as const

export function isFulfiller(caller: Caller): boolean {
  return FULFILLERS.some(role => caller.roles.has(role))
}
