import { type Agreement, agreementsOf } from '../agreements/index.ts'
import type { Desk } from '../connections/index.ts'
import type { LookBack } from '../lost-time/index.ts'
import { type Kind, withZone } from '../mapping/index.ts'
import {
  type Bond,
  bondsOfRecords,
  bondTold,
  type Handover,
  isShownTo,
  ownerThen,
  readHandovers,
  recordHandover,
  saidAfterHandover,
} from '../ownership/index.ts'
import type { Database, Queries } from '../platform/database.ts'
import { acceptOwnWrite, type NewWrite, type RecordedWrite, writesOn } from '../recorded-writes/index.ts'
import { appendUpdates, updateMessage } from '../update-queue/index.ts'
import { authorsOf } from './authors.ts'
import {
  type CapturedRecord,
  capturedSources,
  type Due,
  holdsFence,
  markSources,
  type NewSource,
  notDueAnyMore,
  readCaptured,
  saveCaptured,
} from './capture.store.ts'
import { carry, type TicketOfTask, ticketsOf } from './carries.ts'
import { areFilesNew, asEntry, isLate, type Moves, movesIn } from './handovers.ts'
import { earlier } from './instance-time.ts'
import { ownerOf } from './owners.ts'
import { replay } from './replay.ts'
import { type Save, savesOf } from './saves.ts'
import {
  type AuditRow,
  doubtfulJournals,
  type FileRow,
  htmlOf,
  type JournalRow,
  type LiveItem,
  type LiveRecord,
  type Rows,
  readFiles,
  readRecords,
  readRows,
  requestsOfItems,
} from './sources.ts'
import { type Told, updatesOf } from './updates.ts'

export interface Batch {
  database: Database
  desk: Desk
  baseline: string
  fence: number
  holder: string
  auditReadable: { now: boolean }
  back: LookBack | undefined
}

export interface Outcome {
  /** How many updates were appended; undefined when somebody else captures now and nothing was written. */
  updates: number | undefined
  /** Records that a partner's request is being written to right now: they stay due. */
  postponed: string[]
  /** Comments of tasks are to be carried to their tickets. */
  carries: boolean
  /** Records of which the instance hides what it has, and how that shows. */
  blind: { records: string[]; cause: string } | undefined
}

interface Captured {
  live: LiveRecord
  /** Whether it is a partner's now. */
  isPartners: boolean
  moves: Moves
  /** Who made one of its saves may still become known. */
  tooEarly: boolean
  told: Told[]
  sources: NewSource[]
  carries: NewWrite[]
}

/** An instance whose rows come and go may be read so often for one turn. */
const MOST_ATTEMPTS = 3
/** So far a clock may be put back. */
const CLOCK_PUT_BACK_SECONDS = 3_600
const SILENT_JOURNAL = 'sys_journal_field is silent about records that have entries: the integration user may not read it'

/** Turns what happened to these due records into updates: append, de-duplication keys and due list in one transaction. */
export async function turnIntoUpdates(batch: Batch, due: readonly Due[], attempt = 1): Promise<Outcome> {
  const { database, desk, fence, holder } = batch
  const { environment } = desk
  const { records, files } = await liveRecords(desk, due)
  const read = await readAll(batch, records, files)
  // Read last, so that whatever a partner's write left behind in the rows, the write itself is seen here.
  const writes = await writesOn(database, environment, read.recordIds)
  const busy = new Set(writes.filter(write => write.inFlight && write.state === 'open').map(write => write.sysId))
  const doubtful = await doubtfulJournals(
    desk,
    records.filter(live => mayHideJournal(live, read, batch)),
    read.rows,
  )
  // What was read first and what is there by now are not mixed: the turn begins anew.
  if (doubtful.stale.size && attempt < MOST_ATTEMPTS) return turnIntoUpdates(batch, due, attempt + 1)
  const hidden = new Set([...doubtful.hidden, ...doubtful.stale])
  const [free, held] = split(records, live => !busy.has(live.sysId) && !hidden.has(live.sysId))
  const tried = free.map(live => captureOne(batch, live, read, writes))
  const [captured, early] = split(tried, one => !one.tooEarly)
  const postponed = [...held, ...early.map(one => one.live)]
  const waiting = new Set(postponed.flatMap(live => [live.sysId, ...live.items.map(item => item.sysId)]))
  const inTheDark = new Set(
    records.filter(live => hidden.has(live.sysId)).flatMap(live => [live.sysId, ...live.items.map(item => item.sysId)]),
  )
  const settledDue = due.filter(one => !waiting.has(one.sysId))
  const committed = await database.transaction(async queries => {
    if (!(await holdsFence(queries, environment, fence, holder))) return false
    await store(queries, desk, captured)
    // Carries explain saves of their tickets, so they do not wait.
    for (const write of tried.flatMap(one => one.carries)) await acceptOwnWrite(queries, write)
    await notDueAnyMore(queries, environment, settledDue)
    return true
  })
  return {
    updates: committed ? captured.reduce((sum, one) => sum + one.told.length, 0) : undefined,
    postponed: due.filter(one => waiting.has(one.sysId)).map(one => one.sysId),
    carries: tried.some(one => one.carries.length > 0),
    blind: hidden.size ? { records: due.filter(one => inTheDark.has(one.sysId)).map(one => one.sysId), cause: SILENT_JOURNAL } : undefined,
  }
}

