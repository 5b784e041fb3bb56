import { createHmac, hash, randomBytes } from 'node:crypto'
import type { Database } from '../storage/database.ts'

export type TokenKind = 'access' | 'refresh'

/** Default lifetimes in seconds (contract servicenow-core.md 2.6). */
const LIFETIMES: Readonly<Record<TokenKind, number>> = { access: 1_800, refresh: 8_640_000 }

export interface Token {
  readonly token: string
  readonly secondsLeft: number
}

/**
 * The token of a client and user: the same one until it expires. It is computed from the client's secret, which comes with
 * every request for it, so the table holds only its digest.
 */
export async function issueToken(
  database: Database,
  client: { clientId: string; clientSecret: string },
  userId: string,
  kind: TokenKind,
): Promise<Token> {
  const table = database.name('oauth_credential')
  const tokenOf = (nonce: string) => createHmac('sha256', client.clientSecret).update(`${kind}\0${userId}\0${nonce}`).digest('base64url')
  for (;;) {
    const nonce = randomBytes(24).toString('base64url')
    const made = await database.run(
      `insert into ${table} as c (client_id, user_id, kind, nonce, token_hash, expires_at)
       values ($1, $2, $3, $4, $5, now() + $6::integer * interval '1 second')
       on conflict (client_id, user_id, kind) do update set nonce = excluded.nonce, token_hash = excluded.token_hash, expires_at = excluded.expires_at
         where c.expires_at <= now() + interval '1 second'
       returning nonce, floor(extract(epoch from expires_at - now()))`,
      [client.clientId, userId, kind, nonce, hash('sha256', tokenOf(nonce)), LIFETIMES[kind]],
    )
    const [row] = made.length > 0 ? made : await existing(database, client.clientId, userId, kind)
    if (row?.[0]) return { token: tokenOf(row[0]), secondsLeft: Number(row[1]) }
  }
}

function existing(database: Database, clientId: string, userId: string, kind: TokenKind) {
  return database.run(
    `select nonce, floor(extract(epoch from expires_at - now())) from ${database.name('oauth_credential')}
     where client_id = $1 and user_id = $2 and kind = $3 and expires_at > now()`,
    [clientId, userId, kind],
  )
}

/** The user a refresh token was given for, if it is this client's and has not expired. */
export async function refreshedUser(database: Database, clientId: string, token: string): Promise<string | undefined> {
  const [row] = await database.run(
    `select u.user_name from ${database.name('oauth_credential')} c join ${database.name('sys_user')} u on u.sys_id = c.user_id
     where c.token_hash = $1 and c.kind = 'refresh' and c.client_id = $2 and c.expires_at > now()`,
    [hash('sha256', token), clientId],
  )
  return row?.[0] ?? undefined
}

export async function revokeToken(database: Database, token: string): Promise<void> {
  await database.run(`delete from ${database.name('oauth_credential')} where token_hash = $1`, [hash('sha256', token)])
}

/** The user as whom a client signs in by itself, if its secret is right. */
export async function clientUser(database: Database, clientId: string, clientSecret: string): Promise<string | undefined> {
  const [row] = await database.run(`select user_name from ${database.name('oauth_entity')} where client_id = $1 and secret_hash = $2`, [
    clientId.replaceAll('\0', ''),
    hash('sha256', clientSecret),
  ])
  return row?.[0] ?? undefined
}
