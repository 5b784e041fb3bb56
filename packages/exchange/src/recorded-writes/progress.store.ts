import type { Database } from '../platform/database.ts'
import { sql } from '../platform/sql.ts'
import type { RecordedWrite } from './recorded-write.ts'
import { HELD, type Held, heldBy, STILL_HELD, UNIQUE_VIOLATION } from './write-row.ts'

const PROGRESS = `progress = $4, sys_id = coalesce(sys_id, $5), number = coalesce(number, $6), under_way = $7, parked = null, parked_since = null`
const FINISHED = `state = 'done', finished_at = clock_timestamp(), spool_folder = null, holder = null, held_until = null`
const GOES_ON = `attempted_at = clock_timestamp(), held_until = ${HELD}`

/** The first step of a filing binds its reference to the record in the same commit. */
const BINDS = `
  bound as (update exchange.bond b set sys_id = $5, number = $6 from moved where b.bond_id = moved.write_id)`

const advance = sql`update exchange.recorded_write set ${PROGRESS}, ${GOES_ON} where ${STILL_HELD}`
const finish = sql`update exchange.recorded_write set ${PROGRESS}, ${FINISHED} where ${STILL_HELD}`
const bind = sql`
  with moved as (update exchange.recorded_write set ${PROGRESS}, ${GOES_ON} where ${STILL_HELD} returning write_id), ${BINDS}
  select from moved`
const bindAndFinish = sql`
  with moved as (update exchange.recorded_write set ${PROGRESS}, ${FINISHED} where ${STILL_HELD} returning write_id), ${BINDS}
  select from moved`

const take = sql`update exchange.recorded_write set under_way = $4, held_until = ${HELD} where ${STILL_HELD}`

const letGo = sql`
  update exchange.recorded_write set progress = $4, state = $5, holder = null, held_until = null, under_way = $6,
    next_attempt_at = now() + make_interval(secs => $7),
    attempted_at = case when $8::float8 is null then attempted_at else clock_timestamp() - make_interval(secs => $8) end,
    parked = $9::text, parked_since = case when $9::text is null then null else coalesce(parked_since, now()) end
  where ${STILL_HELD}`

// A bond that the record proves stays, and waits for its filing again.
const forget = sql`
  with gone as (delete from exchange.recorded_write where ${STILL_HELD} returning write_id),
    noted as (insert into exchange.forgotten_write (write_id) select write_id from gone),
    unbound as (delete from exchange.bond b using gone where b.bond_id = gone.write_id and b.sys_id is null),
    kept as (update exchange.bond b set remade = true from gone where b.bond_id = gone.write_id and b.sys_id is not null)
  select from gone`

export const forgetWrite = async (database: Database, held: Held, holder: string) =>
  (await database.writing(forget, heldBy(held, holder))).length === 1

export interface LettingGo {
  state: 'open' | 'halted'
  againInSeconds: number
  /** When an attempt has just ended without an answer. */
  endedSecondsAgo?: number
  /** Why only a person can say how it goes on. */
  parked?: string
}

/** Gives a write back; false when it was not held any more. */
export const releaseWrite = async (
  database: Database,
  write: RecordedWrite,
  holder: string,
  { state, againInSeconds, endedSecondsAgo, parked }: LettingGo,
): Promise<boolean> =>
  (await database.changed(letGo, [
    ...heldBy(write, holder),
    JSON.stringify(write.progress),
    state,
    write.underWay,
    againInSeconds,
    endedSecondsAgo ?? null,
    parked ?? null,
  ])) === 1

export interface Moved {
  finished: boolean
  binds: boolean
}

/**
 * Writes down how far a write is: `held` when it was, `lost` when somebody else holds it now, `busy` when the step that is begun with
 * it adds what is under way on the record already.
 */
export async function saveProgress(
  database: Database,
  write: RecordedWrite,
  holder: string,
  { finished, binds }: Moved,
): Promise<'held' | 'lost' | 'busy'> {
  const values = [...heldBy(write, holder), JSON.stringify(write.progress), write.sysId, write.number, write.underWay]
  const moved = binds
    ? async () => (await database.writing(finished ? bindAndFinish : bind, values)).length
    : () => database.changed(finished ? finish : advance, values)
  return (await moveUnlessBusy(moved)) ?? 'busy'
}

/** Nobody else adds this to the record from now on. */
export const takeUnderWay = async (database: Database, held: Held, holder: string, added: string): Promise<'held' | 'lost' | 'busy'> =>
  (await moveUnlessBusy(() => database.changed(take, [...heldBy(held, holder), added]))) ?? 'busy'

async function moveUnlessBusy(move: () => Promise<number>): Promise<'held' | 'lost' | undefined> {
  try {
    return (await move()) === 1 ? 'held' : 'lost'
  } catch (error) {
    const { code, constraint } = error as { code?: string; constraint?: string }
    if (code === UNIQUE_VIOLATION && constraint === 'recorded_write_under_way') return undefined
    throw error
  }
}
