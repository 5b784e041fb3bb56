import { listAll, listChangedPages, query, ServiceNowError } from '@deskbridge/servicenow'
import { agreementsOf } from '../agreements/index.ts'
import type { Desk } from '../connections/index.ts'
import { bondsOfRecords, filedIn } from '../ownership/index.ts'
import type { Database } from '../platform/database.ts'
import { beginAt, holdsFence, knownRecordsOf, noteDue, type Reach, type SeenFile, type SeenRecord } from './capture.store.ts'
import { earlier, earliest, later, latest, momentOf, timeOf } from './instance-time.ts'
import { type Owning, ownerOf } from './owners.ts'
import type { Met } from './trouble.ts'

/** Rows become visible when their save commits, which is after their time stamp; so every look goes back this far. */
const LOOK_BACK_SECONDS = { inProcess: 3, network: 5 }
/**
 * From time to time a look goes back further: for saves that took long, and for those that carry an older time than they should. What
 * hides behind a time that is older than the longest of these is not noticed until its record is saved again.
 */
export const SWEEPS = [
  { everyMs: 60_000, backSeconds: 120 },
  { everyMs: 600_000, backSeconds: 3_600 },
] as const
/** The header has whole seconds, and an instance may round a time up. */
const ROUNDED_SECONDS = 2
/** Clocks that differ by more are told; and a header by which neither our clock nor the newest rows go is not believed alone. */
const CLOCKS_DIFFER_MS = 300_000
/** While files are hidden, those that came since then are looked for again: so long, and no longer. */
const HIDDEN_FILES_SECONDS = 24 * 3_600
const BEGINNING = '1970-01-01 00:00:00'
const FIELDS = ['sys_id', 'sys_class_name', 'sys_mod_count', 'sys_updated_on']
/** What says whose a record is: asked with the list of changes, so that nothing more is read of what is nobody's. */
const OWNING_FIELDS = ['company', 'assignment_group', 'correlation_id', 'correlation_display', 'sys_created_by']

/** What a loop of looks remembers from one to the next. */
export interface Marks {
  sweptAt?: number[]
  /** The newest time that a record was seen with. */
  newest?: string
  /** How far the files that may be seen are noticed, while others are hidden. */
  visibleFilesOn?: string | undefined
  /** What the last look met with. */
  met?: Met[]
}

/** The tables whose records are tickets, items of tickets, or tasks. */
function capturedTables({ mapping }: Desk): string[] {
  return [...new Set(mapping.kinds.flatMap(kind => [kind.table, ...(kind.items ? [kind.items.table] : [])]))]
}

const ofTables = (desk: Desk) => query().in('sys_class_name', capturedTables(desk))

/**
 * Sets the baseline of an environment that was never looked at: what is there now is history, also what carries a time that the
 * instance has not reached. What a partner has filed already is none: where there is such a record the baseline is as old as it is.
 */
export async function begin(database: Database, desk: Desk): Promise<void> {
  const { serviceNow, environment } = desk
  const { rows } = await serviceNow.table.list({
    table: 'task',
    query: ofTables(desk).orderByDescending('sys_updated_on').text(),
    fields: FIELDS,
    limit: 1,
  })
  const { now } = presentOf(desk, rows[0]?.sys_updated_on)
  const newest = earliest(rows[0]?.sys_updated_on ?? BEGINNING, now)
  const baseline = earliest(newest, (await firstFiling(database, desk)) ?? newest)
  const known: SeenRecord[] = []
  for await (const page of listChangedPages(serviceNow, {
    table: 'task',
    query: ofTables(desk).text(),
    fields: [...FIELDS, 'correlation_id'],
    since: { updatedOn: baseline, sysId: '' },
  })) {
    // Asked after the page was read: whatever was filed by then is bound.
    const correlations = page.map(row => row.correlation_id ?? '').filter(Boolean)
    const filed = new Set((await bondsOfRecords(database, environment, [], correlations)).map(bond => bond.correlationId))
    const isHistory = (row: Record<string, string>) =>
      !filed.has(row.correlation_id ?? '') && (row.sys_updated_on! <= baseline || row.sys_updated_on! > now)
    known.push(...page.filter(isHistory).map(seen))
  }
  await database.transaction(queries => beginAt(queries, environment, baseline, known))
}

