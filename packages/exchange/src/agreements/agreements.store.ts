import type { Database, Queries } from '../platform/database.ts'
import type { Environment } from '../platform/environment.ts'
import { sql } from '../platform/sql.ts'
import { type Terms, termsSchema } from './terms.ts'

/** The agreement of one partner in one environment. */
export interface Agreement {
  partnerId: string
  terms: Terms
}

const put = sql`
  insert into exchange.agreement (partner_id, environment, terms) values ($1, $2, $3)
  on conflict (partner_id, environment) do update set terms = excluded.terms, changed_at = now()`

const openQueue = sql`insert into exchange.queue (partner_id, environment) values ($1, $2) on conflict do nothing`

/** Makes or changes what a partner may exchange in an environment. */
export async function putAgreement(queries: Queries, partnerId: string, environment: Environment, terms: Terms): Promise<void> {
  await queries.changed(put, [partnerId, environment, JSON.stringify(termsSchema.parse(terms))])
  await queries.changed(openQueue, [partnerId, environment])
}

const inEnvironment = sql`select partner_id as "partnerId", terms from exchange.agreement where environment = $1 order by partner_id`

/** Every agreement of an environment. */
export const readAgreements = (database: Database, environment: Environment) => database.rows<Agreement>(inEnvironment, [environment])
