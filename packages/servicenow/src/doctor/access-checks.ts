import { askedToWait } from '../connection/rate-limit.ts'
import { ServiceNowError } from '../error.ts'
import { couldNotTell, type Finding, type HealthCheck, notOk, ok } from './check.ts'
import type { Patient } from './patient.ts'
import { checkSignIn } from './sign-in-proof.ts'

/** One environment's capture alone asks so often in an hour: three lists every ten seconds, and what they find. */
const CALLS_AN_HOUR = 1_500

const RESTRICTION = 'glide.authenticate.basic_auth.restriction.'

export const accessChecks: readonly HealthCheck[] = [
  {
    name: 'sign-in',
    asks: 'The Table API as the user, after a token where the grant has one; and as somebody who does not exist.',
    means: 'Without it nothing else can be asked.',
    change: 'Check the credentials.',
    needed: true,
    after: ['awake'],
    inspect: checkSignIn,
  },
  {
    name: 'REST access',
    asks: 'The answer to the same question: 403 before any record was looked at.',
    means: 'Some instances let only users with a role call REST APIs at all.',
    change: 'Grant the user snc_platform_rest_api_access, or what the REST_Endpoint access rules of the instance name.',
    needed: true,
    after: ['sign-in'],
    inspect: async patient => {
      const outcome = await patient.askWho()
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
    inspect: checkBasicPolicy,
  },
  {
    name: 'own record',
    asks: 'The user’s own record in sys_user.',
    means: 'It names the user, which tells our own changes from those of others.',
    change: 'Let the user read its own record in sys_user (sys_id, user_name, time_zone).',
    needed: false,
    after: ['REST access'],
    inspect: async patient => {
      const user = await patient.readUser()
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
    inspect: async patient => {
      const zone = (await patient.readUser())?.time_zone
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
    inspect: async patient => {
      const outcome = await patient.askWho()
      if (outcome instanceof ServiceNowError) {
        if (outcome.kind !== 'rate-limited') return couldNotTell('there was no answer that tells')
        const wait = outcome.retryAfterMs === undefined ? '' : ` for ${Math.ceil(outcome.retryAfterMs / 1000)} s`
        return notOk(`the limit is reached: the instance asks to wait${wait}`)
      }
      const text = outcome.headers.get('x-ratelimit-limit')
      // Something on the way may leave headers out; where the count of a list is there, so would the limit be (2.7).
      if (text === null)
        return outcome.total === undefined ? couldNotTell('the answer has no headers that tell') : ok('no rule counts these calls')
      if (!/^\d+$/.test(text)) return couldNotTell(`the limit reads "${text}"`)
      const limit = Number(text)
      const minutes = Math.ceil((askedToWait(outcome.headers) ?? 0) / 60_000)
      const says = `${limit} calls an hour, counted anew in ${minutes} min`
      return limit < CALLS_AN_HOUR ? notOk(`${says}: less than the exchange alone asks`) : ok(says)
    },
  },
]

async function checkBasicPolicy(patient: Patient): Promise<Finding> {
  if (patient.options.signIn.kind !== 'basic') return ok('the connection does not use Basic')
  const roles = await patient.readRoles()
  const call = {
    method: 'GET',
    path: '/api/now/table/sys_properties',
    parameters: { sysparm_query: `nameSTARTSWITH${RESTRICTION}`, sysparm_fields: 'name,value', sysparm_limit: 50 },
  } as const
  const outcome = await patient.ask(call)
  const properties = await patient.readRows(call)
  const values = new Map(properties?.map(({ name = '', value = '' }) => [name.slice(RESTRICTION.length), value]))
  const listed = (name: string, otherwise = '') => (values.get(name) ?? otherwise).split(',').map(text => text.trim())
  const total = 'total' in outcome ? outcome.total : undefined
  // Hidden rows are counted too (servicenow-core 0.3 fact 4), so only a list that has them all tells what is not set.
  const isWhole = properties !== undefined && properties.length === total
  const byDefault = isWhole ? 'snc_basic_auth_api_access' : ''
  const isLetBy = listed('allowed_roles', byDefault).find(role => role !== '' && roles?.has(role))
  if (isLetBy) return ok(`the role ${isLetBy} lets the user use Basic`)
  const active = values.get('active')
  if (active === 'false' || (isWhole && active !== 'true')) return ok('Basic is not restricted')
  if (active === undefined) return couldNotTell('whether Basic is restricted is not to be seen by this user; now it is accepted')
  const name = (await patient.readUser())?.user_name
  if (name && listed('allowed_users').includes(name)) return ok('the user is on the list of those who may use Basic')
  const date = values.get('enforcement_date')
  return notOk(`Basic is restricted${date ? ` from ${date}` : ''}, and nothing is seen that lets this user pass`)
}
