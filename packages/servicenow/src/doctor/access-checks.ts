import { askedToWait } from '../connection/rate-limit.ts'
import { ServiceNowError } from '../error.ts'
import { couldNotTell, type Finding, type HealthCheck, notOk, ok } from './check.ts'
import type { Patient } from './patient.ts'
import { kindOf, SIGN_IN_REMEDIES, WRONG_CLIENT } from './sign-in-remedies.ts'

/** One environment's capture alone asks so often in an hour: three lists every ten seconds, and what they find. */
const CALLS_AN_HOUR = 1_500

const RESTRICTION = 'glide.authenticate.basic_auth.restriction.'

export const accessChecks: readonly HealthCheck[] = [
  {
    name: 'sign-in',
    asks: 'The Table API as the user, after a token where the grant has one.',
    means: 'Without it nothing else can be asked.',
    change: 'Check the credentials.',
    needed: true,
    after: ['awake'],
    look: async patient => {
      const outcome = await patient.who()
      if (!(outcome instanceof ServiceNowError)) return ok(`accepted (${kindOf(patient.options.signIn)})`)
      if (outcome.kind === 'unauthorised' || (outcome.action === 'sign-in' && outcome.kind === 'invalid')) return refused(patient, outcome)
      if (outcome.kind === 'asleep')
        return notOk(outcome.detail ?? 'a web page answered', 'Wake a developer instance at developer.servicenow.com.')
      // Whoever is refused a right was known.
      if (['forbidden', 'not-found', 'invalid', 'refused'].includes(outcome.kind)) return ok(`accepted (${kindOf(patient.options.signIn)})`)
      return couldNotTell(outcome.detail ?? outcome.kind, 'Try again later.')
    },
  },
  {
    name: 'REST access',
    asks: 'The answer to the same question: 403 before any record was looked at.',
    means: 'Some instances let only users with a role call REST APIs at all.',
    change: 'Grant the user snc_platform_rest_api_access, or what the REST_Endpoint access rules of the instance name.',
    needed: true,
    after: ['sign-in'],
    look: async patient => {
      const outcome = await patient.who()
      if (!(outcome instanceof ServiceNowError)) return ok('the user may call the Table API')
      return outcome.kind === 'forbidden' ? notOk(outcome.detail ?? 'refused') : couldNotTell(outcome.detail ?? outcome.kind)
    },
  },
  {
    name: 'Basic access policy',
    asks: `The properties ${RESTRICTION}* and the roles of the user.`,
    means: 'Instances restrict passwords with each call; from the enforcement date such a call is refused like one with a wrong password.',
    change: 'Grant the user the role snc_basic_auth_api_access, or better sign in with OAuth client credentials.',
    needed: false,
    after: ['sign-in'],
    look: basicPolicy,
  },
  {
    name: 'own record',
    asks: 'The user’s own record in sys_user.',
    means: 'It names the user, which tells our own changes from those of others.',
    change: 'Let the user read its own record in sys_user (sys_id, user_name, time_zone).',
    needed: false,
    after: ['REST access'],
    look: async patient => {
      const user = await patient.user()
      return user?.user_name ? ok(`the user is ${user.user_name}`) : notOk('the user may not read its own record')
    },
  },
  {
    name: 'time zone',
    asks: 'The time zone in the user’s own record.',
    means: 'Values are UTC whatever it is; texts for people (display values, the journal’s headings) are in this zone.',
    change: 'Set the Time zone of the user to GMT, so that every time reads as UTC.',
    needed: false,
    after: ['own record'],
    look: async patient => {
      const zone = (await patient.user())?.time_zone
      if (zone === undefined) return couldNotTell('the user may not read its time zone')
      if (zone === '') return couldNotTell('the user has none of its own: that of the instance counts')
      return ['GMT', 'UTC', 'Etc/UTC', 'Etc/GMT'].includes(zone) ? ok(zone) : notOk(`the user’s time zone is ${zone}`)
    },
  },
  {
    name: 'rate limit',
    asks: 'The rate limit headers of the first answer.',
    means: 'A rule (sys_rate_limit_rules) counts calls by the hour; those beyond it wait or fail.',
    change: `Give the user a rule of its own in sys_rate_limit_rules with at least ${CALLS_AN_HOUR} calls an hour.`,
    needed: false,
    after: ['awake'],
    look: async patient => {
      const outcome = await patient.who()
      if (outcome instanceof ServiceNowError) {
        if (outcome.kind !== 'rate-limited') return couldNotTell('there was no answer that tells')
        const wait = outcome.retryAfterMs === undefined ? '' : ` for ${Math.ceil(outcome.retryAfterMs / 1000)} s`
        return notOk(`the limit is reached: the instance asks to wait${wait}`)
      }
      const limit = Number(outcome.headers.get('x-ratelimit-limit') ?? Number.NaN)
      if (Number.isNaN(limit)) return ok('no rule counts these calls')
      const minutes = Math.ceil((askedToWait(outcome.headers) ?? 0) / 60_000)
      const says = `${limit} calls an hour, counted anew in ${minutes} min`
      return limit < CALLS_AN_HOUR ? notOk(`${says}: less than the exchange alone asks`) : ok(says)
    },
  },
]

function refused(patient: Patient, { action, detail = '' }: ServiceNowError): Finding {
  const { token, api } = SIGN_IN_REMEDIES[kindOf(patient.options.signIn)]
  if (action !== 'sign-in') return notOk(detail, api)
  return notOk(`no token: ${detail}`, detail.includes('invalid_client') ? `${WRONG_CLIENT} ${token}` : token)
}

async function basicPolicy(patient: Patient): Promise<Finding> {
  if (patient.options.signIn.kind !== 'basic') return ok('the connection does not use Basic')
  const roles = await patient.roles()
  const call = {
    method: 'GET',
    path: '/api/now/table/sys_properties',
    parameters: { sysparm_query: `nameSTARTSWITH${RESTRICTION}`, sysparm_fields: 'name,value', sysparm_limit: 50 },
  } as const
  const outcome = await patient.ask(call)
  const properties = await patient.rows(call)
  const values = new Map(properties?.map(({ name = '', value = '' }) => [name.slice(RESTRICTION.length), value]))
  const listed = (name: string, otherwise = '') => (values.get(name) ?? otherwise).split(',').map(text => text.trim())
  const isLetBy = listed('allowed_roles', 'snc_basic_auth_api_access').find(role => role !== '' && roles?.has(role))
  if (isLetBy) return ok(`the role ${isLetBy} lets the user use Basic`)
  // The count has hidden rows too, so none at all means that this release has no such restriction (servicenow-core 0.3 fact 4).
  if (properties?.length === 0 && 'total' in outcome && outcome.total === 0) return ok('Basic is not restricted')
  if (!properties || properties.length === 0)
    return couldNotTell('whether Basic is restricted is not to be seen by this user; now it is accepted')
  if (values.get('active') !== 'true') return ok('Basic is not restricted')
  const name = (await patient.user())?.user_name
  if (name && listed('allowed_users').includes(name)) return ok('the user is on the list of those who may use Basic')
  const date = values.get('enforcement_date')
  return notOk(`Basic is restricted${date ? ` from ${date}` : ''}, and nothing is seen that lets this user pass`)
}
