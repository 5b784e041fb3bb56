import { type Agreement, readAgreements } from '../agreements/index.ts'
import { type Bond, findBondsOfRecords, type Handover, readHandovers } from '../ownership/index.ts'
import { type CapturedRecord, readCaptured, readCapturedSources } from './captured.store.ts'
import { readTicketsOfTasks, type TicketOfTask } from './carries.ts'
import { rowsReadFrom } from './row-times.ts'
import { type FileRow, type LiveRecord, type Rows, readDeclaredHtml, readRows } from './sources.ts'
import type { Batch } from './turn.ts'

/** Everything that the saves of these records are put together from. */
export interface TurnRows {
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
  /** The exchange's own users. */
  writers: ReadonlySet<string>
  /** The fields that ServiceNow declares as HTML, by table. */
  html: ReadonlyMap<string, ReadonlySet<string>>
}

export async function readRowsOfTurn(
  { database, desk, baseline, auditReadable }: Batch,
  records: LiveRecord[],
  files: FileRow[],
): Promise<TurnRows> {
  const { environment } = desk
  const recordIds = records.flatMap(live => [live.sysId, ...live.items.map(item => item.sysId)])
  const [known, sources, agreements, writers, handovers] = await Promise.all([
    readCaptured(database, environment, recordIds),
    readCapturedSources(database, environment, recordIds),
    readAgreements(database, environment),
    desk.writers(),
    readHandovers(database, environment, recordIds),
  ])
  const captured = new Map(known.map(one => [one.sysId, one]))
  const times = records.flatMap(live => [live, ...live.items]).map(record => rowsReadFrom(record, captured, baseline))
  const since = times.length ? times.reduce((a, b) => (a < b ? a : b)) : baseline
  const rows = { ...(await readRows(desk, recordIds, since, auditReadable)), files }
  const tickets = await readTicketsOfTasks(desk, records)
  const correlationIds = [...records, ...tickets.values()].map(({ values }) => values.correlation_id ?? '').filter(Boolean)
  const [bonds, html] = await Promise.all([
    findBondsOfRecords(database, environment, recordIds, correlationIds),
    readDeclaredHtml(desk, records, rows.audits),
  ])
  return { recordIds, rows, captured, sources, tickets, agreements, bonds, handovers, writers, html }
}

/**
 * Whether a record has fewer journal rows than its saves should have left: without its role a user sees an empty journal and no error.
 * Where sys_audit tells nothing, every record that has moved without a journal row is looked at.
 */
export function mayHideJournal(live: LiveRecord, read: TurnRows, { desk, baseline, auditReadable }: Batch): boolean {
  return [live, ...live.items].some(({ sysId, values }) => {
    const known = read.captured.get(sysId)
    const journals = read.rows.journals.filter(row => row.element_id === sysId).length
    if (known?.modCount === Number(values.sys_mod_count ?? 0)) return false
    if (!desk.inProcess && !known && (values.sys_created_on ?? '') >= baseline && !journals) return true
    if (!auditReadable.now) return !journals
    const audited = read.rows.audits.filter(row => row.documentkey === sysId && ['comments', 'work_notes'].includes(row.fieldname)).length
    return audited > journals
  })
}
