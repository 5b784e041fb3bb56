import type { LookBack } from '../lost-time/index.ts'
import { withZone } from '../mapping/index.ts'
import { type Handover, isShownTo, ownerThen } from '../ownership/index.ts'
import type { NewWrite, RecordedWrite } from '../recorded-writes/index.ts'
import { authorsOf } from './authors.ts'
import type { NewSource } from './captured.store.ts'
import { carriesOf } from './carries.ts'
import { asEntry, isLate, type Moves, movesIn } from './handovers.ts'
import { type Owning, ownerOf } from './owners.ts'
import type { TurnRows } from './read-rows-of-turn.ts'
import { type Replayed, replay } from './replay.ts'
import { rowsCountFrom, rowsReadFrom } from './row-times.ts'
import { type Save, savesOf } from './saves.ts'
import type { AuditRow, FileRow, JournalRow, LiveRecord } from './sources.ts'
import type { Batch } from './turn.ts'
import { type Telling, type Told, updatesOf } from './updates.ts'

/** What happened to one record, turned into updates. */
export interface Captured {
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

/** After time was lost carries are made again and partners send again: so long nobody is told of a save that one of them may explain. */
const EXPLAINED_WITHIN_MS = 30_000
/** The clocks of instance and database need not agree to the second. */
const CLOCKS_DIFFER_MS = 60_000

/**
 * The saves of the exchange's own users in the time that the database has lost, which no write explains: whoever had the record then
 * made them, for what the exchange does itself it has made again since.
 */
function ofLostTime(
  saves: readonly Save[],
  authors: ReadonlyMap<Save, RecordedWrite>,
  writers: ReadonlySet<string>,
  back: LookBack | undefined,
): Set<Save> {
  if (!back) return new Set()
  const from = back.since.getTime() - CLOCKS_DIFFER_MS
  const to = Date.now() - back.noticedMsAgo + CLOCKS_DIFFER_MS
  const at = (save: Save) => Date.parse(withZone(save.at))
  return new Set(saves.filter(save => writers.has(save.by) && !authors.has(save) && at(save) >= from && at(save) <= to))
}

/** Puts the saves of a record together, and says who is to be told what of them. */
export function captureRecord(batch: Batch, found: LiveRecord, read: TurnRows, writes: readonly RecordedWrite[]): Captured {
  const { desk, back } = batch
  const { environment, mapping } = desk
  const { agreements, bonds, writers } = read
  const live = { ...found, kind: mapping.ofRecord(found.kind, found.values, bonds.find(bond => bond.sysId === found.sysId)?.word) }
  const owning: Owning = { environment, agreements, bonds, writers }
  const saves = unseenSaves(batch, live, read)
  const steps = replay(live, saves)
  const authors = authorsOf(saves, {
    writes: writes.filter(write => write.sysId === live.sysId),
    writers,
    captured: read.sources,
    files: new Set(read.rows.files.map(file => file.sys_id)),
  })
  const lost = ofLostTime(saves, authors, writers, back)
  const ticket = read.tickets.get(live.sysId)
  const earlierFiles = filesBefore(live, saves, read)
  const moves = movesOf(owning, live, steps, read)
  const told = updatesOf(live, steps, {
    ...owning,
    ...visibility(desk, live, moves, read),
    mapping,
    authors,
    lost,
    ticket,
    earlierFiles,
    html: read.html.get(live.kind.table) ?? new Set<string>(),
    told: new Set<string>(),
  })
  return {
    live,
    isPartners: ownerOf(owning, live.kind, live.values) !== undefined,
    moves,
    tooEarly: lost.size > 0 && back !== undefined && back.noticedMsAgo < EXPLAINED_WITHIN_MS,
    told,
    sources: [...saves.flatMap(save => sourcesOfSave(save, authors)), ...sourcesOfFiles(earlierFiles, read)],
    carries: ticket && mapping.taskCommentsReachTicket ? steps.flatMap(step => carriesOf(owning, live, step, ticket)) : [],
  }
}

function unseenSaves({ baseline }: Batch, live: LiveRecord, { rows, captured, sources, handovers }: TurnRows): Save[] {
  return savesOf(live, rows, {
    captured,
    seen: sources,
    baseline,
    countsFrom: record => rowsCountFrom(record, captured, baseline),
    readFrom: record => rowsReadFrom(record, captured, baseline),
    moved: sysId => handovers.findLast(one => one.sysId === sysId)?.at ?? '',
  })
}

/** The files of a record and its items that are none of these saves. */
function filesBefore(live: LiveRecord, saves: readonly Save[], { rows }: TurnRows): FileRow[] {
  const own = [live.sysId, ...live.items.map(item => item.sysId)]
  const fresh = new Set(saves.map(save => save.file?.sys_id))
  return rows.files.filter(file => own.includes(file.table_sys_id) && !fresh.has(file.sys_id))
}

const earlierMoves = (live: LiveRecord, { handovers }: TurnRows): Handover[] => handovers.filter(one => one.sysId === live.sysId)

function movesOf(owning: Owning, live: LiveRecord, steps: readonly Replayed[], read: TurnRows): Moves {
  const { rows, sources, captured } = read
  const seen = [...rows.audits, ...rows.journals, ...rows.files].filter(row => sources.has(row.sys_id) && recordOf(row) === live.sysId)
  return movesIn(owning, live, steps, {
    captured: captured.get(live.sysId),
    handovers: earlierMoves(live, read),
    latest: seen.reduce((time, { sys_created_on }) => (sys_created_on > time ? sys_created_on : time), ''),
  })
}

/** Whose the record was when something was said, and who may be shown a file of it. */
function visibility({ mapping }: Batch['desk'], live: LiveRecord, moves: Moves, read: TurnRows): Pick<Telling, 'ownerThen' | 'isShown'> {
  const handovers = [...earlierMoves(live, read), ...moves.handovers]
  const before = read.captured.get(live.sysId)
  return {
    ownerThen: save => (isLate(save, before) ? ownerThen(handovers, asEntry(save)) : undefined),
    isShown: (partnerId, file) => (live.kind.isTask && mapping.taskHistoryIsHandedOn) || isShownTo(handovers, partnerId, file),
  }
}

const sourcesOfSave = (save: Save, authors: ReadonlyMap<Save, RecordedWrite>): NewSource[] =>
  save.sourceIds.map(sourceId => ({ sourceId, recordSysId: save.recordSysId, writeId: authors.get(save)?.writeId ?? null }))

/** A file that is there by now is told with these saves, or was not to be told by itself. */
const sourcesOfFiles = (files: readonly FileRow[], { sources }: TurnRows): NewSource[] =>
  files.filter(file => !sources.has(file.sys_id)).map(file => ({ sourceId: file.sys_id, recordSysId: file.table_sys_id, writeId: null }))

const recordOf = (row: AuditRow | JournalRow | FileRow) =>
  'documentkey' in row ? row.documentkey : 'element_id' in row ? row.element_id : row.table_sys_id
