import type { Queries } from '../platform/database.ts'
import { sql } from '../platform/sql.ts'
import { DEMO_ADDRESSES, DEMO_PARTNERS, DEMO_PROJECT } from './demo.store.ts'

const people = sql`
  select email, role from exchange.person where made_by ~ $1 and email !~ $1 order by email`

/** By the demo operator, or by a token of its while that was good: another token may have the name later. */
const secrets = sql`
  select r.name as partner, p.environment, p.name as project, left(encode(s.secret_sha256, 'hex'), 12) as fingerprint
  from exchange.client_secret s join exchange.project p using (project_id) join exchange.partner r using (partner_id)
  where p.active and s.revoked_at is null and (s.ends_at is null or s.ends_at > now()) and not (r.name = any($2) and p.name = $3)
    and (s.made_by ~ $1 or exists (
      select from exchange.operator_token t where t.made_by ~ $1 and s.made_by = 'token ' || t.name
        and s.made_at between t.made_at and coalesce(t.revoked_at, t.ends_at)))
  order by r.name, p.environment, p.name, s.made_at`

/** What the demo company's operator has made for others: it may be in use for real, so a person decides about it. */
export interface MadeByDemo {
  people: { email: string; role: string }[]
  secrets: { partner: string; environment: string; project: string; fingerprint: string }[]
}

/** What opens a door still, and was made by the demo company's operator or with a token of its. */
export async function readMadeByDemo(queries: Queries): Promise<MadeByDemo> {
  return {
    people: await queries.rows<MadeByDemo['people'][number]>(people, [DEMO_ADDRESSES]),
    secrets: await queries.rows<MadeByDemo['secrets'][number]>(secrets, [DEMO_ADDRESSES, DEMO_PARTNERS, DEMO_PROJECT]),
  }
}
