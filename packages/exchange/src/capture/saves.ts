import { type Journal, sameText } from '../recorded-writes/index.ts'
import type { CapturedRecord } from './captured.store.ts'
import type { AuditRow, FileRow, JournalRow, LiveItem, LiveRecord, Rows } from './sources.ts'

/** One save of one record, put together from the rows that it left behind. */
export interface Save {
  /** The record, or the item of a request, that was saved. */
  recordSysId: string
  /** The instance's time of it, UTC. */
  at: string
  by: string
  /** sys_mod_count after the save, where a row has it. */
  checkpoint: number | undefined
  creation: boolean
  changes: Map<string, { from: string; to: string }>
  journals: { element: Journal; text: string; sourceId: string }[]
  file: FileRow | undefined
  /** The rows it was made from; the first names it for ever. */
  sourceIds: string[]
}

interface SavedRecord {
  sysId: string
  values: Record<string, string>
  captured: CapturedRecord | undefined
  /** Whether its creation is part of what happened since the baseline and was not seen yet. */
  isNew: boolean
  /** The time of its last handover; empty without one. */
  moved: string
}

const JOURNAL_FIELDS = ['comments', 'work_notes']
const modCountOf = (values: Record<string, string>) => Number(values.sys_mod_count ?? 0)

/** The saves of a record and its items that were not captured yet, in the order in which they happened. */
export function savesOf(live: LiveRecord, rows: Rows, context: SavesContext): Save[] {
  const record = ({ sysId, values }: LiveItem): SavedRecord => {
    const captured = context.captured.get(sysId)
    return { sysId, values, captured, moved: context.moved(sysId), isNew: !captured && (values.sys_created_on ?? '') >= context.baseline }
  }
  const saves = (one: LiveItem) => inOrder(savesOfRecord(record(one), unseenRows(rows, one, context), rows.audits))
  // Within one second an item's saves come first: what they add up to happens on the request.
  return merged([...live.items, live].map(saves))
}

export interface SavesContext {
  captured: ReadonlyMap<string, CapturedRecord>
  /** The rows that were captured already, by their sys_id; and what was found by comparing snapshots. */
  seen: { has(sourceId: string): boolean; keys(): Iterable<string> }
  baseline: string
  /** The time of a record's last handover; empty without one. */
  moved: (sysId: string) => string
  /** From when on a record's rows count, those of later saves excepted. */
  countsFrom: (record: LiveItem) => string
  /** The earliest time that a row of it can have which is not captured yet, however the instance's clock was put back. */
  readFrom: (record: LiveItem) => string
}

interface Unseen extends Rows {
  creation: boolean
}

function unseenRows(rows: Rows, record: LiveItem, { captured, seen, baseline, countsFrom, readFrom }: SavesContext): Unseen {
  // Saves after the last one that was captured count whatever their time: a clock that was put back gives them an earlier one.
  const isFromBefore = !captured.has(record.sysId) && (record.values.sys_created_on ?? '') < baseline
  const last = isFromBefore ? Infinity : (captured.get(record.sysId)?.modCount ?? -1)
  const isLater = (row: AuditRow) =>
    row.documentkey === record.sysId && row.record_checkpoint !== '' && Number(row.record_checkpoint) > last
  const from = countsFrom(record)
  const later = rows.audits.filter(isLater)
  const times = new Set(later.map(row => row.sys_created_on))
  const earliest = [...times].reduce((first, time) => (time < first ? time : first), from)
  // A file has no number. Where a save without an audit row, as a file's is, or one with an earlier time may hide a clock that was put
  // back, a file that was not captured counts whatever its time; but none of before Deskbridge.
  const inStep = earliest === from && modCountOf(record.values) - last <= new Set(later.map(row => row.record_checkpoint)).size
  const isOlder = (record.values.sys_created_on ?? '') < baseline && readFrom(record) < baseline
  const filesFrom = isOlder || inStep ? earliest : readFrom(record)
  const counts = (row: { sys_id: string; sys_created_on: string }) =>
    !seen.has(row.sys_id) && (row.sys_created_on >= from || times.has(row.sys_created_on))
  const bySnapshots = capturedBySnapshots(record.sysId, seen.keys())
  const isCaptured = (row: AuditRow) =>
    row.record_checkpoint !== '' && Number(row.record_checkpoint) <= (bySnapshots.get(row.fieldname) ?? -1)
  return {
    audits: rows.audits.filter(row => row.documentkey === record.sysId && counts(row) && !isCaptured(row)),
    journals: rows.journals.filter(row => row.element_id === record.sysId && counts(row)),
    files: rows.files.filter(row => row.table_sys_id === record.sysId && !seen.has(row.sys_id) && row.sys_created_on >= filesFrom),
    creation: !seen.has(creationId(record.sysId)),
  }
}

const snapshotId = (sysId: string, modCount: number, field: string) => `${sysId}#${modCount}#${field}`

