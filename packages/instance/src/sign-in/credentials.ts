import type { Accounts } from './accounts.ts'
import type { Caller } from './caller.ts'

/** Who sends a request, by its Authorization header; undefined when nobody known (contract servicenow-core.md 2.6). */
export async function signIn(request: Request, accounts: Accounts): Promise<Caller | undefined> {
  const header = request.headers.get('authorization') ?? ''
  const found = /^(basic|bearer)\s+(\S+)\s*$/i.exec(header)
  if (!found) return undefined
  const [, scheme = '', value = ''] = found
  if (scheme.toLowerCase() === 'bearer') return accounts.byToken(value)
  const text = Buffer.from(value, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  return colon < 0 ? undefined : accounts.byPassword(text.slice(0, colon), text.slice(colon + 1))
}

/** Ends the token that a request came with, if it came with one. */
export async function endToken(request: Request, accounts: Accounts): Promise<void> {
  const token = /^bearer\s+(\S+)/i.exec(request.headers.get('authorization') ?? '')?.[1]
  if (token !== undefined) await accounts.endToken(token)
}
