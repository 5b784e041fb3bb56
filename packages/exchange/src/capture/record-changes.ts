import { listChangedPages } from '@deskbridge/servicenow'
import { readAgreements } from '../agreements/index.ts'
import type { Desk } from '../connections/index.ts'
import type { Database } from '../platform/database.ts'
import { findKnownRecords } from './captured.store.ts'
import { FIELDS, OWNING_FIELDS, ofTables, seen } from './captured-tables.ts'
import { recordDueRecords, type SeenFile, type SeenRecord } from './due.store.ts'
import { BEGINNING, earlier, earliest, later, latest } from './instance-time.ts'
import { holdsFence, type Reach } from './lease.store.ts'
import { readNewFiles } from './new-files.ts'
import type { Owning } from './owners.ts'
import { pickPartnersRecords } from './partners-records.ts'
import { presentOf } from './present.ts'
import { type Marks, SWEEPS, sweepsDue } from './sweeps.ts'

/** The header has whole seconds, and an instance may round a time up. */
const ROUNDED_SECONDS = 2
/** While files are hidden, those that came since then are looked for again: so long, and no longer. */
const HIDDEN_FILES_SECONDS = 24 * 3_600

export interface Look {
  database: Database
  desk: Desk
  reach: Reach
  holder: string
  marks: Marks
}

/** A look under way. */
interface Looking extends Look {
  /** How many seconds it goes back, and whether that makes a sweep. */
  back: number
  sweep: boolean
  /** The instance's present: beyond it no mark is moved. */
  now: string
  odd: string | undefined
  files: SeenFile[]
  /** The marks, as this look moves them. */
  updatedOn: string
  attachmentsOn: string
  /** Read with the changed records. */
  owning: Omit<Owning, 'bonds'> | undefined
}

/** In this order; each says false when somebody else captures now, and then nothing more is done. */
const STEPS: readonly ((looking: Looking) => Promise<boolean>)[] = [
  recordNewFiles,
  recordChangedRecords,
  recordMarkPutBack,
  recordRowsAhead,
]

/** Looks which records changed and which files came, and writes them down as due. False when somebody else captures now. */
export async function recordChanges(look: Look): Promise<boolean> {
  const { marks, desk } = look
  marks.met = []
  const { back, swept } = sweepsDue(marks, desk.inProcess)
  const looking = await readFilesFirst(look, back, swept.length > 0)
  for (const step of STEPS) if (!(await step(looking))) return false
  marks.sweptAt ??= SWEEPS.map(() => Number.NEGATIVE_INFINITY)
  for (const at of swept) marks.sweptAt[at] = performance.now()
  return true
}

/** Files are read before the records: one that comes meanwhile is found with the next look. */
async function readFilesFirst(look: Look, back: number, sweep: boolean): Promise<Looking> {
  const { desk, reach, marks } = look
  const from = filesFrom(reach, marks, sweep)
  const found = await readNewFiles(desk, earlier(from, back))
  const { now, odd } = presentOf(desk, marks.newest)
  if (odd) marks.met.push({ kind: 'clock-odd', cause: odd })
  const newestFile = found.files.reduce((newest, { createdOn }) => latest(newest, createdOn), from)
  marks.visibleFilesOn = found.hidden ? earliest(newestFile, now) : undefined
  if (found.hidden) marks.met.push({ kind: 'capture-blind', cause: found.hidden })
  const attachmentsOn = found.hidden
    ? latest(earliest(reach.attachmentsOn ?? BEGINNING, now), earlier(now, HIDDEN_FILES_SECONDS))
    : earliest(newestFile, now)
  // A clock that was put back takes the mark with it.
  const updatedOn = earliest(reach.updatedOn ?? BEGINNING, now)
  return { ...look, back, sweep, now, odd, files: found.files, updatedOn, attachmentsOn, owning: undefined }
}

async function recordNewFiles(looking: Looking): Promise<boolean> {
  const { database, desk, reach, attachmentsOn } = looking
  const known = await findKnownRecords(database, desk.environment, [...new Set(looking.files.map(file => file.recordSysId))])
  const files = looking.files.filter(file => known.has(file.recordSysId))
  return files.length || attachmentsOn !== reach.attachmentsOn ? recordDue(looking, [], files) : true
}

async function recordChangedRecords(looking: Looking): Promise<boolean> {
  const { database, desk, marks, now } = looking
  const since = { updatedOn: earlier(looking.updatedOn, looking.back), sysId: '' }
  const walk = ofTables(desk).where('sys_updated_on', '<=', reachedBy(now)).text()
  const owning = {
    environment: desk.environment,
    agreements: await readAgreements(database, desk.environment),
    writers: await desk.writers(),
  }
  looking.owning = owning
  const asked = { table: 'task', query: walk, fields: [...FIELDS, ...OWNING_FIELDS], since }
  for await (const page of listChangedPages(desk.serviceNow, asked)) {
    const records = await pickPartnersRecords(database, desk, owning, page)
    for (const record of page.map(seen)) {
      looking.updatedOn = latest(looking.updatedOn, earliest(record.updatedOn, now))
      marks.newest = record.updatedOn
    }
    if (!(await recordDue(looking, records, []))) return false
  }
  return true
}

async function recordMarkPutBack(looking: Looking): Promise<boolean> {
  const { reach, updatedOn } = looking
  return reach.updatedOn !== null && updatedOn < reach.updatedOn ? recordDue(looking, [], []) : true
}

/** What carries a time that the instance has not reached is looked for with a sweep, or where something is odd. */
async function recordRowsAhead(looking: Looking): Promise<boolean> {
  const { database, desk, marks, now, odd, sweep, owning } = looking
  if (!(sweep || odd || marks.met.length || !marks.sweptAt)) return true
  const ahead = await readRowsAhead(desk, reachedBy(now))
  if (!ahead.length) return true
  if (!owning) throw new Error('Rows ahead are looked for after the changed records: whose they are is read there')
  marks.newest = ahead.at(-1)!.sys_updated_on!
  marks.met.push({ kind: 'rows-ahead', cause: `Records carry times up to ${marks.newest} (UTC); it is ${now}`, count: ahead.length })
  return recordDue(looking, await pickPartnersRecords(database, desk, owning, ahead), [])
}

/** Writes records down as due, and how far this look is; false when somebody else captures now. */
const recordDue = ({ database, desk: { environment }, reach, holder, ...looking }: Looking, records: SeenRecord[], files: SeenFile[]) =>
  database.transaction(async queries => {
    if (!(await holdsFence(queries, environment, reach.fence, holder))) return false
    const { updatedOn, attachmentsOn } = looking
    await recordDueRecords(queries, environment, { records, files, updatedOn, attachmentsOn })
    return true
  })

const reachedBy = (now: string) => later(now, ROUNDED_SECONDS)

/** From when on files are listed: all that may have been hidden with a sweep, else what is new of those that are shown. */
const filesFrom = ({ attachmentsOn }: Reach, { visibleFilesOn }: Marks, sweep: boolean): string =>
  sweep || visibleFilesOn === undefined ? (attachmentsOn ?? BEGINNING) : visibleFilesOn

/** Records whose time the instance has not reached. They are told as they are, move no mark, and hold nobody up. */
async function readRowsAhead(desk: Desk, reached: string): Promise<Record<string, string>[]> {
  const { rows } = await desk.serviceNow.table.list({
    table: 'task',
    query: ofTables(desk).where('sys_updated_on', '>', reached).orderBy('sys_updated_on').text(),
    fields: [...FIELDS, ...OWNING_FIELDS],
    limit: 1_000,
    noCount: true,
  })
  return rows as Record<string, string>[]
}