/** Up to which save each field was captured by comparing snapshots: sys_audit may become readable, and has the same again. */
function capturedBySnapshots(sysId: string, seen: Iterable<string>): Map<string, number> {
  const upTo = new Map<string, number>()
  for (const id of seen) {
    const [record, modCount, field] = id.split('#')
    if (record === sysId && field !== undefined) upTo.set(field, Math.max(upTo.get(field) ?? -1, Number(modCount)))
  }
  return upTo
}

/**
 * The saves of one record: by their number, which no clock can put out of order. Those without one stand by their time; within one
 * second after the numbered ones, by kind of source, then by sys_id.
 */
function inOrder(saves: readonly Save[]): Save[] {
  const kind = (save: Save) => (save.changes.size ? 0 : save.journals.length ? 1 : 2)
  const rest = (a: Save, b: Save) => kind(a) - kind(b) || compare(a.sourceIds[0] ?? '', b.sourceIds[0] ?? '')
  const numbered = saves.filter(save => save.checkpoint !== undefined).sort((a, b) => compare(a.checkpoint!, b.checkpoint!) || rest(a, b))
  const others = saves.filter(save => save.checkpoint === undefined).sort((a, b) => byTime(a, b) || rest(a, b))
  // Where a clock was put back, an earlier save has a later time: it stands for no later than the saves after it.
  const noLaterThan = numbered.map(save => save.at)
  for (let at = numbered.length - 2; at >= 0; at--) if (noLaterThan[at + 1]! < noLaterThan[at]!) noLaterThan[at] = noLaterThan[at + 1]!
  const ordered: Save[] = []
  let next = 0
  for (const [at, save] of numbered.entries()) {
    // Nothing happened to a record before it was made, whatever the times say.
    while (!save.creation && next < others.length && others[next]!.at < noLaterThan[at]!) ordered.push(others[next++]!)
    ordered.push(save)
  }
  return [...ordered, ...others.slice(next)]
}

/** Several records' saves as one story by time, each record's own order kept; what is equal stays in the order of the lists. */
function merged(lists: readonly Save[][]): Save[] {
  const heads = lists.map(() => 0)
  const story: Save[] = []
  for (;;) {
    let first: number | undefined
    for (const [list, head] of heads.entries()) {
      const save = lists[list]![head]
      if (save && (first === undefined || save.at < lists[first]![heads[first]!]!.at)) first = list
    }
    if (first === undefined) return story
    story.push(lists[first]![heads[first]!++]!)
  }
}

const byTime = (a: Save, b: Save) => compare(a.at, b.at)
const compare = (a: string | number, b: string | number) => (a < b ? -1 : a > b ? 1 : 0)

function savesOfRecord(record: SavedRecord, unseen: Unseen, audits: readonly AuditRow[]): Save[] {
  const { sysId, values, isNew } = record
  const fresh = unseen.audits.filter(row => Number(row.record_checkpoint || 0) <= modCountOf(values))
  const saves = new Map<string, Save>()
  const saveOf: SaveOf = (at, by, checkpoint, key = checkpoint === undefined ? `${at} ${by}` : String(checkpoint)) => {
    const known = saves.get(key)
    if (known) return known
    const made: Save = {
      recordSysId: sysId,
      at,
      by,
      checkpoint,
      creation: false,
      changes: new Map(),
      journals: [],
      file: undefined,
      sourceIds: [],
    }
    saves.set(key, made)
    return made
  }
  if (isNew && unseen.creation) {
    const creation = saveOf(values.sys_created_on!, values.sys_created_by ?? '', 0)
    creation.creation = true
    creation.sourceIds.push(creationId(sysId))
  }
  for (const row of fresh) {
    const save = saveOf(row.sys_created_on, row.user, row.record_checkpoint === '' ? undefined : Number(row.record_checkpoint))
    save.sourceIds.push(row.sys_id)
    if (!JOURNAL_FIELDS.includes(row.fieldname)) save.changes.set(row.fieldname, { from: row.oldvalue, to: row.newvalue })
  }
  const ownAudits = audits.filter(row => row.documentkey === sysId)
  addUnaudited(record, fresh, saveOf)
  if (isNew && unseen.creation && !ownAudits.length) addFirstStates(record, saveOf)
  addJournals(record, unseen.journals, [...inOrderOfSaves(unseen.audits), ...ownAudits], saves, saveOf)
  const shownByRows = [...saves.values()].filter(save => save.sourceIds.length)
  return [...shownByRows, ...withNumbers(record, unseen.files.map(file => fileSave(sysId, file)).sort(byTime), shownByRows)]
}

const creationId = (sysId: string): string => `${sysId}#created`

function fileSave(recordSysId: string, file: FileRow): Save {
  return {
    recordSysId,
    at: file.sys_created_on,
    by: file.sys_created_by,
    checkpoint: undefined,
    creation: false,
    changes: new Map(),
    journals: [],
    file,
    sourceIds: [file.sys_id],
  }
}

/**
 * A file has no number of its save. Where the instance's clock was put back, so that its time tells little, each takes one that no other row
 * tells of: between saves of times around its own, or else the first. What has no number left goes by its time.
 */