/** When the first record was made that a partner filed here, by the instance. */
async function firstFiling(database: Database, { serviceNow, environment }: Desk): Promise<string | undefined> {
  const ids = await filedIn(database, environment)
  const times: string[] = []
  for (let from = 0; from < ids.length; from += 100) {
    const filed = query().in('correlation_id', ids.slice(from, from + 100))
    const { rows } = await serviceNow.table.list({
      table: 'task',
      query: filed.orderBy('sys_created_on').text(),
      fields: ['sys_created_on'],
      limit: 1,
      noCount: true,
    })
    times.push(...rows.map(row => (row as Record<string, string>).sys_created_on!))
  }
  return times.sort()[0]
}

const seen = (row: Record<string, string>): SeenRecord => ({
  sysId: row.sys_id!,
  table: row.sys_class_name!,
  modCount: Number(row.sys_mod_count ?? 0),
  updatedOn: row.sys_updated_on!,
})

interface Present {
  /** Beyond this no mark is moved. */
  now: string
  odd?: string
}

/**
 * The instance's own now, by the Date header of its answers. Where that is missing, or goes neither by our clock nor by the newest rows,
 * the earlier of the two bounds the marks: to look back too far costs a little, not far enough loses updates.
 */
function presentOf({ connection }: Desk, newest: string | undefined): Present {
  const told = connection.instanceNow()
  const ours = Date.now()
  if (told === undefined) return { now: timeOf(ours), odd: 'Its answers carry no Date header that can be read: our own clock is used.' }
  const differs = (other: number) => Math.abs(other - told) > CLOCKS_DIFFER_MS
  if (!differs(ours) || (newest !== undefined && !differs(momentOf(newest)))) return { now: timeOf(told) }
  return {
    now: timeOf(Math.min(told, ours)),
    odd: `Its answers say that it is ${timeOf(told)} (UTC), here it is ${timeOf(ours)}: the earlier one is used.`,
  }
}

export interface Look {
  database: Database
  desk: Desk
  reach: Reach
  holder: string
  marks: Marks
}

/** Looks which records changed and which files came, and writes them down as due. False when somebody else captures now. */
export async function notice({ database, desk, reach, holder, marks }: Look): Promise<boolean> {
  const { serviceNow, environment, inProcess } = desk
  marks.met = []
  const { back, swept } = lookBack(marks, inProcess)
  const sweep = swept.length > 0
  const found = await newFiles(desk, earlier(filesFrom(reach, marks, sweep), back))
  const { now, odd } = presentOf(desk, marks.newest)
  if (odd) marks.met.push({ kind: 'clock-odd', cause: odd })
  const newestFile = found.files.reduce((newest, { createdOn }) => latest(newest, createdOn), filesFrom(reach, marks, sweep))
  marks.visibleFilesOn = found.hidden ? earliest(newestFile, now) : undefined
  if (found.hidden) marks.met.push({ kind: 'capture-blind', cause: found.hidden })
  const attachmentsOn = found.hidden
    ? latest(earliest(reach.attachmentsOn ?? BEGINNING, now), earlier(now, HIDDEN_FILES_SECONDS))
    : earliest(newestFile, now)

  // A clock that was put back takes the mark with it.
  let updatedOn = earliest(reach.updatedOn ?? BEGINNING, now)
  const note = (records: SeenRecord[], files: SeenFile[]) =>
    database.transaction(async queries => {
      if (!(await holdsFence(queries, environment, reach.fence, holder))) return false
      await noteDue(queries, environment, records, files, { updatedOn, attachmentsOn })
      return true
    })
  const since = { updatedOn: earlier(updatedOn, back), sysId: '' }
  const reached = later(now, ROUNDED_SECONDS)
  const known = await knownRecordsOf(database, environment, [...new Set(found.files.map(file => file.recordSysId))])
  const files = found.files.filter(file => known.has(file.recordSysId))
  if ((files.length || attachmentsOn !== reach.attachmentsOn) && !(await note([], files))) return false
  const walk = ofTables(desk).where('sys_updated_on', '<=', reached).text()
  const owning = { environment, agreements: await agreementsOf(database, environment), writer: await desk.writer() }
  for await (const page of listChangedPages(serviceNow, { table: 'task', query: walk, fields: [...FIELDS, ...OWNING_FIELDS], since })) {
    const records = await ofPartners(database, desk, owning, page)
    for (const record of page.map(seen)) {
      updatedOn = latest(updatedOn, earliest(record.updatedOn, now))
      marks.newest = record.updatedOn
    }
    if (!(await note(records, []))) return false
  }
  if (reach.updatedOn !== null && updatedOn < reach.updatedOn && !(await note([], []))) return false
  if (sweep || odd || marks.met.length || !marks.sweptAt) {
    const ahead = await beyond(desk, reached)
    if (ahead.length) {
      marks.newest = ahead.at(-1)!.sys_updated_on!
      marks.met.push({ kind: 'rows-ahead', cause: `Records carry times up to ${marks.newest} (UTC); it is ${now}`, count: ahead.length })
      if (!(await note(await ofPartners(database, desk, owning, ahead), []))) return false
    }
  }
  marks.sweptAt ??= SWEEPS.map(() => Number.NEGATIVE_INFINITY)
  for (const at of swept) marks.sweptAt[at] = performance.now()
  return true
}

