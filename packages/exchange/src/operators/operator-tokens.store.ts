import type { Queries } from '../platform/database.ts'
import { sql } from '../platform/sql.ts'

const endAllOf = sql`
  update exchange.operator_token set revoked_at = now() where made_by = $1 and revoked_at is null and ends_at > now() returning name`

/** Ends the tokens that a person made; their names. */
export const endTokensOf = async (queries: Queries, email: string): Promise<string[]> =>
  (await queries.writing<{ name: string }>(endAllOf, [email])).map(({ name }) => name).sort()