/**
 * Whether a record has fewer journal rows than its saves should have left: without its role a user sees an empty journal and no error.
 * Where sys_audit tells nothing, every record that has moved without a journal row is looked at.
 */
function mayHideJournal(live: LiveRecord, read: Read, { desk, baseline, auditReadable }: Batch): boolean {
  return [live, ...live.items].some(({ sysId, values }) => {
    const known = read.captured.get(sysId)
    const journals = read.rows.journals.filter(row => row.element_id === sysId).length
    if (known?.modCount === Number(values.sys_mod_count ?? 0)) return false
    if (!desk.inProcess && !known && (values.sys_created_on ?? '') >= baseline && !journals) return true
    if (!auditReadable.now) return !journals
    const told = read.rows.audits.filter(row => row.documentkey === sysId && ['comments', 'work_notes'].includes(row.fieldname)).length
    return told > journals
  })
}

function split<T>(list: readonly T[], test: (one: T) => boolean): [T[], T[]] {
  return [list.filter(test), list.filter(one => !test(one))]
}

/** The due records as they are now; an item stands for its request. Deleted ones are not there and are done with. */
async function liveRecords(desk: Desk, due: readonly Due[]): Promise<{ records: LiveRecord[]; files: FileRow[] }> {
  const wanted = new Map<Kind, Set<string>>()
  const want = (kind: Kind, sysId: string) => wanted.set(kind, (wanted.get(kind) ?? new Set()).add(sysId))
  for (const { table, sysId } of due) {
    const kind = desk.mapping.ofTable(table)
    if (kind) want(kind, sysId)
  }
  for (const kind of desk.mapping.kinds) {
    if (!kind.items) continue
    const items = due.filter(one => one.table === kind.items?.table).map(one => one.sysId)
    for (const request of (await requestsOfItems(desk, kind.items, items)).values()) if (request) want(kind, request)
  }
  const asked = new Set([...due.map(one => one.sysId), ...[...wanted.values()].flatMap(sysIds => [...sysIds])])
  const files = await readFiles(desk, [...asked])
  const records: LiveRecord[] = []
  for (const [kind, sysIds] of wanted) records.push(...(await readRecords(desk, kind, [...sysIds])))
  const itemsFound = records.flatMap(live => live.items.map(item => item.sysId)).filter(sysId => !asked.has(sysId))
  files.push(...(await readFiles(desk, itemsFound)))
  return { records, files }
}

/** Everything that the saves of these records are put together from. */
interface Read {
  recordIds: string[]
  rows: Rows
  captured: Map<string, CapturedRecord>
  /** The rows that were turned into updates already, with the write that each came from. */
  sources: Map<string, string | null>
  tickets: Map<string, TicketOfTask>
  agreements: Agreement[]
  bonds: Bond[]
  /** Whose these records were, where they were moved. */
  handovers: (Handover & { sysId: string })[]
  writer: string
  /** The fields that ServiceNow declares as HTML, by table. */
  html: ReadonlyMap<string, ReadonlySet<string>>
}

