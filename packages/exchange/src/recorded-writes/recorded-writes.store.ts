import type { Database, Queries } from '../platform/database.ts'
import { sql } from '../platform/sql.ts'
import { addedBy } from './plan.ts'
import type { NewWrite, RecordedWrite } from './recorded-write.ts'
import { COLUMNS, HELD, UNIQUE_VIOLATION } from './write-row.ts'

const INTO_WRITES = `insert into exchange.recorded_write (write_id, environment, partner_id, operation, request_key, idempotency_key,
    content_sha256, table_name, sys_id, number, reference, plan, spool_folder, spool_at, progress, holder, held_until, under_way)`

const insertWrite = sql`
  ${INTO_WRITES}
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $14, ${HELD}, $16)
  on conflict do nothing`

const insertOwn = sql`
  insert into exchange.recorded_write (write_id, environment, operation, request_key, content_sha256, table_name, sys_id, number, plan)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
  on conflict do nothing`

// A filing's bond has the write's id. A plan that was made while the tables were empty took the first index that fits, and
// looked through all bonds of the partner: 3.5 ms for each of the first 5,000 tickets, 0.4 by this key.
// A bond that was made again from the record, because the database had lost its filing, is the filing's when that comes again. What is
// asked of the bond stands in its own row: another table would be seen as it was before a filing that runs beside this one.
const insertFiling = sql`
  with bond as (
    insert into exchange.bond as known (bond_id, environment, partner_id, word, is_task, reference, reference_key, correlation_id, table_name)
    values ($1::uuid, $2, $3, $17, false, $11, $19, $18, $8)
    on conflict (environment, partner_id, is_task, reference_key) do update set bond_id = excluded.bond_id, remade = false
      where known.remade and known.correlation_id = excluded.correlation_id
    returning bond_id, sys_id
  ), accepted as (
    ${INTO_WRITES}
    select $1::uuid, $2, $3::uuid, $4, $5, $6, $7, $8, $9, $10, $11, $12::jsonb, $13, $14, $15::jsonb, $14, ${HELD}, $16 from bond
  )
  select sys_id is not null as made from bond`

/** A reference that was given to a record which the operator made. One statement sees a filing's two rows both, or neither. */
const referenceBound = sql`
  select from exchange.bond b where b.environment = $1 and b.partner_id = $2 and not b.is_task and b.reference_key = $3
    and not exists (select from exchange.recorded_write w where w.environment = $1 and w.partner_id = $2 and w.request_key = $4)`

const byRequest = sql`
  select ${COLUMNS} from exchange.recorded_write
  where environment = $1 and partner_id is not distinct from $2 and (request_key = any($3::text[]) or idempotency_key = $4)
  order by (idempotency_key is not distinct from $4) desc, (request_key = $3[1]) desc limit 1`

const outdate = sql`
  update exchange.recorded_write set request_key = request_key || ':' || write_id
  where write_id = $1 and state = 'done'`

const byId = sql`select ${COLUMNS} from exchange.recorded_write where write_id = $1`

/**
 * Accepts a write with its first step begun, unless one with the same key is there already, or an equal thing is under way on the
 * same record. `waits`: the first step is not begun yet, so that only the key counts. `made`: its ticket was made before, as its bond says,
 * and the database has lost how.
 */
export async function insertNewWrite(
  queries: Queries,
  write: NewWrite,
  holder: string,
  waits: boolean,
): Promise<'accepted' | 'made' | undefined> {
  const values = [
    write.writeId,
    write.environment,
    write.partnerId,
    write.operation,
    write.requestKey,
    write.idempotencyKey,
    write.contentSha256,
    write.table,
    write.sysId,
    write.number,
    write.reference,
    JSON.stringify(write.plan),
    write.spoolFolder,
    holder,
    JSON.stringify(waits ? [] : [{ begun: true }]),
    waits ? null : addedBy(write.plan[0]),
  ]
  if (!write.bond) return (await queries.changed(insertWrite, values)) === 1 ? 'accepted' : undefined
  try {
    const rows = await queries.writing<{ made: boolean }>(insertFiling, [
      ...values,
      write.bond.word,
      write.bond.correlationId,
      write.filing!.referenceKey,
    ])
    return rows[0] && (rows[0].made ? 'made' : 'accepted')
  } catch (error) {
    // The reference was free and the Idempotency-Key was not: PostgreSQL took the whole statement back.
    if ((error as { code?: string }).code === UNIQUE_VIOLATION) return undefined
    throw error
  }
}

/** Accepts a write of the exchange itself; the resolver does it. */
export const acceptOwnWrite = (queries: Queries, write: NewWrite) =>
  queries.changed(insertOwn, [
    write.writeId,
    write.environment,
    write.operation,
    write.requestKey,
    write.contentSha256,
    write.table,
    write.sysId,
    write.number,
    JSON.stringify(write.plan),
  ])

/** A filing whose reference was there in its very form before forms were compared is found by that first. */
export const findWrite = (database: Database, { environment, partnerId, requestKey, idempotencyKey, filing, reference }: NewWrite) =>
  database.row<RecordedWrite>(byRequest, [
    environment,
    partnerId,
    filing ? [...new Set([`reference:${reference}`, requestKey])] : [requestKey],
    idempotencyKey,
  ])
export const readWrite = (database: Database, writeId: string) => database.row<RecordedWrite>(byId, [writeId])

/** An equal request that is a new one all the same: the old one gives its key away. */
export const outdateWrite = (database: Database, writeId: string) => database.changed(outdate, [writeId])

/** Whether a partner's reference is that of a record which it did not file. */
export const isReferenceBound = async (database: Database, { environment, partnerId, filing, requestKey }: NewWrite) =>
  (await database.row(referenceBound, [environment, partnerId, filing!.referenceKey, requestKey])) !== undefined
