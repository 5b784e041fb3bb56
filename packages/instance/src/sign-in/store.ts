import { hash } from 'node:crypto'
import type { Database } from '../storage/database.ts'
import { passwordHash } from './password.ts'

/** Sets the password of some users, which no API can (contract servicenow-core.md 3.4), and if wanted of all others who have none. */
export async function storePasswords(database: Database, password: string, userNames: readonly string[], others: boolean): Promise<void> {
  const rows = await database.run(
    `update ${database.name('sys_user')} set user_password = $2
       where lower(user_name) = any(select lower(n) from unnest($1::text[]) n) or ($3::boolean and user_password is null) returning lower(user_name)`,
    [userNames, await passwordHash(password), others],
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
  await database.run(
    `with gone as (delete from ${database.name('oauth_credential')} c using ${database.name('oauth_entity')} e
       where c.client_id = $1 and e.client_id = $1 and (e.secret_hash <> $2 or e.user_name <> $3))
     insert into ${database.name('oauth_entity')} (client_id, secret_hash, user_name) values ($1, $2, $3)
     on conflict (client_id) do update set secret_hash = excluded.secret_hash, user_name = excluded.user_name`,
    [clientId, hash('sha256', clientSecret), userName],
  )
}
