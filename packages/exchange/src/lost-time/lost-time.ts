import { setTimeout as pause } from 'node:timers/promises'
import { type Repeating, repeat } from '../platform/again.ts'
import type { DataFolder } from '../platform/data-folder.ts'
import type { Database, Examine, FreshConnection } from '../platform/database.ts'
import { nothingWritten } from '../platform/effects.ts'
import type { Log } from '../platform/log.ts'
import type { Notices } from '../platform/notices.ts'
import { DatabaseAway, outage } from '../platform/outage.ts'
import { beginHorizon, countUp, readHorizonInForce } from './lost-time.store.ts'
import { recall, remember } from './memory.ts'

const NOTICE = 'horizon'
/** While writes are accepted, and otherwise. Between two marks the accepted writes themselves are what must still be there. */
const MARK_EVERY_MS = { busy: 1_000, idle: 10_000 }
/** Another server answers: another process may notice a loss that this one cannot see, and needs a moment to say so. */
const WARY_MS = 10_000
/** Where the database knows nothing of this folder any more, so much before the folder's last word counts as lost. */
const UNKNOWN_LOSS_MS = 24 * 3_600_000

/** Whatever was written since then may be unknown to the database, and is looked for before it is written. */
export interface LookBack {
  since: Date
  /** For how long the loss is known: what was on its way when it happened may still arrive. Infinite where none is known. */
  noticedMsAgo: number
}

/** Whether, and since when, the database may have lost what this data folder wrote. */
export interface LostTime {
  /** Asked of each new connection before anybody gets it: does this database still have what we wrote? */
  examine: Examine
  /** From when on to look back; undefined when no time is lost. */
  lookBack(): LookBack | undefined
  /** A write was accepted: a database without it has gone back. */
  recordAccepted(writeId: string): void
  /** The write is about to be taken away again. */
  forgetAccepted(writeId: string): void
  /** Begins to count. Settles when it is known whether time was lost. */
  watch(database: Database, notices: Notices, log: Log): Promise<void>
  close(): Promise<void>
}

/**
 * Notices that the database has lost time: a restore, or a standby that had not everything. The folder remembers how far its mark was
 * counted, the process which writes were accepted since; a database that has less has gone back. Since PostgreSQL loses commits only
 * from the end, one that has the last of them has them all.
 */
