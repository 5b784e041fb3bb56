import type { Database, Queries } from '../platform/database.ts'
import type { Environment } from '../platform/environment.ts'
import { sql } from '../platform/sql.ts'

/** How far capture got in an environment. Times are the instance's, in UTC, as it writes them. */
export interface Reach {
  fence: number
  baseline: string | null
  updatedOn: string | null
  attachmentsOn: string | null
}

const take = sql`
  update exchange.capture set holder = $2, held_until = now() + interval '10 seconds',
    looked_at = greatest(looked_at, now() - make_interval(secs => $3)),
    fence = case when holder = $2 and held_until > now() then fence else fence + 1 end
  where environment = $1 and (holder = $2 or held_until is null or held_until < now())
  returning fence, baseline, updated_on as "updatedOn", attachments_on as "attachmentsOn"`

const giveUp = sql`update exchange.capture set held_until = null where environment = $1 and holder = $2`
const stillOurs = sql`select from exchange.capture where environment = $1 and fence = $2 and holder = $3 for update`

const lags = sql`
  select c.environment, extract(epoch from now() - c.looked_at)::float8 as "lagSeconds", count(d.sys_id)::int as due
  from exchange.capture c left join exchange.capture_due d using (environment) group by c.environment, c.looked_at`

/** How far capture is behind in an environment. */
export interface CaptureLag {
  environment: Environment
  /** Since a look got through; null before the first. */
  lagSeconds: number | null
  due: number
}

/** How far capture is behind, a row an environment. @throws DatabaseAway */
export const readCaptureLags = (queries: Queries) => queries.rows<CaptureLag>(lags)

/**
 * Takes or keeps the lease; undefined while another process has it. The fence number goes up with every new holder.
 * @param lookedMsAgo when a look of this process got through, where one did
 */
export const takeCapture = (database: Database, environment: Environment, holder: string, lookedMsAgo: number | undefined) =>
  database.row<Reach>(take, [environment, holder, lookedMsAgo === undefined ? null : lookedMsAgo / 1_000])
export const giveCaptureUp = (database: Database, environment: Environment, holder: string) =>
  database.changed(giveUp, [environment, holder])

/** Whether this process is still the one that captures; checked inside the transaction that writes. */
export const holdsFence = async (queries: Queries, environment: Environment, fence: number, holder: string) =>
  (await queries.row(stillOurs, [environment, fence, holder])) !== undefined