async function readAll({ database, desk, baseline, auditReadable }: Batch, records: LiveRecord[], files: FileRow[]): Promise<Read> {
  const { environment } = desk
  const recordIds = records.flatMap(live => [live.sysId, ...live.items.map(item => item.sysId)])
  const [known, sources, agreements, writer, handovers] = await Promise.all([
    readCaptured(database, environment, recordIds),
    capturedSources(database, environment, recordIds),
    agreementsOf(database, environment),
    desk.writer(),
    readHandovers(database, environment, recordIds),
  ])
  const captured = new Map(known.map(one => [one.sysId, one]))
  const floors = records.flatMap(live => [live, ...live.items]).map(record => lowestOf(record, captured, baseline))
  const since = floors.length ? floors.reduce((a, b) => (a < b ? a : b)) : baseline
  const rows = { ...(await readRows(desk, recordIds, since, auditReadable)), files }
  const tickets = await ticketsOf(desk, records)
  const correlationIds = [...records, ...tickets.values()].map(({ values }) => values.correlation_id ?? '').filter(Boolean)
  const [bonds, html] = await Promise.all([
    bondsOfRecords(database, environment, recordIds, correlationIds),
    htmlOf(desk, records, rows.audits),
  ])
  return { recordIds, rows, captured, sources, tickets, agreements, bonds, handovers, writer, html }
}

/**
 * From when on a record's rows count by their time: nothing that was not captured is older, as long as the instance's clock goes on. Keys
 * of rows are forgotten after 90 days, this is not.
 */
function floorOf(record: LiveItem, captured: ReadonlyMap<string, CapturedRecord>, baseline: string): string {
  const known = captured.get(record.sysId)?.updatedOn
  if (!known) return lowestOf(record, captured, baseline)
  const updatedOn = record.values.sys_updated_on ?? ''
  return earlier(known < updatedOn ? known : updatedOn, 120)
}

/**
 * From when on a record's rows are read. A clock that was put back gives later saves earlier times than the record, or its creation, had;
 * their numbers tell them. Of a record from before the baseline nothing older than that counts.
 */
function lowestOf({ sysId, values }: LiveItem, captured: ReadonlyMap<string, CapturedRecord>, baseline: string): string {
  const known = captured.get(sysId)?.updatedOn
  const created = values.sys_created_on ?? baseline
  if (!known && created < baseline) return baseline
  const updatedOn = values.sys_updated_on ?? ''
  const first = known === undefined ? created : known < updatedOn ? known : updatedOn
  return earlier(first, CLOCK_PUT_BACK_SECONDS)
}

/** After time was lost carries are made again and partners send again: so long nobody is told of a save that one of them may explain. */
const EXPLAINED_WITHIN_MS = 30_000
/** The clocks of instance and database need not agree to the second. */
const CLOCKS_DIFFER_MS = 60_000

/**
 * The saves of the exchange's own user in the time that the database has lost, which no write explains: whoever had the record then
 * made them, for what the exchange does itself it has made again since.
 */
function ofLostTime(
  saves: readonly Save[],
  authors: ReadonlyMap<Save, RecordedWrite>,
  writer: string,
  back: LookBack | undefined,
): Set<Save> {
  if (!back) return new Set()
  const from = back.since.getTime() - CLOCKS_DIFFER_MS
  const to = Date.now() - back.noticedMsAgo + CLOCKS_DIFFER_MS
  const at = (save: Save) => Date.parse(withZone(save.at))
  return new Set(saves.filter(save => save.by === writer && !authors.has(save) && at(save) >= from && at(save) <= to))
}

