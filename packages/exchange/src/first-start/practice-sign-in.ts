import { randomBytes } from 'node:crypto'
import { DEMO, type Instance } from '@deskbridge/instance'
import type { Database, Queries } from '../platform/database.ts'
import type { Environment } from '../platform/environment.ts'
import { sql } from '../platform/sql.ts'
import type { InstanceSteps } from './first-steps.ts'

const remember = sql`
  insert into exchange.practice_sign_in (environment, name, secret)
  select $1, * from unnest($2::text[], $3::text[]) on conflict do nothing`
const all = sql`select name, secret from exchange.practice_sign_in where environment = $1`

const NAMES = ['integration', 'admin', 'client-id', 'client-secret'] as const

/** Sets the users of a practice instance up: the exchange's own, and the desk's. The same secrets at every start and in every process. */
export async function setUpPracticeSignIn(
  database: Database,
  environment: Environment,
  instance: Instance,
): Promise<{ integrationPassword: string; desk: InstanceSteps }> {
  await database.changed(remember, [environment, NAMES, NAMES.map(() => randomBytes(18).toString('base64url'))])
  const rows = await database.rows<{ name: (typeof NAMES)[number]; secret: string }>(all, [environment])
  const secrets = Object.fromEntries(rows.map(row => [row.name, row.secret])) as Record<(typeof NAMES)[number], string>
  const { admin, integration } = DEMO
  await instance.setPassword(integration.userName, secrets.integration)
  await instance.setPassword(admin.userName, secrets.admin)
  const clientId = secrets['client-id']
  const clientSecret = secrets['client-secret']
  await instance.setOAuthClient({ clientId, clientSecret, userName: admin.userName })
  return {
    integrationPassword: secrets.integration,
    desk: { url: '', username: admin.userName, password: secrets.admin, clientId, clientSecret },
  }
}

/** What the desk signs in with at a practice instance; undefined where none was ever started there. */
export async function findDeskSignIn(
  queries: Queries,
  environment: Environment,
): Promise<{ username: string; password: string } | undefined> {
  const rows = await queries.rows<{ name: string; secret: string }>(all, [environment])
  const password = rows.find(({ name }) => name === 'admin')?.secret
  return password === undefined ? undefined : { username: DEMO.admin.userName, password }
}
