import { changedPages, query } from '@deskbridge/servicenow'
import type { Desk } from '../connections/index.ts'
import type { Database } from '../platform/database.ts'
import { beginAt, holdsFence, noteDue, type Reach, type SeenFile, type SeenRecord } from './capture.store.ts'

/** Rows become visible when their save commits, which is after their time stamp; so every look goes back this far. */
const LOOK_BACK_SECONDS = { inProcess: 3, network: 5 }
/** And from time to time further, for saves that took long. */
export const SWEEP = { everyMs: 60_000, backSeconds: 120 }
const BEGINNING = '1970-01-01 00:00:00'
const FIELDS = ['sys_id', 'sys_class_name', 'sys_mod_count', 'sys_updated_on']

/** The tables whose records are tickets, items of tickets, or tasks. */
function capturedTables({ mapping }: Desk): string[] {
  return [...new Set(mapping.kinds.flatMap(kind => [kind.table, ...(kind.items ? [kind.items.table] : [])]))]
}

const ofTables = (desk: Desk) => query().in('sys_class_name', capturedTables(desk))

/** Sets the baseline of an environment that was never looked at: what is there now is history. */
export async function begin(database: Database, desk: Desk): Promise<void> {
  const { serviceNow, environment } = desk
  const { rows } = await serviceNow.table.list({
    table: 'task',
    query: ofTables(desk).orderByDescending('sys_updated_on').text(),
    fields: FIELDS,
    limit: 1,
  })
  const newest = rows[0]?.sys_updated_on ?? BEGINNING
  const atThatSecond: SeenRecord[] = []
  for await (const page of changedPages(serviceNow, {
    table: 'task',
    query: ofTables(desk).text(),
    fields: FIELDS,
    since: { updatedOn: newest, sysId: '' },
  }))
    atThatSecond.push(...page.map(seen))
  await database.transaction(queries =>
    beginAt(
      queries,
      environment,
      newest,
      atThatSecond.filter(one => one.updatedOn === newest),
    ),
  )
}

const seen = (row: Record<string, string>): SeenRecord => ({
  sysId: row.sys_id!,
  table: row.sys_class_name!,
  modCount: Number(row.sys_mod_count ?? 0),
  updatedOn: row.sys_updated_on!,
})

/** Looks which records changed and which files came, and writes them down as due. False when somebody else captures now. */
export async function notice(database: Database, desk: Desk, reach: Reach, holder: string, sweep: boolean): Promise<boolean> {
  const { serviceNow, environment, inProcess } = desk
  const back = sweep ? SWEEP.backSeconds : inProcess ? LOOK_BACK_SECONDS.inProcess : LOOK_BACK_SECONDS.network
  const since = { updatedOn: earlier(reach.updatedOn ?? BEGINNING, back), sysId: '' }
  let updatedOn = reach.updatedOn ?? BEGINNING
  let attachmentsOn = reach.attachmentsOn ?? BEGINNING
  const files = await newFiles(desk, earlier(attachmentsOn, back))
  for (const { createdOn } of files) if (createdOn > attachmentsOn) attachmentsOn = createdOn
  const note = (records: SeenRecord[], found: SeenFile[]) =>
    database.transaction(async queries => {
      if (!(await holdsFence(queries, environment, reach.fence, holder))) return false
      await noteDue(queries, environment, records, found, { updatedOn, attachmentsOn })
      return true
    })
  if (files.length && !(await note([], files))) return false
  for await (const page of changedPages(serviceNow, { table: 'task', query: ofTables(desk).text(), fields: FIELDS, since })) {
    const records = page.map(seen)
    for (const record of records) if (record.updatedOn > updatedOn) updatedOn = record.updatedOn
    if (!(await note(records, []))) return false
  }
  return true
}

async function newFiles(desk: Desk, since: string): Promise<(SeenFile & { createdOn: string })[]> {
  const tables = capturedTables(desk)
  const { rows } = await desk.serviceNow.attachment.list({ since, query: query().in('table_name', tables).text() })
  return rows.map(row => ({ sysId: row.sys_id, recordSysId: row.table_sys_id, table: row.table_name, createdOn: row.sys_created_on }))
}

/** A time of the instance, so many seconds earlier. */
export function earlier(time: string, seconds: number): string {
  const moment = new Date(`${time.replace(' ', 'T')}Z`).getTime() - seconds * 1_000
  return new Date(Math.max(moment, 0)).toISOString().slice(0, 19).replace('T', ' ')
}
