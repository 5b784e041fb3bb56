import type { LookBack } from '../lost-time/index.ts'
import { withZone } from '../mapping/index.ts'
import { isShownTo, ownerThen } from '../ownership/index.ts'
import type { NewWrite, RecordedWrite } from '../recorded-writes/index.ts'
import { authorsOf } from './authors.ts'
import type { NewSource } from './captured.store.ts'
import { carry } from './carries.ts'
import { asEntry, isLate, type Moves, movesIn } from './handovers.ts'
import { ownerOf } from './owners.ts'
import type { TurnRows } from './read-rows-of-turn.ts'
import { replay } from './replay.ts'
import { rowsCountFrom, rowsReadFrom } from './row-times.ts'
import { type Save, savesOf } from './saves.ts'
import type { AuditRow, FileRow, JournalRow, LiveItem, LiveRecord } from './sources.ts'
import type { Batch } from './turn.ts'
import { type Told, updatesOf } from './updates.ts'

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

/** Puts the saves of a record together, and says who is to be told what of them. */
export function captureRecord(
  { desk, baseline, back }: Batch,
  found: LiveRecord,
  read: TurnRows,
  writes: readonly RecordedWrite[],
): Captured {
  const { environment, mapping } = desk
  const { rows, captured, sources, agreements, bonds, writer } = read
  const told = bonds.find(bond => bond.sysId === found.sysId)?.word
  const live = { ...found, kind: mapping.ofRecord(found.kind, found.values, told) }
  const countsFrom = (record: LiveItem) => rowsCountFrom(record, captured, baseline)
  const readFrom = (record: LiveItem) => rowsReadFrom(record, captured, baseline)
  const moved = (sysId: string) => read.handovers.findLast(one => one.sysId === sysId)?.at ?? ''
  const saves = savesOf(live, rows, { captured, seen: sources, baseline, countsFrom, readFrom, moved })
  const steps = replay(live, saves)
  const authors = authorsOf(saves, {
    writes: writes.filter(write => write.sysId === live.sysId),
    writer,
    taken: sources,
    files: new Set(rows.files.map(file => file.sys_id)),
  })
  const lost = ofLostTime(saves, authors, writer, back)
  const ticket = read.tickets.get(live.sysId)
  const ownIds = [live.sysId, ...live.items.map(item => item.sysId)]
  const fresh = new Set(saves.map(save => save.file?.sys_id))
  const earlierFiles = rows.files.filter(file => ownIds.includes(file.table_sys_id) && !fresh.has(file.sys_id))
  const owning = { environment, agreements, bonds, writer }
  const earlierMoves = read.handovers.filter(one => one.sysId === live.sysId)
  const before = captured.get(live.sysId)
  const latest = [...rows.audits, ...rows.journals, ...rows.files].filter(row => sources.has(row.sys_id) && recordOf(row) === live.sysId)
  const moves = movesIn(owning, live, steps, {
    captured: before,
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
    ownerThen: (save: Save) => (isLate(save, before) ? ownerThen(handovers, asEntry(save)) : undefined),
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

const recordOf = (row: AuditRow | JournalRow | FileRow) =>
  'documentkey' in row ? row.documentkey : 'element_id' in row ? row.element_id : row.table_sys_id
