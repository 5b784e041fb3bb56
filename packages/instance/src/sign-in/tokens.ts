import { createHmac, hash, randomBytes } from 'node:crypto'
import type { Database } from '../storage/database.ts'
import { newSysId } from '../sys-id.ts'

/** The two kinds that a client holds. */
export type TokenKind = 'access_token' | 'refresh_token'

/** An OAuth client whose secret came with the request and is right. */
export interface Client {
  readonly sysId: string
  readonly secret: string
  /** As whom it signs in by itself. */
  readonly userName: string | undefined
  /** In seconds; the defaults are those of contract servicenow-core.md 2.6. */
  readonly lifespans: Readonly<Record<TokenKind, number>>
}

/** A token as its client gets it. */
export interface Token {
  readonly token: string
  readonly secondsLeft: number
}

/**
 * The token of a client and user: the same one until it expires. It is computed from the client's secret, which comes with
 * every request for it, so the table holds only its digest.
 */
export async function issueToken(database: Database, client: Client, userId: string, kind: TokenKind): Promise<Token> {
  const table = database.name('oauth_credential')
  const tokenOf = (nonce: string) => createHmac('sha256', client.secret).update(`${kind}\0${userId}\0${nonce}`).digest('base64url')
  for (;;) {
    const nonce = randomBytes(24).toString('base64url')
    const made = await database.run(
      `insert into ${table} as c (sys_id, sys_created_on, sys_created_by, sys_updated_on, sys_updated_by, sys_mod_count, peer, "user", type, nonce, token, expires)
       values ($7, now(), 'system', now(), 'system', 0, $1, $2, $3, $4, $5, date_trunc('second', now() + $6::integer * interval '1 second'))
       on conflict (peer, "user", type) do update set nonce = excluded.nonce, token = excluded.token, expires = excluded.expires,
           sys_updated_on = excluded.sys_updated_on, sys_mod_count = c.sys_mod_count + 1
         where c.expires <= now() + interval '1 second'
       returning nonce, ${LEFT}, token`,
      [client.sysId, userId, kind, nonce, hash('sha256', tokenOf(nonce)), client.lifespans[kind], newSysId()],
    )
    const [row] = made.length > 0 ? made : await findToken(database, client.sysId, userId, kind)
    if (!row?.[0]) continue
    if (hash('sha256', tokenOf(row[0])) === row[2]) return { token: tokenOf(row[0]), secondsLeft: Number(row[1]) }
    // Of another secret, which the client had before.
    await database.run(`delete from ${table} where token = $1`, [row[2] ?? ''])
  }
}

const LEFT = 'floor(extract(epoch from expires - now()))'

function findToken(database: Database, client: string, userId: string, kind: TokenKind) {
  return database.run(
    `select nonce, ${LEFT}, token from ${database.name('oauth_credential')}
     where peer = $1 and "user" = $2 and type = $3 and expires > now()`,
    [client, userId, kind],
  )
}

/** The user of a token that has not expired, if it is of that kind, and of that client where one is named. */
export async function findTokenUser(database: Database, token: string, kind: TokenKind, client?: Client): Promise<string | undefined> {
  const [row] = await database.run(
    `select u.user_name from ${database.name('oauth_credential')} c
     join ${database.name('oauth_entity')} e on e.sys_id = c.peer and e.active
     join ${database.name('sys_user')} u on u.sys_id = c."user"
     where c.token = $1 and c.type = $2 and c.expires > now() and c.peer = coalesce($3, c.peer)`,
    [hash('sha256', token), kind, client?.sysId ?? null],
  )
  return row?.[0] ?? undefined
}

/** Deletes a token, of either kind. */
export async function deleteToken(database: Database, token: string): Promise<void> {
  await database.run(`delete from ${database.name('oauth_credential')} where token = $1`, [hash('sha256', token)])
}

/** The client of these credentials, if they are right and it is active. */
export async function findClient(database: Database, clientId: string, secret: string): Promise<Client | undefined> {
  const [row] = await database.run(
    `select e.sys_id, u.user_name, coalesce(e.access_token_lifespan, 1800), coalesce(e.refresh_token_lifespan, 8640000)
     from ${database.name('oauth_entity')} e left join ${database.name('sys_user')} u on u.sys_id = e."user"
     where e.client_id = $1 and e.client_secret = $2 and e.active`,
    [clientId.replaceAll('\0', ''), hash('sha256', secret)],
  )
  if (!row?.[0]) return undefined
  const [sysId, userName, access, refresh] = row
  const lifespan = (seconds: string | null | undefined) => Math.max(0, Number(seconds))
  return { sysId, secret, userName: userName ?? undefined, lifespans: { access_token: lifespan(access), refresh_token: lifespan(refresh) } }
}
