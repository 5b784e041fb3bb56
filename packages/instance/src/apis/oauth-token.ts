import { unknownGrant, wrongClient, wrongRefreshToken, wrongUser } from '../refusals/oauth-token.ts'
import type { Caller } from '../sign-in/caller.ts'
import { clientUser, issueToken, refreshedUser } from '../sign-in/tokens.ts'
import { json } from '../wire/answer.ts'
import { readText } from '../wire/body.ts'
import type { OpenCall } from '../wire/call.ts'

const MOST_BYTES = 64 * 1024

/** POST /oauth_token.do: the grants of contract servicenow-core.md 2.6, from a form only. */
export async function issueTokens(call: OpenCall): Promise<Response> {
  const form = await readForm(call)
  const client = { clientId: form.get('client_id') ?? '', clientSecret: form.get('client_secret') ?? '' }
  const { database } = call.practice
  const applicationUser = await clientUser(database, client.clientId, client.clientSecret)
  if (applicationUser === undefined) return wrongClient()
  const grant = form.get('grant_type')
  if (grant === 'password') {
    const caller = await call.accounts.byPassword(form.get('username') ?? '', form.get('password') ?? '')
    if (!caller) return wrongUser()
    const refresh = await issueToken(database, client, caller.sysId, 'refresh')
    return tokens(call, client, caller, refresh.token)
  }
  if (grant === 'client_credentials') {
    const caller = await call.accounts.byName(applicationUser)
    return caller ? tokens(call, client, caller) : wrongUser()
  }
  if (grant === 'refresh_token') {
    const refreshToken = form.get('refresh_token') ?? ''
    const userName = await refreshedUser(database, client.clientId, refreshToken)
    const caller = userName === undefined ? undefined : await call.accounts.byName(userName)
    return caller ? tokens(call, client, caller, refreshToken) : wrongRefreshToken()
  }
  return unknownGrant()
}

async function tokens(
  call: OpenCall,
  client: { clientId: string; clientSecret: string },
  caller: Caller,
  refreshToken?: string,
): Promise<Response> {
  const { token, secondsLeft } = await issueToken(call.practice.database, client, caller.sysId, 'access')
  return json(200, {
    access_token: token,
    ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
    scope: 'useraccount',
    token_type: 'Bearer',
    expires_in: secondsLeft,
  })
}

/** GET or POST /oauth_revoke_token.do?token=…; needs no sign-in. */
export async function revokeTokens(call: OpenCall): Promise<Response> {
  const token = call.url.searchParams.get('token') ?? (await readForm(call)).get('token')
  if (token) await call.accounts.endToken(token)
  return new Response(null, { status: 200 })
}

/** Anything but a form has no parameters, and so fails as an unknown client does. */
async function readForm({ request }: OpenCall): Promise<URLSearchParams> {
  const type = request.headers.get('content-type') ?? ''
  if (request.method !== 'POST' || !/^application\/x-www-form-urlencoded\s*(;|$)/i.test(type)) return new URLSearchParams()
  return new URLSearchParams(await readText(request, MOST_BYTES))
}
