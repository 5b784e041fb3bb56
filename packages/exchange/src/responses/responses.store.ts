import type { Queries } from '../platform/database.ts'
import { sql } from '../platform/sql.ts'

const respond = sql`
  update exchange.bond set response_transaction_id = $4, response_status = $5, response_error = $6, response_at = now()
  where environment = $1 and partner_id = $2 and sys_id = $3`

const unanswered = sql`
  select b.environment, p.name as partner, b.number, b.word, b.new_transaction_id as "transactionId", b.new_at as "newAt",
    b.response_status as "responseStatus", b.response_error as "responseError", b.response_at as "responseAt"
  from exchange.bond b join exchange.partner p using (partner_id)
  where (b.new_at < now() - make_interval(secs => $1) and b.response_at is null) or b.response_status = 'Failure'
  order by b.new_at`

const unansweredCounted = sql`
  select environment, count(*)::int as count, extract(epoch from now() - min(new_at))::float8 as "oldestSeconds"
  from exchange.bond where new_at is not null and response_at is null group by environment`

/** The Response to a New, as the bond keeps it. */
export interface StoredResponse {
  transactionId: string
  status: 'Success' | 'Failure'
  error: string | null
}

export const saveResponse = (
  queries: Queries,
  { environment, partnerId }: { environment: string; partnerId: string },
  sysId: string,
  { transactionId, status, error }: StoredResponse,
) => queries.changed(respond, [environment, partnerId, sysId, transactionId, status, error])

export interface UnansweredNew {
  environment: string
  partner: string
  number: string
  word: string
  transactionId: string | null
  newAt: Date | null
  responseStatus: string | null
  responseError: string | null
  responseAt: Date | null
}

/** New updates without a Response after so many seconds, and those that were answered with a failure. */
export const readUnansweredNews = (queries: Queries, afterSeconds: number) => queries.rows<UnansweredNew>(unanswered, [afterSeconds])

/** How many New updates of an environment have no Response, and the age of the oldest. */
export const countUnansweredNews = (queries: Queries) =>
  queries.rows<{ environment: string; count: number; oldestSeconds: number }>(unansweredCounted)