function captureOne({ desk, baseline, back }: Batch, found: LiveRecord, read: Read, writes: readonly RecordedWrite[]): Captured {
  const { environment, mapping } = desk
  const { rows, captured, sources, agreements, bonds, writer } = read
  const told = bonds.find(bond => bond.sysId === found.sysId)?.word
  const live = { ...found, kind: mapping.ofRecord(found.kind, found.values, told) }
  const floor = (record: LiveItem) => floorOf(record, captured, baseline)
  const lowest = (record: LiveItem) => lowestOf(record, captured, baseline)
  const saves = savesOf(live, rows, { captured, seen: sources, baseline, floor, lowest })
  const steps = replay(live, saves)
  const authors = authorsOf(
    saves,
    writes.filter(write => write.sysId === live.sysId),
    writer,
    sources,
    new Set(rows.files.map(file => file.sys_id)),
  )
  const lost = ofLostTime(saves, authors, writer, back)
  const ticket = read.tickets.get(live.sysId)
  const ownIds = [live.sysId, ...live.items.map(item => item.sysId)]
  const fresh = new Set(saves.map(save => save.file?.sys_id))
  const earlierFiles = rows.files.filter(file => ownIds.includes(file.table_sys_id) && !fresh.has(file.sys_id))
  const owning = { environment, agreements, bonds, writer }
  const earlierMoves = read.handovers.filter(one => one.sysId === live.sysId)
  const before = captured.get(live.sysId)
  const latest = [...rows.audits, ...rows.journals].filter(row => sources.has(row.sys_id) && recordOf(row) === live.sysId)
  const filesAreNew = areFilesNew(live, saves, { captured: before, handovers: earlierMoves })
  const moves = movesIn(owning, live, steps, {
    captured: before,
    filesAreNew,
    handovers: earlierMoves,
    latest: latest.reduce((time, { sys_created_on }) => (sys_created_on > time ? sys_created_on : time), ''),
  })
  const handovers = [...earlierMoves, ...moves.handovers]
  const telling = {
    ...owning,
    mapping,
    authors,
    lost,
    ticket,
    earlierFiles,
    html: read.html.get(live.kind.table) ?? new Set<string>(),
    told: new Set<string>(),
    ownerThen: (save: Save) => (isLate(save, before, filesAreNew) ? ownerThen(handovers, asEntry(save)) : undefined),
    isShown: (partnerId: string, file: FileRow) =>
      (live.kind.isTask && mapping.taskHistoryIsHandedOn) || isShownTo(handovers, partnerId, file),
  }
  const updates = updatesOf(live, steps, telling)
  const source = (save: Save) =>
    save.sourceIds.map(sourceId => ({ sourceId, recordSysId: save.recordSysId, writeId: authors.get(save)?.writeId ?? null }))
  return {
    live,
    isPartners: ownerOf(owning, live.kind, live.values) !== undefined,
    moves,
    tooEarly: lost.size > 0 && back !== undefined && back.noticedMsAgo < EXPLAINED_WITHIN_MS,
    told: updates,
    // A file that is there by now is told with these saves, or was not to be told by itself.
    sources: [
      ...saves.flatMap(source),
      ...earlierFiles
        .filter(file => !sources.has(file.sys_id))
        .map(file => ({ sourceId: file.sys_id, recordSysId: file.table_sys_id, writeId: null })),
    ],
    carries: ticket && mapping.taskCommentsReachTicket ? steps.flatMap(step => carry(owning, live, step, ticket)) : [],
  }
}

const recordOf = (row: AuditRow | JournalRow) => ('documentkey' in row ? row.documentkey : row.element_id)

async function store(queries: Queries, desk: Desk, captured: readonly Captured[]): Promise<void> {
  const { environment } = desk
  const sources = captured.flatMap(one => one.sources)
  if (sources.length) await markSources(queries, environment, sources)
  for (const { live, moves } of captured) {
    if (moves.after.length) await saidAfterHandover(queries, environment, live.sysId, moves.after)
    for (const handover of moves.handovers) await recordHandover(queries, environment, live.sysId, handover)
  }
  const told = captured.flatMap(one => one.told.map(update => ({ ...update, live: one.live })))
  // Always in the same order, so that nobody waits for somebody who waits for him.
  for (const partnerId of [...new Set(told.map(one => one.partnerId))].sort()) {
    const updates = told.filter(one => one.partnerId === partnerId)
    await appendUpdates(
      queries,
      { environment, partnerId },
      updates.map(({ message, sysId, live }) => ({
        transactionId: message.transaction_id,
        at: new Date(message.message_datetime_utc),
        sysId,
        number: live.values.number!,
        action: message.action,
        message: JSON.stringify(updateMessage.parse(message)),
      })),
    )
    for (const { message, live } of updates.filter(one => one.isNew)) {
      const { kind, sysId, values } = live
      const bonded = { environment, partnerId, word: kind.word, isTask: kind.isTask, table: kind.table, sysId, number: values.number! }
      await bondTold(queries, bonded, message.transaction_id)
    }
  }
  const records = captured.flatMap(({ live, isPartners }) => [live, ...live.items].map(record => ({ ...record, isPartners })))
  if (!records.length) return
  await saveCaptured(
    queries,
    environment,
    records.map(({ sysId, values, isPartners }) => ({
      sysId,
      partners: isPartners,
      modCount: Number(values.sys_mod_count ?? 0),
      updatedOn: values.sys_updated_on ?? '',
      fields: values,
    })),
  )
}
