import type { Check, Needs } from '../performing/action.ts'
import { listCall } from '../table-api/record-calls.ts'

interface Access {
  /** Any one is enough. */
  roles?: readonly string[]
  plugins?: readonly string[]
}

/** What the records of a table need: that one of them can be read. */
export function tableNeeds(table: string, access: Access = {}): Needs {
  return needs([{ call: listCall(table, { fields: ['sys_id'], limit: 1 }), otherwise: grant(`read ${table}`, access) }], access)
}

/** What another API needs: that an address of it answers. */
export function apiNeeds(name: string, path: string, access: Access = {}): Needs {
  return needs([{ call: { method: 'GET', path, parameters: { sysparm_limit: 1 } }, otherwise: grant(`use ${name}`, access) }], access)
}

/** For rows with which anything may be asked: that the user may use the platform's APIs at all. */
export const ANYBODY: Needs = needs(
  [
    {
      call: listCall('sys_user', { fields: ['sys_id'], limit: 1 }),
      otherwise: 'Let the user use the REST APIs: the role snc_platform_rest_api_access, and no API access policy in the way.',
    },
  ],
  {},
)

export const ATTACHMENT_NEEDS = apiNeeds('the Attachment API', '/api/now/attachment', { roles: ['itil'] })

function needs(checks: readonly Check[], { roles = [], plugins = [] }: Access): Needs {
  return { roles, plugins, checks }
}

function grant(what: string, { roles = [], plugins = [] }: Access): string {
  const role = roles.length ? `grant the user ${roles.join(' or ')}` : 'grant the user a role that may'
  const plugin = plugins.length ? `, and see that ${plugins.join(' and ')} is active` : ''
  return `To ${what}: ${role}${plugin}. An access rule (sys_security_acl) of your own may stand in the way.`
}
