import { methodNotSupported, notImplemented, unknownUri } from '../refusals/platform.ts'
import type { Route } from './route.ts'
import { ROUTES } from './routes.ts'

/** APIs of ServiceNow that exist there and not here, so that nobody takes their absence for a wrong address. */
const NOT_HERE: readonly (readonly [path: RegExp, name: string])[] = [
  [/^\/api\/now\/(v\d+\/)?attachment\/[^/]+\/attributes(\/|$)/, 'Attachment attributes'],
  [/^\/api\/now\/(v\d+\/)?identifyreconcile(\/|$)/, 'The Identification and Reconciliation API'],
  [/^\/api\/sn_ind_tsm_sdwan(\/|$)/, 'The Trouble Ticket Open API'],
  [/^\/api\/sn_customerservice(\/|$)/, 'The Case API'],
  [/^\/api\/sn_sc(\/|$)/, 'The Service Catalog API'],
  [/^\/oauth_auth\.do$/, 'The OAuth authorization code grant'],
]

/** An operation, with what its address says. */
export interface Found {
  readonly route: Route
  readonly parameters: Readonly<Record<string, string>>
  readonly version: string
}

/** Finds the operation for a request. Throws a Refusal where there is none. */
export function findRoute(method: string, path: string): Found {
  const version = /^\/api\/(?:now|sn_chg_rest)\/(v[12])\//.exec(path)?.[1] ?? ''
  const segments = (version === '' ? path : path.replace(`/${version}/`, '/')).split('/')
  if (segments.length > 2 && segments.at(-1) === '') segments.pop()
  const wanted = method === 'HEAD' ? 'GET' : method
  let exists = false
  for (const { route, pattern } of COMPILED) {
    const parameters = matchPath(pattern, segments)
    if (!parameters) continue
    if (route.method === wanted) return { route, parameters, version }
    exists = true
  }
  if (exists) throw methodNotSupported()
  const known = NOT_HERE.find(([pattern]) => pattern.test(path))
  if (known) throw notImplemented(known[1])
  throw unknownUri()
}

const COMPILED = ROUTES.map(route => ({ route, pattern: route.path.split('/') }))

function matchPath(pattern: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  if (pattern.length !== segments.length) return undefined
  const parameters: Record<string, string> = {}
  for (const [at, part] of pattern.entries()) {
    const segment = segments[at]!
    if (part.startsWith(':')) parameters[part.slice(1)] = decode(segment)
    else if (part !== segment) return undefined
  }
  return parameters
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
