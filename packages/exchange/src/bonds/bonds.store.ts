import { normalName } from '../mapping/index.ts'
import type { Queries } from '../platform/database.ts'
import { sql } from '../platform/sql.ts'

/** What binds a partner's number to a record. */
export interface Bond {
  bondId: string
  partnerId: string
  word: string
  isTask: boolean
  reference: string | null
  /** Another reference of the partner differs from it in nothing but its bytes: only its own bytes name it. */
  keepsItsForm: boolean
  correlationId: string | null
  sysId: string | null
  number: string | null
  newTransactionId: string | null
  responseTransactionId: string | null
  responseStatus: string | null
}

const COLUMNS = `bond_id as "bondId", partner_id as "partnerId", word, is_task as "isTask", reference, keeps_its_form as "keepsItsForm", correlation_id as "correlationId",
  sys_id as "sysId", number, new_transaction_id as "newTransactionId", response_transaction_id as "responseTransactionId",
  response_status as "responseStatus"`

const one = sql`select ${COLUMNS} from exchange.bond where environment = $1 and partner_id = $2 and sys_id = $3`
const ofPartner = sql`select ${COLUMNS} from exchange.bond where environment = $1 and partner_id = $2 and sys_id is not null`
const ofRecords = sql`
  select ${COLUMNS} from exchange.bond
  where environment = $1 and (sys_id = any($2::text[]) or correlation_id = any($3::text[]))`

const setReferenceStatement = sql`
  insert into exchange.bond (environment, partner_id, word, is_task, reference, table_name, sys_id, number, correlation_id, remade, reference_key)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9::text is not null, $10)
  on conflict (environment, sys_id, partner_id) do update
  set reference = coalesce(exchange.bond.reference, excluded.reference), reference_key = coalesce(exchange.bond.reference_key, excluded.reference_key)
  where exchange.bond.reference is null or exchange.bond.reference = excluded.reference or exchange.bond.reference_key = excluded.reference_key
  returning reference`

const filedUnder = sql`
  select from exchange.bond
  where environment = $1 and partner_id = $2 and not is_task and reference_key = $3 and correlation_id = $4`

const toldStatement = sql`
  insert into exchange.bond (environment, partner_id, word, is_task, table_name, sys_id, number, new_transaction_id, new_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8, now())
  on conflict (environment, sys_id, partner_id) do update set new_transaction_id = excluded.new_transaction_id, new_at = now(),
    response_transaction_id = null, response_status = null, response_error = null, response_at = null`

const respond = sql`
  update exchange.bond set response_transaction_id = $4, response_status = $5, response_error = $6, response_at = now()
  where environment = $1 and partner_id = $2 and sys_id = $3`

const unanswered = sql`
  select b.environment, p.name as partner, b.number, b.word, b.new_transaction_id as "transactionId", b.new_at as "newAt",
    b.response_status as "responseStatus", b.response_error as "responseError", b.response_at as "responseAt"
  from exchange.bond b join exchange.partner p using (partner_id)
  where (b.new_at < now() - make_interval(secs => $1) and b.response_at is null) or b.response_status = 'Failure'
  order by b.new_at`

const alike = sql`
  select b.environment, p.name as partner, b.reference, b.number from exchange.bond b join exchange.partner p using (partner_id)
  where b.keeps_its_form order by b.environment, p.name, b.made_at`

const filings = sql`
  select correlation_id as "correlationId", partner_id as "partnerId", sys_id as "sysId" from exchange.bond
  where environment = $1 and correlation_id = any($2::text[])`

/** What a partner has filed: under which correlation id, and as which record once that is known. */
export type Filing = Pick<Bond, 'correlationId' | 'partnerId' | 'sysId'>

export const filingsOf = (queries: Queries, environment: string, correlationIds: readonly string[]) =>
  queries.rows<Filing>(filings, [environment, correlationIds])

const filed = sql`select correlation_id as "correlationId" from exchange.bond where environment = $1 and correlation_id is not null`

/** The correlation ids of all that was filed in an environment. */
export async function filedIn(queries: Queries, environment: string): Promise<string[]> {
  const rows = await queries.rows<{ correlationId: string }>(filed, [environment])
  return rows.map(({ correlationId }) => correlationId)
}

export const bondOf = (queries: Queries, environment: string, partnerId: string, sysId: string) =>
  queries.row<Bond>(one, [environment, partnerId, sysId])
export const bondsOfPartner = (queries: Queries, environment: string, partnerId: string) =>
  queries.rows<Bond>(ofPartner, [environment, partnerId])
export const bondsOfRecords = (queries: Queries, environment: string, sysIds: readonly string[], correlationIds: readonly string[]) =>
  queries.rows<Bond>(ofRecords, [environment, sysIds, correlationIds])

