import { query } from '@deskbridge/servicenow'
import type { Desk } from '../connections/index.ts'
import { sameName } from '../mapping/index.ts'
import type { Database } from '../platform/database.ts'
import { readKnownAttachments, readOtherSaves } from './evidence.store.ts'
import { type AttachStep, type CreateStep, journalsIn, type SaveStep, type Step, type StepProgress, sameText } from './plan.ts'
import type { RecordedWrite } from './recorded-write.ts'

/** A look for what a step of a write may have done. */
export interface Search {
  database: Database
  desk: Desk
  write: RecordedWrite
  signal: AbortSignal
  /** Only what is there since then may be taken: the database has lost what it knew since. */
  since: Date | undefined
}

/** From when on something may be a write's: since it was accepted, and well before, because clocks differ; or since time was lost. */
const searchedFrom = ({ ageMs }: RecordedWrite, since: Date | undefined): Date =>
  since ? new Date(since.getTime() - CLOCKS_DIFFER_MS) : new Date(Date.now() - ageMs - BEFORE_ACCEPTED_MS)

/** Two records where there can be one: which of them it is, a person must say. */
export class TwoFound extends Error {}

/** The instance's clock and the database's need not agree to the second. */
const CLOCKS_DIFFER_MS = 300_000
const BEFORE_ACCEPTED_MS = 24 * 3_600_000

/**
 * Looks whether a step whose outcome nobody knows was done. It must be able to read what it looks at: rows that are hidden
 * or a journal that is silently empty make the servicenow package throw, because they are no proof of absence. Nobody else adds an
 * equal comment, note or file meanwhile (`under_way`): so an equal one that no write has is this step's.
 */
export async function findDone(search: Search, step: Step): Promise<StepProgress | undefined> {
  switch (step.kind) {
    case 'create':
      return findCreated(search, step)
    case 'save':
      return findSaved(search, step)
    case 'attach':
      return findAttached(search, step)
  }
}

async function findCreated({ desk, signal }: Search, { table, correlationId }: CreateStep): Promise<StepProgress | undefined> {
  const { rows } = await desk.serviceNow.table.list(
    { table, query: query().where('correlation_id', '=', correlationId).text(), fields: ['sys_id', 'number', 'sys_created_by'], limit: 10 },
    { signal },
  )
  const found = rows as Record<string, string>[]
  // Anybody can copy a record with its text: of several the one counts that one of the exchange's own users made.
  const writers = found.length > 1 ? await desk.writers() : new Set()
  const [row, other] = found.length > 1 ? found.filter(one => writers.has(one.sys_created_by ?? '')) : found
  if (found.length > 1 && !row)
    throw new TwoFound(`${found.length} records of ${table} have the correlation id ${correlationId}, and none is ours`)
  if (row && other)
    throw new TwoFound(`Two records of ${table} have the correlation id ${correlationId}: ${row!.number} and ${other.number}`)
  return row && { begun: true, done: true, sysId: row.sys_id!, number: row.number ?? '' }
}

async function findSaved(search: Search, step: SaveStep) {
  const { table, sysId, values } = step
  const { desk, signal } = search
  for (const journal of journalsIn(values))
    return (await isAdded(search, step, journal)) ? ({ begun: true, done: true } as const) : undefined
  const row = (await desk.serviceNow.table.get({ table, sysId, fields: [...Object.keys(values), 'sys_mod_count'] }, { signal })) as Record<
    string,
    string
  >
  if (Object.entries(values).every(([field, value]) => row[field] === value)) return { begun: true, done: true } as const
  return (await wasSavedBefore(desk, step, signal)) ? ({ begun: true, done: true } as const) : undefined
}

