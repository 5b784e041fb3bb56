import { unfoldAddress } from '../apis/tiny-url.ts'
import type { OpenCall } from '../call/call.ts'
import type { Caller } from '../caller/caller.ts'
import { notAcceptable, notAuthenticated } from '../refusals/platform.ts'
import { adminsOnly } from '../refusals/practice.ts'
import type { Form } from '../wire/accept.ts'
import { refusalAnswer } from '../wire/answer.ts'
import { findRoute } from './find-route.ts'
import { refusalOf } from './refusal-of.ts'
import type { Route } from './route.ts'

/**
 * Finds the route of a call and runs it for a caller who may call it.
 * @param form undefined where the caller takes neither JSON nor XML
 * @throws what breaks the connection; a refusal is an answer
 */
export async function answerCall(
  call: Omit<OpenCall, 'version' | 'parameters'>,
  caller: Caller | undefined,
  form: Form | undefined,
): Promise<Response> {
  try {
    if (call.url.pathname.startsWith('/api/') && !caller) throw notAuthenticated()
    const { route, parameters, version } = findRoute(call.method, call.url.pathname)
    const url = caller && call.url.search.includes('sysparm_tiny=') ? await unfoldAddress(call.practice.database, call.url) : call.url
    const open: OpenCall = { ...call, url, parameters, version }
    if (route.access === 'anyone') return await route.run(open)
    return await route.run({ ...open, caller: assertAccess(route, caller, form) })
  } catch (error) {
    return refusalAnswer(refusalOf(error, call.request))
  }
}

type ClosedRoute = Exclude<Route, { access: 'anyone' }>

function assertAccess(route: ClosedRoute, caller: Caller | undefined, form: Form | undefined): Caller {
  if (!caller) throw notAuthenticated()
  if (route.access === 'administrators' && !caller.roles.has('admin')) throw adminsOnly()
  if (route.answers === 'JSON' ? form !== 'json' : form === undefined && route.answers !== 'anything') throw notAcceptable()
  return caller
}
