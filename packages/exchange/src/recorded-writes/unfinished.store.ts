import type { Queries } from '../platform/database.ts'
import type { Environment } from '../platform/environment.ts'
import { sql } from '../platform/sql.ts'

const unfinished = sql`
  select environment, state, count(*)::int as count, extract(epoch from now() - min(accepted_at))::float8 as "oldestSeconds"
  from exchange.recorded_write where state <> 'done' group by environment, state`

/** Recorded writes of an environment that ServiceNow does not have whole. */
export interface Unfinished {
  environment: Environment
  /** `open`: they are tried again. `halted`: ServiceNow refused a step, and only the partner's retry goes on. */
  state: 'open' | 'halted'
  count: number
  oldestSeconds: number
}

/** How many there are, and the age of the oldest. */
export const countUnfinishedWrites = (queries: Queries) => queries.rows<Unfinished>(unfinished)
