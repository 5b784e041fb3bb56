import { listAll, query, type ServiceNow } from '@deskbridge/servicenow'
import type { Desk } from '../connections/index.ts'
import { type Kind, textFieldsOf } from '../mapping/index.ts'
import { fieldsOf, splitRow } from '../ownership/index.ts'
import { sameText } from '../recorded-writes/index.ts'

/** A row of sys_audit, sys_journal_field or sys_attachment, as far as capture needs it. */
export type AuditRow = Awaited<ReturnType<ServiceNow['audit']['list']>>['rows'][number]
export type JournalRow = Awaited<ReturnType<ServiceNow['journal']['list']>>['rows'][number]
export type FileRow = Awaited<ReturnType<ServiceNow['attachment']['list']>>['rows'][number]

/** A record as it is now; `items` are a service request's, each with its own values. */
export interface LiveRecord {
  kind: Kind
  sysId: string
  values: Record<string, string>
  shown: Record<string, string>
  items: LiveItem[]
}

export interface LiveItem {
  sysId: string
  values: Record<string, string>
}

export interface Rows {
  audits: AuditRow[]
  journals: JournalRow[]
  files: FileRow[]
}

const ITEM_FIELDS = ['sys_id', 'state', 'sys_mod_count', 'sys_created_on', 'sys_created_by', 'sys_updated_on', 'sys_updated_by']

/** Reads records of one kind, with their items. */
export async function readRecords(desk: Desk, kind: Kind, sysIds: readonly string[]): Promise<LiveRecord[]> {
  if (!sysIds.length) return []
  const records: LiveRecord[] = []
  const walk = {
    table: kind.table,
    query: query()
      .in('sys_id', [...sysIds])
      .text(),
    fields: fieldsOf(desk.mapping, kind),
    displayValue: 'all' as const,
  }
  for await (const row of listAll(desk.serviceNow, walk)) {
    const split = splitRow(row as Record<string, unknown>)
    if (split.values.sys_class_name === kind.table) records.push({ kind, sysId: split.values.sys_id!, ...split, items: [] })
  }
  if (kind.items && records.length) await addItems(desk, kind.items, records)
  return records
}

async function addItems(desk: Desk, { table, ticketField }: NonNullable<Kind['items']>, requests: LiveRecord[]): Promise<void> {
  const byId = new Map(requests.map(request => [request.sysId, request]))
  const walk = {
    table,
    query: query()
      .in(ticketField, [...byId.keys()])
      .text(),
    fields: [...ITEM_FIELDS, ticketField],
  }
  for await (const row of listAll(desk.serviceNow, walk)) {
    const values = row as Record<string, string>
    byId.get(values[ticketField] ?? '')?.items.push({ sysId: values.sys_id!, values })
  }
}

/** The requests that these items belong to. */
export async function readRequestsOfItems(
  desk: Desk,
  { table, ticketField }: NonNullable<Kind['items']>,
  itemIds: readonly string[],
): Promise<Map<string, string>> {
  const requests = new Map<string, string>()
  if (!itemIds.length) return requests
  const walk = {
    table,
    query: query()
      .in('sys_id', [...itemIds])
      .text(),
    fields: ['sys_id', ticketField],
  }
  for await (const row of listAll(desk.serviceNow, walk)) {
    const values = row as Record<string, string>
    requests.set(values.sys_id!, values[ticketField] ?? '')
  }
  return requests
}

/**
 * What happened to these records since a moment. The records must have been read before, the journal is read next and the audit
 * last: so for every save up to the record's sys_mod_count the journal and the audit are complete.
 */
export async function readRows(
  desk: Desk,
  recordIds: readonly string[],
  since: string,
  auditReadable: { now: boolean },
): Promise<Omit<Rows, 'files'>> {
  const rows: Omit<Rows, 'files'> = { audits: [], journals: [] }
  for (let from = 0; from < recordIds.length; from += 200) {
    const some = { recordIds: recordIds.slice(from, from + 200), since }
    rows.journals.push(...(await desk.serviceNow.journal.list(some)).rows)
    rows.audits.push(...(await readAudit(desk, some, auditReadable)))
  }
  return rows
}

