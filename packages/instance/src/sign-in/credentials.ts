import type { Caller } from '../caller/caller.ts'
import type { Accounts } from './accounts.ts'

/** A header or a parameter of the address. */
export const API_KEY = 'x-sn-apikey'

/** Who sends a request; undefined when nobody known (contract servicenow-core.md 2.6). */
export async function signIn(request: Request, url: URL, accounts: Accounts): Promise<Caller | undefined> {
  const token = bearerToken(request)
  if (token !== undefined) return accounts.findByToken(token)
  const basic = basicCredentials(request)
  if (basic) return accounts.findByBasic(basic.name, basic.password)
  if (request.headers.has('authorization')) return undefined
  const key = request.headers.get(API_KEY) ?? (url.search.includes(API_KEY) ? url.searchParams.get(API_KEY) : null)
  return key ? accounts.findByApiKey(key) : undefined
}

function bearerToken(request: Request): string | undefined {
  return /^bearer\s+(\S+)\s*$/i.exec(request.headers.get('authorization') ?? '')?.[1]
}

/** User name and password of a Basic header; undefined where there is none. */
export function basicCredentials(request: Request): { name: string; password: string } | undefined {
  const value = /^basic\s+(\S+)\s*$/i.exec(request.headers.get('authorization') ?? '')?.[1]
  const text = Buffer.from(value ?? '', 'base64').toString('utf8')
  const colon = text.indexOf(':')
  return colon < 0 ? undefined : { name: text.slice(0, colon), password: text.slice(colon + 1) }
}

/** Ends the token that a request came with, if it came with one. */
export async function endToken(request: Request, accounts: Accounts): Promise<void> {
  const token = bearerToken(request)
  if (token !== undefined) await accounts.endToken(token)
}
