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

const alike = sql`
  select b.environment, p.name as partner, b.reference, b.number from exchange.bond b join exchange.partner p using (partner_id)
  where b.keeps_its_form order by b.environment, p.name, b.made_at`

const filings = sql`
  select correlation_id as "correlationId", partner_id as "partnerId", sys_id as "sysId" from exchange.bond
  where environment = $1 and correlation_id = any($2::text[])`

/** What a partner has filed: under which correlation id, and as which record once that is known. */
export type Filing = Pick<Bond, 'correlationId' | 'partnerId' | 'sysId'>

export const readFilings = (queries: Queries, environment: string, correlationIds: readonly string[]) =>
  queries.rows<Filing>(filings, [environment, correlationIds])

const filed = sql`select correlation_id as "correlationId" from exchange.bond where environment = $1 and correlation_id is not null`

/** The correlation ids of all that was filed in an environment. */
export async function readFiledIds(queries: Queries, environment: string): Promise<string[]> {
  const rows = await queries.rows<{ correlationId: string }>(filed, [environment])
  return rows.map(({ correlationId }) => correlationId)
}

/** A partner’s bond with a record; undefined where it has none. */
export const findBond = (queries: Queries, environment: string, partnerId: string, sysId: string) =>
  queries.row<Bond>(one, [environment, partnerId, sysId])

/** All bonds of a partner with records that are made. */
export const readBondsOfPartner = (queries: Queries, environment: string, partnerId: string) =>
  queries.rows<Bond>(ofPartner, [environment, partnerId])

/** The bonds with these records, or with what carries one of these correlation ids. */
export const findBondsOfRecords = (queries: Queries, environment: string, sysIds: readonly string[], correlationIds: readonly string[]) =>
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
export const recordNewSent = (queries: Queries, record: BondedRecord, transactionId: string) => {
  const { environment, partnerId, word, isTask, table, sysId, number } = record
  return queries.changed(toldStatement, [environment, partnerId, word, isTask, table, sysId, number, transactionId])
}

/** The references of partners that differ from others of theirs in nothing but their bytes. */
export const readReferencesAlike = (queries: Queries) =>
  queries.rows<{ environment: string; partner: string; reference: string; number: string | null }>(alike)
