import { unfolded } from '../apis/tiny-url.ts'
import type { OpenCall, Practice } from '../call/call.ts'
import type { Caller } from '../caller/caller.ts'
import { asSeenBy } from '../faults/reads.ts'
import { after, before, type ConnectionReset } from '../faults/strikes.ts'
import type { FaultSwitches } from '../faults/switches.ts'
import { during } from '../faults/writes.ts'
import type { RateLimits } from '../limits/rate-limits.ts'
import { notAcceptable, notAuthenticated } from '../refusals/platform.ts'
import { adminsOnly } from '../refusals/practice.ts'
import { Refusal } from '../refusals/refusal.ts'
import { notUnique } from '../refusals/table.ts'
import type { Accounts } from '../sign-in/accounts.ts'
import { endToken, signIn } from '../sign-in/credentials.ts'
import { acceptedForm, type Form } from '../wire/accept.ts'
import { inForm, refused } from '../wire/answer.ts'
import { finish } from '../wire/headers.ts'
import { tooLongAddress } from '../wire/long-address.ts'
import { type Admitting, admitted } from './admission.ts'
import { findRoute } from './routes.ts'

export interface Parts {
  readonly practice: Practice & Admitting
  readonly accounts: Accounts
  readonly faults: FaultSwitches
  readonly limits: RateLimits
}

/**
 * One request from its arrival to its answer.
 * @throws ConnectionReset where a fault breaks the connection.
 */
export async function handle(request: Request, parts: Parts): Promise<Response> {
  const { clock } = parts.practice.database
  const url = new URL(request.url)
  const address = url.pathname + url.search
  const tooLong = tooLongAddress(address)
  if (tooLong) return finish(tooLong, false, clock.now())
  const method = methodOf(request)
  const form = url.pathname.startsWith('/api/') ? acceptedForm(request.headers.get('accept')) : 'json'
  let caller: Caller | undefined
  let limited: Readonly<Record<string, string>> = {}
  try {
    const standing = parts.practice.standing.refreshed()
    if (standing) await standing
    caller = await signIn(request, url, parts.accounts)
    const struck = address.startsWith('/practice')
      ? []
      : parts.faults.strike(method, address, caller?.userName, request.headers.get('x-practice-fault'))
    if (caller && struck.some(({ kind }) => kind === 'session-expired')) {
      await endToken(request, parts.accounts)
      caller = undefined
    }
    if (caller) caller = asSeenBy(caller, struck)
    if (caller && url.pathname.startsWith('/api/')) limited = await admitted(parts.practice, parts.limits, caller, method, url.pathname)
    const instead = await before(struck, request.signal, clock)
    const call = { request, url, method, ...parts, struck: new Map(struck.map(fault => [fault.kind, fault] as const)) }
    const answer =
      instead ??
      (await during(struck, call, one =>
        answered({ ...one, again: inner => handle(inner, { ...parts, practice: one.practice }) }, caller, form),
      ))
    const told = await inForm(struck.length === 0 || instead ? answer : await after(struck, answer, request.signal), form ?? 'json')
    const shown = request.method === 'HEAD' ? new Response(null, { status: told.status, headers: told.headers }) : told
    return finish(shown, caller !== undefined, clock.now(), limited)
  } catch (error) {
    return finish(await inForm(refused(refusalOf(error, request)), form ?? 'json'), caller !== undefined, clock.now(), limited)
  }
}

type Unrouted = Omit<OpenCall, 'version' | 'parameters'>

async function answered(call: Unrouted, caller: Caller | undefined, form: Form | undefined): Promise<Response> {
  try {
    if (call.url.pathname.startsWith('/api/') && !caller) throw notAuthenticated()
    const { route, parameters, version } = findRoute(call.method, call.url.pathname)
    const url = caller && call.url.search.includes('sysparm_tiny=') ? await unfolded(call.practice.database, call.url) : call.url
    const open: OpenCall = { ...call, url, parameters, version }
    if (route.access === 'anyone') return await route.run(open)
    if (!caller) throw notAuthenticated()
    if (route.access === 'administrators' && !caller.roles.has('admin')) throw adminsOnly()
    if (route.answers === 'JSON' ? form !== 'json' : form === undefined && route.answers !== 'anything') throw notAcceptable()
    return await route.run({ ...open, caller })
  } catch (error) {
    return refused(refusalOf(error, call.request))
  }
}

function methodOf(request: Request): string {
  const meant = request.method === 'POST' ? request.headers.get('x-http-method-override') : null
  return (meant ?? request.method).toUpperCase()
}

/** PostgreSQL's codes for text that it cannot hold and numbers that are out of range: the caller's mistake, not ours. */
const CALLERS_MISTAKE = new Set(['22021', '22P02', '22P05', '22003', '22007', '22008', '54000'])

function refusalOf(error: unknown, request: Request): Refusal {
  if (error instanceof Refusal) return error
  if (isReset(error) || request.signal.aborted) throw error
  const twice = notUnique(error)
  if (twice) return twice
  const { code } = error as { code?: string }
  if (code !== undefined && CALLERS_MISTAKE.has(code))
    return new Refusal(400, 'Exception while reading request', 'A value cannot be stored')
  console.error('practice instance:', error)
  return new Refusal(500, 'Internal Server Error', 'The practice instance failed; its log says why')
}

function isReset(error: unknown): error is ConnectionReset {
  return error instanceof TypeError && error.message === 'fetch failed'
}
