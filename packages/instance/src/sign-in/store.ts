import { hash } from 'node:crypto'
import type { Database } from '../storage/database.ts'
import { newSysId } from '../sys-id.ts'
import { hashPassword } from './password.ts'

/** Sets the password of some users, which no API can (contract servicenow-core.md 3.4), and if wanted of all others who have none. */
export async function storePasswords(database: Database, password: string, userNames: readonly string[], others: boolean): Promise<void> {
  const rows = await database.run(
    `update ${database.name('sys_user')} set user_password = $2
       where lower(user_name) = any(select lower(n) from unnest($1::text[]) n) or ($3::boolean and user_password is null) returning lower(user_name)`,
    [userNames, await hashPassword(password), others],
  )
  const missing = userNames.find(wanted => !rows.some(([name]) => name === wanted.toLowerCase()))
  if (missing !== undefined) throw new Error(`There is no user ${missing}`)
}

/**
 * Registers an OAuth client. Its tokens end when its secret or user changes, and stay when nothing changed: every process
 * that shares the schema registers the client when it starts. The secret is generated and long, so a plain digest of it is enough.
 */
export async function storeOAuthClient(
  database: Database,
  { clientId, clientSecret, userName }: { clientId: string; clientSecret: string; userName: string },
): Promise<void> {
  const name = (table: string) => database.name(table)
  const rows = await database.run(
    `with u as (select sys_id from ${name('sys_user')} where lower(user_name) = lower($3)),
     gone as (delete from ${name('oauth_credential')} c using ${name('oauth_entity')} e, u
       where c.peer = e.sys_id and e.client_id = $1 and (e.client_secret, e."user") is distinct from ($2, u.sys_id))
     insert into ${name('oauth_entity')} (sys_id, sys_created_on, sys_created_by, sys_updated_on, sys_updated_by, sys_mod_count,
         name, client_id, client_secret, "user", active, access_token_lifespan, refresh_token_lifespan)
       select $4, now(), 'system', now(), 'system', 0, $1, $1, $2, u.sys_id, true, 1800, 8640000 from u
     on conflict (client_id) do update set client_secret = excluded.client_secret, "user" = excluded."user", active = true
     returning sys_id`,
    [clientId, hash('sha256', clientSecret), userName, newSysId()],
  )
  if (rows.length === 0) throw new Error(`There is no user ${userName}`)
}