export function rememberTime({ path, id }: Pick<DataFolder, 'path' | 'id'>): LostTime {
  let memory = recall(path)
  const recent = new Set<string>()
  let since: Date | undefined
  let noticedAt = 0
  let waryUntil = 0
  /** Losses that are not written down yet. */
  const unsaid: { since: Date; why: string }[] = []
  let marking: Repeating | undefined
  let soon = Promise.withResolvers<void>()

  function recordLoss(from: Date, why: string): void {
    unsaid.push({ since: from, why })
    since = since && since < from ? since : from
    noticedAt = performance.now()
    soon.resolve()
  }

  /**
   * Judges what a database has of us. `reached`: how far the mark was counted before it was asked. `missing`: accepted writes that it
   * does not have.
   */
  function judge({ server, counter, at }: Seen, reached: number, missing: number): void {
    // Where another connection has found it out already, the mark that we remember is the lower one.
    const behind = counter < reached && memory.counter >= reached
    if (behind || missing > 0) {
      const from = counter > 0 && at ? at : new Date((memory.at ? Date.parse(memory.at) : Date.now()) - UNKNOWN_LOSS_MS)
      const why = behind
        ? `The database has mark ${counter} of this data folder, which had reached ${reached}`
        : `The database does not have ${missing} writes that it had accepted since mark ${counter}`
      // Before anything else is asked of this database: the next connection finds nothing new.
      memory = { ...memory, server, counter }
      recent.clear()
      recordLoss(from, why)
    } else if (server !== memory.server) {
      if (memory.server) waryUntil = performance.now() + WARY_MS
      memory = { ...memory, server }
    }
  }

  const examine: Examine = async connection => {
    const reached = memory.counter
    const asked = [...recent]
    const seen = await readSeen(connection, id)
    judge(seen, reached, await countMissing(connection, recent, asked))
  }

  async function mark(database: Database, notices: Notices, log: Log): Promise<void> {
    const covered = [...recent]
    const reached = memory.counter
    const { counter, at } = await countUp(database, id)
    if (counter <= reached) judge({ server: memory.server, counter: counter - 1, at: undefined }, reached, 0)
    for (; unsaid.length; unsaid.shift()) {
      await beginHorizon(database, unsaid[0]!)
      log.error('the database has lost time; what it does not know is looked for before it is written', { ...unsaid[0] })
      await notices.tell(NOTICE)
    }
    const inForce = await readHorizonInForce(database)
    if (!unsaid.length) {
      since = inForce?.since
      noticedAt = performance.now() - (inForce?.noticedMsAgo ?? 0)
    }
    for (const writeId of covered) recent.delete(writeId)
    memory = { ...memory, counter, at: at.toISOString() }
    remember(path, memory)
  }

  return {
    examine,
    lookBack() {
      if (since) return { since, noticedMsAgo: performance.now() - noticedAt }
      if (performance.now() < waryUntil && memory.at) return { since: new Date(memory.at), noticedMsAgo: Number.POSITIVE_INFINITY }
      return undefined
    },
    recordAccepted: writeId => void recent.add(writeId),
    forgetAccepted: writeId => void recent.delete(writeId),
    async watch(database, notices, log) {
      await mark(database, notices, log)
      let failing = false
      const wake = () => soon.resolve()
      notices.on(NOTICE, wake)
      notices.onBack(wake)
      marking = repeat(async ending => {
        const early = soon
        const rest = recent.size ? MARK_EVERY_MS.busy : MARK_EVERY_MS.idle
        const timer = new AbortController()
        const signal = AbortSignal.any([ending, timer.signal])
        await Promise.race([early.promise, pause(rest, undefined, { signal, ref: false })]).catch(() => {})
        timer.abort()
        if (ending.aborted) return
        await mark(database, notices, log).catch(error => {
          // What is not counted cannot be missed: a loss would not be noticed.
          if (!failing) log.error('the mark of the data folder is not counted', { error })
          failing = true
          throw error
        })
        failing = false
        if (soon === early) soon = Promise.withResolvers()
      })
    },
    close: async () => marking?.end(),
  }
}

interface Seen {
  server: string
  counter: number
  at: Date | undefined
}

const MARK = `(select counter from exchange.folder_mark where folder = $1) as counter, (select at from exchange.folder_mark where folder = $1) as at,
  pg_is_in_recovery() as standby`
/** The timeline of the log that is written now: that of the last checkpoint stays the old one for a while after a promotion. */
const SERVER = `case when pg_is_in_recovery() then '' else
  (select system_identifier::text from pg_control_system()) || ' ' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) end as server`

/** SQLSTATE (PostgreSQL, appendix A): undefined_table, invalid_schema_name. */
const NOT_OURS = new Set(['42P01', '3F000'])

async function readSeen(connection: FreshConnection, folder: string): Promise<Seen> {
  const ask = async (columns: string) => (await connection.query(`select ${columns}`, [folder])).rows[0]
  // Some servers keep their names to themselves; the mark alone says enough.
  const row = await ask(`${MARK}, ${SERVER}`).catch(failure => {
    if (outage(failure)) throw failure
    if (NOT_OURS.has(failure.code)) throw new DatabaseAway('the database is not that of an exchange', failure, nothingWritten())
    return ask(`${MARK}, '' as server`)
  })
  if (row.standby) throw new DatabaseAway('the server is a standby that only reads', undefined, nothingWritten())
  return { server: row.server, counter: Number(row.counter ?? 0), at: row.at ?? undefined }
}

/** Another process may have taken one of them away, because ServiceNow refused it. */
const KNOWN = `select count(*)::int as known from unnest($1::uuid[]) as asked (write_id)
  where exists (select from exchange.recorded_write w where w.write_id = asked.write_id)
    or exists (select from exchange.forgotten_write f where f.write_id = asked.write_id)`

/** How many of these writes the database does not have. One that was dropped while we asked is none. */
async function countMissing(connection: FreshConnection, recent: ReadonlySet<string>, asked: readonly string[]): Promise<number> {
  for (let ids = asked; ; ) {
    if (!ids.length) return 0
    const { rows } = await connection.query(KNOWN, [ids])
    const still = ids.filter(writeId => recent.has(writeId))
    const known = Number(rows[0].known)
    if (known >= ids.length || still.length === ids.length) return ids.length - known
    ids = still
  }
}