/**
 * The files of these records, also old ones: a New tells of those that are there. A file has no number of its save. So files are read
 * before their records: what was said before one of them came is then told with it or earlier, never after it.
 */
export async function readFiles(desk: Desk, recordIds: readonly string[]): Promise<FileRow[]> {
  const files: FileRow[] = []
  for (let from = 0; from < recordIds.length; from += 200)
    files.push(...(await desk.serviceNow.attachment.list({ recordIds: recordIds.slice(from, from + 200) })).rows)
  return files
}

/** Where sys_audit may not be read, the fields as last seen are compared instead. */
async function readAudit(desk: Desk, some: { recordIds: string[]; since: string }, auditReadable: { now: boolean }): Promise<AuditRow[]> {
  try {
    const { rows } = await desk.serviceNow.audit.list(some)
    auditReadable.now = true
    return rows
  } catch (error) {
    if (!['forbidden', 'unreadable'].includes((error as { kind?: string }).kind ?? '')) throw error
    auditReadable.now = false
    return []
  }
}

/** The fields that ServiceNow declares as HTML, by table: asked where a text of these records, as it is or was, would read otherwise. */
export async function readDeclaredHtml(
  desk: Desk,
  records: readonly LiveRecord[],
  audits: readonly AuditRow[],
): Promise<Map<string, ReadonlySet<string>>> {
  const declared = [...new Set(records.map(live => live.kind))].map(async kind => {
    const fields = textFieldsOf(kind)
    const now = records.filter(live => live.kind === kind).flatMap(({ values }) => fields.map(field => values[field]))
    const then = audits.filter(row => fields.includes(row.fieldname)).flatMap(row => [row.oldvalue, row.newvalue])
    return [kind.table, await desk.declaredHtml(kind.table, [...now, ...then])] as const
  })
  return new Map(await Promise.all(declared))
}

/** Records whose journal cannot be relied on as it was read. */
export interface Doubtful {
  /** They show entries of which sys_journal_field has no row that may be read. */
  hidden: Set<string>
  /** Entries have come, or have become readable, since it was read. */
  stale: Set<string>
}

/**
 * Looks once more at records that have fewer journal rows than their saves should have left. (Fewer are not yet a sign: an administrator
 * may have deleted some. What the record itself still shows, nobody has deleted.)
 */
export async function findDoubtfulJournals(desk: Desk, records: readonly LiveRecord[], read: Rows): Promise<Doubtful> {
  const doubtful: Doubtful = { hidden: new Set(), stale: new Set() }
  const ids = new Map(records.flatMap(live => [live, ...live.items].map(({ sysId }) => [sysId, live.sysId] as const)))
  const asked = [...ids.keys()]
  const known = new Set(read.journals.map(row => row.sys_id))
  for (let from = 0; from < asked.length; from += 200) {
    const some = asked.slice(from, from + 200)
    const { rows } = await desk.serviceNow.table.list({
      table: 'task',
      query: query().in('sys_id', some).text(),
      fields: ['sys_id', 'comments', 'work_notes'],
      displayValue: 'true',
      limit: 1000,
    })
    const shown = (rows as Record<string, string>[]).filter(row => `${row.comments ?? ''}${row.work_notes ?? ''}`.trim())
    if (!shown.length) continue
    const { rows: entries } = await desk.serviceNow.journal.list({ recordIds: shown.map(row => row.sys_id!) })
    for (const row of shown) {
      const id = row.sys_id!
      const own = entries.filter(entry => entry.element_id === id)
      const said = read.audits.filter(audit => audit.documentkey === id && ['comments', 'work_notes'].includes(audit.fieldname))
      const missing = said.filter(audit => !read.journals.some(entry => entry.element_id === id && sameText(entry.value, audit.newvalue)))
      const isThereNow = (audit: AuditRow) => own.some(entry => !known.has(entry.sys_id) && sameText(entry.value, audit.newvalue))
      if (!own.length || missing.some(audit => !isThereNow(audit) && (row[audit.fieldname] ?? '').includes(audit.newvalue.trim())))
        doubtful.hidden.add(ids.get(id)!)
      if (missing.some(isThereNow)) doubtful.stale.add(ids.get(id)!)
    }
  }
  return doubtful
}