function withNumbers(record: SavedRecord, files: readonly Save[], shownByRows: readonly Save[]): Save[] {
  const { values, captured, moved } = record
  const last = captured?.modCount ?? -1
  const timeOf = new Map(shownByRows.filter(({ checkpoint = -1 }) => checkpoint > last).map(({ checkpoint, at }) => [checkpoint!, at]))
  const known = [...timeOf].sort(([a], [b]) => a - b)
  const times = [captured?.updatedOn ?? '', ...known.map(([, at]) => at), values.sys_updated_on ?? '']
  const isPutBack =
    times.some((at, place) => place > 0 && at < times[place - 1]!) ||
    (captured && captured.updatedOn < moved) ||
    files.some(({ at }) => at < times[0]!)
  if (!isPutBack) return [...files]
  const ends = [...known.map(([number]) => number), modCountOf(values) + 1]
  const gaps = ends.map((end, place) => ({ next: (ends[place - 1] ?? last) + 1, end, from: times[place]!, to: times[place + 1]! }))
  return files.map(file => {
    const free = gaps.filter(({ next, end }) => next < end)
    const gap = free.find(({ from, to }) => file.at >= from && file.at <= to) ?? free[0]
    return { ...file, checkpoint: gap && gap.next++ }
  })
}

/** The save with this number, or at this time by this author; a key of its own keeps it apart. */
type SaveOf = (at: string, by: string, checkpoint: number | undefined, key?: string) => Save

/** Fields that changed since they were last seen, without an audit row that says so: they belong to the last save. */
function addUnaudited({ sysId, values, captured }: SavedRecord, fresh: readonly AuditRow[], saveOf: SaveOf): void {
  if (!captured?.fields || captured.modCount === modCountOf(values)) return
  for (const [field, from] of Object.entries(captured.fields)) {
    const to = values[field]
    if (to === undefined || to === from || field.startsWith('sys_') || field.includes('.') || fresh.some(row => row.fieldname === field))
      continue
    const save = saveOf(values.sys_updated_on!, values.sys_updated_by ?? '', modCountOf(values))
    save.changes.set(field, { from, to })
    save.sourceIds.push(snapshotId(sysId, modCountOf(values), field))
  }
}

const STATE_FIELDS = ['state', 'on_hold', 'request_state']

/**
 * A ticket that a partner filed and that moved on before it was looked at for the first time, where no audit tells how: its states are
 * news to the partner, as if they had been empty before. A ticket of the operator's says them in its New.
 */
function addFirstStates({ sysId, values }: SavedRecord, saveOf: SaveOf): void {
  const modCount = modCountOf(values)
  if (modCount === 0 || !values.correlation_id) return
  for (const field of STATE_FIELDS) {
    if (!values[field]) continue
    const save = saveOf(values.sys_updated_on!, values.sys_updated_by ?? '', modCount)
    save.changes.set(field, { from: '', to: values[field] })
    save.sourceIds.push(snapshotId(sysId, modCount, field))
  }
}

/** Of equal texts of one second the first save’s is seen first: the journal is read before the audit, which may have a later one’s already. */
function inOrderOfSaves(audits: readonly AuditRow[]): AuditRow[] {
  const numberOf = ({ record_checkpoint: number }: AuditRow) => (number === '' ? Number.MAX_SAFE_INTEGER : Number(number))
  return audits.toSorted((a, b) => numberOf(a) - numberOf(b))
}

/**
 * Puts each comment and work note to the save that carried it. sys_audit has a row for it, which tells the save; where it has
 * none, time and author must do. Rows that were not captured yet come first: an equal text of the same second may have been.
 */
function addJournals(
  record: SavedRecord,
  journals: readonly JournalRow[],
  audits: readonly AuditRow[],
  saves: Map<string, Save>,
  saveOf: SaveOf,
): void {
  const { values } = record
  const used = new Set<string>()
  for (const row of journals) {
    const audit = audits.find(
      candidate =>
        !used.has(candidate.sys_id) &&
        candidate.fieldname === row.element &&
        candidate.sys_created_on === row.sys_created_on &&
        sameText(candidate.newvalue, row.value),
    )
    if (audit) used.add(audit.sys_id)
    const checkpoint = audit?.record_checkpoint ? Number(audit.record_checkpoint) : undefined
    // Its save is later than the record as we read it: the record comes up again, whole.
    if (checkpoint !== undefined && checkpoint > modCountOf(values)) continue
    if (checkpoint === undefined && row.sys_created_on > values.sys_updated_on!) continue
    const save = checkpoint !== undefined ? saveOf(row.sys_created_on, row.sys_created_by, checkpoint) : saveAt(row, saves, saveOf)
    save.journals.push({ element: row.element as Journal, text: row.value, sourceId: row.sys_id })
    save.sourceIds.push(row.sys_id)
  }
}

function saveAt(row: JournalRow, saves: Map<string, Save>, saveOf: SaveOf): Save {
  const together = [...saves.values()].find(
    save => save.at === row.sys_created_on && save.by === row.sys_created_by && !save.journals.some(one => one.element === row.element),
  )
  return together ?? saveOf(row.sys_created_on, row.sys_created_by, undefined, row.sys_id)
}
