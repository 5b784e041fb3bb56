import type { Database, Queries } from '../platform/database.ts'
import type { Environment } from '../platform/environment.ts'
import { sql } from '../platform/sql.ts'
import { type Terms, termsSchema } from './terms.ts'

/** The agreement of one partner in one environment. */
export interface Agreement {
  partnerId: string
  terms: Terms
}

/** An agreement as it stands now. */
export interface AgreementNow {
  terms: Terms
  changedAt: Date
  /** What the terms are, in 16 characters: other terms have another one, whoever changed them. */
  version: string
}

const put = sql`
  insert into exchange.agreement (partner_id, environment, terms) values ($1, $2, $3)
  on conflict (partner_id, environment) do update set terms = excluded.terms, changed_at = now()`

const one = sql`
  select terms, changed_at as "changedAt", left(encode(sha256(convert_to(terms::text, 'UTF8')), 'hex'), 16) as version
  from exchange.agreement where partner_id = $1 and environment = $2`

/** Makes or changes what a partner may exchange in an environment. Its queue is opened with it (migration 0010). */
export async function putAgreement(queries: Queries, partnerId: string, environment: Environment, terms: Terms): Promise<void> {
  await queries.changed(put, [partnerId, environment, JSON.stringify(termsSchema.parse(terms))])
}

/** The agreement of a partner in an environment; undefined where there is none. */
export const readAgreement = (queries: Queries, partnerId: string, environment: Environment) =>
  queries.row<AgreementNow>(one, [partnerId, environment])

const inEnvironment = sql`select partner_id as "partnerId", terms from exchange.agreement where environment = $1 order by partner_id`

/** Every agreement of an environment. */
export const readAgreements = (database: Database, environment: Environment) => database.rows<Agreement>(inEnvironment, [environment])
