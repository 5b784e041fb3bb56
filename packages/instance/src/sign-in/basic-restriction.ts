import type { Caller } from '../caller/caller.ts'

const PREFIX = 'glide.authenticate.basic_auth.restriction.'
type Setting = 'active' | 'enforce' | 'enforcement_date' | 'allowed_roles' | 'allowed_users' | 'allow_wsao'

/** System properties that say who may sign in with a password in each request. */
export interface BasicProperties {
  property(name: `${typeof PREFIX}${Setting}`): string | undefined
}

/**
 * Whether somebody may still sign in with a password in each request (contract servicenow-core.md 2.6, row Basic). A role, a
 * name on a list, or being a user for web services alone lets one pass.
 */
export function mayUseBasic(properties: BasicProperties, now: number, caller: Caller, webServiceOnly: boolean): boolean {
  const property = (name: Setting) => properties.property(`${PREFIX}${name}`)
  if (property('active') !== 'true' || property('enforce') !== 'true') return true
  const from = property('enforcement_date')?.trim()
  if (from && Date.parse(`${from.replace(' ', 'T')}${from.length > 10 ? 'Z' : ''}`) > now) return true
  const listed = (text: string | undefined) => (text ?? '').split(',').map(one => one.trim().toLowerCase())
  return (
    (webServiceOnly && property('allow_wsao') === 'true') ||
    listed(property('allowed_users')).includes(caller.userName.toLowerCase()) ||
    listed(property('allowed_roles') ?? 'snc_basic_auth_api_access').some(role => role !== '' && caller.roles.has(role))
  )
}