/** Whether the record has an entry with this text that no other write has put there. */
async function isAdded(
  { database, desk, write, signal, since }: Search,
  { table, sysId }: SaveStep,
  { element, text }: ReturnType<typeof journalsIn>[number],
): Promise<boolean> {
  const from = searchedFrom(write, since)
  const [entries, writers] = await Promise.all([desk.serviceNow.journal.list({ recordIds: [sysId], element }, { signal }), desk.writers()])
  await assertJournalReadable(desk, { table, sysId, element, found: entries.rows.length }, signal)
  const equal = entries.rows.filter(entry => writers.has(entry.sys_created_by) && sameText(entry.value, text))
  const others = (await readOtherSaves(database, write, { sysId, element, since: from })).filter(other => sameText(other.text, text))
  if (equal.length <= others.length) return false
  // An entry from before that may come from a write whose row is deleted since: no other write claims it, and still it is not ours.
  const recent = equal.filter(entry => momentOf(entry.sys_created_on) >= from.getTime())
  return recent.length > others.filter(other => other.recent).length
}

/** A time of the instance (UTC, contract servicenow-core 0.3) in milliseconds. */
const momentOf = (time: string): number => Date.parse(`${time.replace(' ', 'T')}Z`)

/** Whether it was saved, and somebody has changed it since: doing it again would undo that. Where sys_audit may not be read, nobody can tell. */
async function wasSavedBefore(desk: Desk, { sysId, values, after }: SaveStep, signal: AbortSignal): Promise<boolean> {
  if (after === undefined) return false
  const [{ rows }, writers] = await Promise.all([desk.serviceNow.audit.list({ recordIds: [sysId] }, { signal }), desk.writers()]).catch(
    error => {
      if (['forbidden', 'unreadable'].includes((error as { kind?: string }).kind ?? '')) return [{ rows: [] }, new Set()] as const
      throw error
    },
  )
  const ours = rows.filter(row => writers.has(row.user) && Number(row.record_checkpoint || 0) > after && row.fieldname in values)
  const checkpoints = new Set(ours.map(row => row.record_checkpoint))
  return [...checkpoints].some(checkpoint =>
    ours.every(row => row.record_checkpoint !== checkpoint || row.newvalue === values[row.fieldname]),
  )
}

/** Whether a save that was not done would now open a record again that somebody has closed meanwhile. */
export async function isClosedMeanwhile(desk: Desk, step: Step, signal: AbortSignal): Promise<boolean> {
  if (step.kind !== 'save' || !('state' in step.values || 'on_hold' in step.values)) return false
  const row = await desk.serviceNow.table.get({ table: step.table, sysId: step.sysId, fields: ['active'] }, { signal })
  return (row as Record<string, string>).active === 'false'
}

interface JournalSeen {
  table: string
  sysId: string
  element: string
  found: number
}

/** Without its role a user sees an empty journal and no error; the record itself still shows the entries. */
async function assertJournalReadable(desk: Desk, { table, sysId, element, found }: JournalSeen, signal: AbortSignal): Promise<void> {
  if (found > 0) return
  const row = await desk.serviceNow.table.get({ table, sysId, fields: [element], displayValue: 'true' }, { signal })
  if (String((row as Record<string, unknown>)[element] ?? '').trim())
    throw new Error(
      `sys_journal_field shows no ${element} of ${table} ${sysId}, but the record has some: the integration user may not read it`,
    )
}

async function findAttached({ database, desk, write, signal, since }: Search, step: AttachStep) {
  const sysId = step.sysId ?? write.sysId
  if (!sysId) return undefined
  const from = searchedFrom(write, since).getTime()
  const [files, known] = await Promise.all([
    desk.serviceNow.attachment.list({ recordIds: [sysId] }, { signal }),
    readKnownAttachments(database, write.environment, sysId),
  ])
  const writers = await desk.writers()
  const file = files.rows.find(
    candidate =>
      sameName(candidate.file_name, step.name) &&
      Number(candidate.size_bytes) === step.size &&
      (!candidate.hash || candidate.hash === step.sha256) &&
      writers.has(candidate.sys_created_by) &&
      momentOf(candidate.sys_created_on) >= from &&
      !known.has(candidate.sys_id),
  )
  return file && ({ begun: true, done: true, sysId: file.sys_id } as const)
}