/**
 * Those of a page of changes that are a partner's, or were when they were captured last, or are bound to a reference. An item says
 * nothing of whose its request is. A record that becomes a partner's later is told by a New as it is then, with the files it has.
 */
async function ofPartners(
  database: Database,
  desk: Desk,
  owning: Omit<Owning, 'bonds'>,
  page: readonly Record<string, string>[],
): Promise<SeenRecord[]> {
  const ids = page.map(row => row.sys_id!)
  const correlations = page.map(row => row.correlation_id ?? '').filter(Boolean)
  const [known, bonds] = await Promise.all([
    knownRecordsOf(database, desk.environment, ids),
    correlations.length ? bondsOfRecords(database, desk.environment, [], correlations) : [],
  ])
  const isSomebodys = (row: Record<string, string>) => {
    const kinds = desk.mapping.kinds.filter(({ table }) => table === row.sys_class_name)
    return !kinds.length || kinds.some(kind => ownerOf({ ...owning, bonds }, kind, row) !== undefined)
  }
  return page.filter(row => known.has(row.sys_id!) || isSomebodys(row)).map(seen)
}

/** How far this look goes back, and which sweeps that makes. */
function lookBack(marks: Marks, inProcess: boolean): { back: number; swept: number[] } {
  const due = (at: number) => performance.now() - (marks.sweptAt?.[at] ?? Number.NEGATIVE_INFINITY) > SWEEPS[at]!.everyMs
  const swept = SWEEPS.flatMap((_, at) => (due(at) ? [at] : []))
  const usual = inProcess ? LOOK_BACK_SECONDS.inProcess : LOOK_BACK_SECONDS.network
  return { back: Math.max(usual, ...swept.map(at => SWEEPS[at]!.backSeconds)), swept }
}

/** From when on files are listed: all that may have been hidden with a sweep, else what is new of those that are shown. */
const filesFrom = ({ attachmentsOn }: Reach, { visibleFilesOn }: Marks, sweep: boolean): string =>
  sweep || visibleFilesOn === undefined ? (attachmentsOn ?? BEGINNING) : visibleFilesOn

/** Records whose time the instance has not reached. They are told as they are, move no mark, and hold nobody up. */
async function beyond(desk: Desk, reached: string): Promise<Record<string, string>[]> {
  const { rows } = await desk.serviceNow.table.list({
    table: 'task',
    query: ofTables(desk).where('sys_updated_on', '>', reached).orderBy('sys_updated_on').text(),
    fields: [...FIELDS, ...OWNING_FIELDS],
    limit: 1_000,
    noCount: true,
  })
  return rows as Record<string, string>[]
}

interface NewFiles {
  files: (SeenFile & { createdOn: string })[]
  /** Why some of them cannot be seen. */
  hidden: ServiceNowError | undefined
}

const FILE_FIELDS = ['sys_id', 'table_sys_id', 'table_name', 'sys_created_on']

/** The files that came since then; where some are hidden, those that are not. */
async function newFiles(desk: Desk, since: string): Promise<NewFiles> {
  const tables = query().in('table_name', capturedTables(desk))
  const asSeen = (row: Record<string, string>) => ({
    sysId: row.sys_id!,
    recordSysId: row.table_sys_id!,
    table: row.table_name!,
    createdOn: row.sys_created_on!,
  })
  try {
    const { rows } = await desk.serviceNow.attachment.list({ since, query: tables.text() })
    return { files: rows.map(row => asSeen(row as unknown as Record<string, string>)), hidden: undefined }
  } catch (error) {
    if (!(error instanceof ServiceNowError) || !['unreadable', 'forbidden'].includes(error.kind)) throw error
    const files: NewFiles['files'] = []
    const walk = { table: 'sys_attachment', query: tables.where('sys_created_on', '>=', since).text(), fields: FILE_FIELDS }
    for await (const row of listAll(desk.serviceNow, walk)) files.push(asSeen(row as Record<string, string>))
    return { files, hidden: error }
  }
}
