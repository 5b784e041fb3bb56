import type { OpenCall } from '../call/call.ts'
import type { Caller } from '../caller/caller.ts'
import { unknownGrant, wrongClient, wrongRefreshToken, wrongUser } from '../refusals/oauth-token.ts'
import { basicCredentials } from '../sign-in/credentials.ts'
import { type Client, findClient, findTokenUser, issueToken } from '../sign-in/tokens.ts'
import { json } from '../wire/answer.ts'
import { readBodyText } from '../wire/body.ts'

const MOST_BYTES = 64 * 1024

/** POST /oauth_token.do: the grants of contract servicenow-core.md 2.6, from a form only. */
export async function issueTokens(call: OpenCall): Promise<Response> {
  const form = await readForm(call)
  const client = await findClientOf(call, form)
  if (!client) throw wrongClient()
  const grant = form.get('grant_type')
  const { database, standing } = call.practice
  if (grant === 'password' && standing.property('glide.oauth.inbound.ropc.grant_type.disabled') !== 'true') {
    const caller = await call.accounts.findByPassword(form.get('username') ?? '', form.get('password') ?? '')
    if (!caller) throw wrongUser()
    const refresh = await issueToken(database, client, caller.sysId, 'refresh_token')
    return answerWithTokens(call, client, caller, refresh.token)
  }
  if (grant === 'client_credentials' && standing.property('glide.oauth.inbound.client.credential.grant_type.enabled') !== 'false') {
    const caller = client.userName === undefined ? undefined : await call.accounts.findByName(client.userName)
    if (!caller) throw wrongUser()
    return answerWithTokens(call, client, caller)
  }
  if (grant === 'refresh_token') {
    const refreshToken = form.get('refresh_token') ?? ''
    const userName = await findTokenUser(database, refreshToken, 'refresh_token', client)
    const caller = userName === undefined ? undefined : await call.accounts.findByName(userName)
    if (!caller) throw wrongRefreshToken()
    return answerWithTokens(call, client, caller, refreshToken)
  }
  throw unknownGrant()
}

/** Its credentials come in the form, or as those of Basic; some libraries encode them there and some do not. */
async function findClientOf({ request, practice }: OpenCall, form: URLSearchParams): Promise<Client | undefined> {
  const header = form.has('client_id') ? undefined : basicCredentials(request)
  const known = (clientId: string, secret: string) => findClient(practice.database, clientId, secret)
  if (!header) return known(form.get('client_id') ?? '', form.get('client_secret') ?? '')
  return (await known(header.name, header.password)) ?? known(unescaped(header.name), unescaped(header.password))
}

function unescaped(text: string): string {
  return new URLSearchParams(`text=${text}`).get('text') ?? ''
}

async function answerWithTokens(call: OpenCall, client: Client, caller: Caller, refreshToken?: string): Promise<Response> {
  const { token, secondsLeft } = await issueToken(call.practice.database, client, caller.sysId, 'access_token')
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
  return new URLSearchParams(await readBodyText(request, MOST_BYTES))
}
