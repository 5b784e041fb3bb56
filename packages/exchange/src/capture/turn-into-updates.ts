import { acceptOwnWrite, findWritesOn } from '../recorded-writes/index.ts'
import { captureRecord } from './capture-record.ts'
import { type Due, deleteDue } from './due.store.ts'
import { holdsFence } from './lease.store.ts'
import { readLiveRecords } from './read-live-records.ts'
import { mayHideJournal, readRowsOfTurn } from './read-rows-of-turn.ts'
import { saveTurn } from './save-captured.ts'
import { findDoubtfulJournals } from './sources.ts'
import type { Batch, Outcome } from './turn.ts'

/** An instance whose rows come and go may be read so often for one turn. */
const MOST_ATTEMPTS = 3
const SILENT_JOURNAL = 'sys_journal_field is silent about records that have entries: the integration user may not read it'

/** Turns what happened to these due records into updates: append, de-duplication keys and due list in one transaction. */
export async function turnIntoUpdates(batch: Batch, due: readonly Due[], attempt = 1): Promise<Outcome> {
  const { database, desk, fence, holder } = batch
  const { environment } = desk
  const { records, files } = await readLiveRecords(desk, due)
  const read = await readRowsOfTurn(batch, records, files)
  // Read last, so that whatever a partner's write left behind in the rows, the write itself is seen here.
  const writes = await findWritesOn(database, environment, read.recordIds)
  const busy = new Set(writes.filter(write => write.inFlight && write.state === 'open').map(write => write.sysId))
  const doubtful = await findDoubtfulJournals(
    desk,
    records.filter(live => mayHideJournal(live, read, batch)),
    read.rows,
  )
  // What was read first and what is there by now are not mixed: the turn begins anew.
  if (doubtful.stale.size && attempt < MOST_ATTEMPTS) return turnIntoUpdates(batch, due, attempt + 1)
  const hidden = new Set([...doubtful.hidden, ...doubtful.stale])
  const [free, held] = split(records, live => !busy.has(live.sysId) && !hidden.has(live.sysId))
  const tried = free.map(live => captureRecord(batch, live, read, writes))
  const [captured, early] = split(tried, one => !one.tooEarly)
  const postponed = [...held, ...early.map(one => one.live)]
  const waiting = new Set(postponed.flatMap(live => [live.sysId, ...live.items.map(item => item.sysId)]))
  const inTheDark = new Set(
    records.filter(live => hidden.has(live.sysId)).flatMap(live => [live.sysId, ...live.items.map(item => item.sysId)]),
  )
  const settledDue = due.filter(one => !waiting.has(one.sysId))
  const committed = await database.transaction(async queries => {
    if (!(await holdsFence(queries, environment, fence, holder))) return false
    await saveTurn(queries, desk, captured)
    // Carries explain saves of their tickets, so they do not wait.
    for (const write of tried.flatMap(one => one.carries)) await acceptOwnWrite(queries, write)
    await deleteDue(queries, environment, settledDue)
    return true
  })
  return {
    updates: committed ? captured.reduce((sum, one) => sum + one.told.length, 0) : undefined,
    postponed: due.filter(one => waiting.has(one.sysId)).map(one => one.sysId),
    carries: tried.some(one => one.carries.length > 0),
    blind: hidden.size ? { records: due.filter(one => inTheDark.has(one.sysId)).map(one => one.sysId), cause: SILENT_JOURNAL } : undefined,
  }
}

function split<T>(list: readonly T[], test: (one: T) => boolean): [T[], T[]] {
  return [list.filter(test), list.filter(one => !test(one))]
}
