import type { Caller } from '../caller/caller.ts'
import type { FaultSwitches } from '../faults/switches.ts'
import type { WakeUpDelivery } from '../processes/wake-ups.ts'
import type { RecordSaving } from '../records/saving.ts'
import type { Accounts } from '../sign-in/accounts.ts'
import type { Standing } from '../standing/standing.ts'

/** The practice instance, as an API reaches it. Each room below says itself what of this it needs. */
export interface Practice extends RecordSaving {
  readonly standing: RecordSaving['standing'] & Pick<Standing, 'property' | 'list' | 'number' | 'refresh'>
  readonly wakeUps: { readonly deliveries: readonly WakeUpDelivery[] }
  /** The address that links carry (property `glide.rest.replace_request_host_with_property`, contract servicenow-core.md 2.1). */
  readonly baseUrl: string
  /** Brings all records back to what the schema began with. */
  reset(): Promise<void>
}

/** One request on its way, before anybody signed in. */
export interface OpenCall {
  readonly request: Request
  readonly url: URL
  /** GET, POST… as the caller means it, after `X-http-method-override`. */
  readonly method: string
  readonly practice: Practice
  readonly accounts: Accounts
  readonly faults: FaultSwitches
  /** `v1`, `v2` or empty: links repeat the version segment of the request (contract servicenow-core.md 2.1). */
  readonly version: string
  readonly parameters: Readonly<Record<string, string>>
  /** Handles a request that came inside this one through the same front door. */
  handleInner(request: Request): Promise<Response>
}

/** One request of somebody who signed in. */
export interface ApiCall extends OpenCall {
  readonly caller: Caller
}

/** The address of a resource of the platform's API, with the version segment of the request. */
export function resourceUrl({ practice, version }: OpenCall, resource: string): string {
  return `${practice.baseUrl}/api/now/${version === '' ? '' : `${version}/`}${resource}`
}

/** The parameters as they were sent; those of `call.url` may have been folded into a `sysparm_tiny`. */
export function sentParameters({ request }: OpenCall): string {
  const at = request.url.indexOf('?')
  return at < 0 ? '' : request.url.slice(at)
}

/** Clients write `true` as their language does. */
export function isTrue(call: OpenCall, parameter: string): boolean {
  return call.url.searchParams.get(parameter)?.toLowerCase() === 'true'
}

/** A whole number of the query string, or the default where it is missing or none. */
export function wholeNumber(call: OpenCall, parameter: string, otherwise: number): number {
  const text = call.url.searchParams.get(parameter)
  return text !== null && /^\d{1,9}$/.test(text.trim()) ? Number(text) : otherwise
}