export interface BondedRecord {
  environment: string
  partnerId: string
  word: string
  isTask: boolean
  table: string
  sysId: string
  number: string
}

/**
 * Sets the partner's reference for a record where it has none; false when it has another one. Throws PostgreSQL's 23505 when another
 * record has it. `filedAs`: the correlation id of a record that the partner filed and that has no bond.
 */
export async function setReference(queries: Queries, record: BondedRecord, reference: string, filedAs?: string): Promise<boolean> {
  const { environment, partnerId, word, isTask, table, sysId, number } = record
  const values = [environment, partnerId, word, isTask, reference, table, sysId, number, filedAs ?? null, normalName(reference)]
  return (await queries.changed(setReferenceStatement, values)) === 1
}

/** Whether the partner's filing of this reference is what carries this correlation id. */
export const isFiledUnder = async (
  queries: Queries,
  { environment, partnerId }: Pick<BondedRecord, 'environment' | 'partnerId'>,
  reference: string,
  filedAs: string,
): Promise<boolean> => (await queries.row(filedUnder, [environment, partnerId, normalName(reference), filedAs])) !== undefined

/** The partner has been told of a record with a New and is to answer it. */
export const bondTold = (queries: Queries, record: BondedRecord, transactionId: string) => {
  const { environment, partnerId, word, isTask, table, sysId, number } = record
  return queries.changed(toldStatement, [environment, partnerId, word, isTask, table, sysId, number, transactionId])
}

export interface Response {
  transactionId: string
  status: 'Success' | 'Failure'
  error: string | null
}

export const saveResponse = (
  queries: Queries,
  environment: string,
  partnerId: string,
  sysId: string,
  { transactionId, status, error }: Response,
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
export const unansweredNews = (queries: Queries, afterSeconds: number) => queries.rows<UnansweredNew>(unanswered, [afterSeconds])

/** A record that was somebody's became somebody else's. */
export interface Handover {
  /** The instance's time of the save. */
  at: string
  /** The journal entries of that very save, and those that came after it and have no later time. */
  entries: readonly string[]
  /** Partners; null is nobody. */
  from: string | null
  to: string | null
}

const handoversOf = sql`
  select sys_id as "sysId", at, entries, from_partner as "from", to_partner as "to" from exchange.handover
  where environment = $1 and sys_id = any($2::text[]) order by sys_id, place`

const addHandover = sql`
  insert into exchange.handover (environment, sys_id, at, entries, from_partner, to_partner) values ($1, $2, $3, $4, $5, $6)`

const addToLastHandover = sql`
  update exchange.handover h set entries = h.entries || $3::text[]
  where h.environment = $1 and h.sys_id = $2 and h.place = (select max(place) from exchange.handover where environment = $1 and sys_id = $2)`

const history = sql`
  select c.baseline, c.updated_on as reached, r.fields as captured,
    exists (select from exchange.capture_due d where d.environment = c.environment and d.sys_id = $2) as pending,
    coalesce((select jsonb_agg(jsonb_build_object('at', h.at, 'entries', h.entries, 'from', h.from_partner, 'to', h.to_partner) order by h.place)
      from exchange.handover h where h.environment = c.environment and h.sys_id = $2), '[]') as handovers
  from exchange.capture c left join exchange.captured_record r on r.environment = c.environment and r.sys_id = $2
  where c.environment = $1`

/** The handovers of these records, in order. */
export const readHandovers = (queries: Queries, environment: string, sysIds: readonly string[]) =>
  queries.rows<Handover & { sysId: string }>(handoversOf, [environment, sysIds])

/** Writes down that a record was moved. */
export const recordHandover = (queries: Queries, environment: string, sysId: string, { at, entries, from, to }: Handover) =>
  queries.changed(addHandover, [environment, sysId, at, entries, from, to])

/** Writes down entries that came after a record was moved last, though their time is not later. */
export const saidAfterHandover = (queries: Queries, environment: string, sysId: string, entries: readonly string[]) =>
  queries.changed(addToLastHandover, [environment, sysId, entries])

export interface History {
  handovers: readonly Handover[]
  /** The record as capture saw it last; null where it has not, or keeps nothing of it. */
  captured: Readonly<Record<string, string>> | null
  /** Whether capture has still to look at what happened to it. */
  pending: boolean
  /** What was saved before is from before Deskbridge. */
  baseline: string | null
  /** How far capture has noticed changes. */
  reached: string | null
}

/** Whose a record was, as capture knows it. */
export const readHistory = async (queries: Queries, environment: string, sysId: string): Promise<History> =>
  (await queries.row<History>(history, [environment, sysId]))!

/** The references of partners that differ from others of theirs in nothing but their bytes. */
export const referencesAlike = (queries: Queries) =>
  queries.rows<{ environment: string; partner: string; reference: string; number: string | null }>(alike)
