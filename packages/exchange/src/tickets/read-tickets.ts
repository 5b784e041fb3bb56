import { listAll, query, ServiceNowError } from '@deskbridge/servicenow'
import { includesWord } from '../agreements/index.ts'
import { type Desk, toPartner } from '../connections/index.ts'
import { fieldText, journalText, type Kind, partnerFields, shownNumber, stateWord, type Word, withZone } from '../mapping/index.ts'
import {
  fieldsOf,
  findFilers,
  findOwnedRecord,
  findShownHistory,
  type OwnedRecord,
  owns,
  readBondsOfPartner,
  splitRow,
} from '../ownership/index.ts'
import type { Database } from '../platform/database.ts'
import type { Call } from '../platform/route.ts'
import type { Caller } from '../sign-in/index.ts'
import type { ListedTicket, TicketDetails } from './ticket-output.ts'

type Reading = Call<Caller, unknown, unknown>
type Fields = Record<string, string>

/** GET /Ticket with a number: the record as ServiceNow has it now, with what this partner may see of its journal. */
export async function readTicket(database: Database, desk: Desk, call: Reading, number: string): Promise<TicketDetails> {
  const { caller, signal } = call
  const asked = () => findOwnedRecord({ database, desk, caller, signal }, number)
  const first = await asked()
  const { kind, sysId, filed } = first
  const items = await readItems(desk, kind, [sysId], signal)
  const recordIds = [sysId, ...items.map(item => item.sys_id!)]
  const some = { recordIds: recordIds.slice(0, 200) }
  const [entriesOfAll, files] = await Promise.all([
    rowsUnlessHidden(desk.serviceNow.journal.list(some, { signal }), call, 'Comments of this ticket'),
    rowsUnlessHidden(desk.serviceNow.attachment.list(some, { signal }), call, 'Files of this ticket'),
  ])
  // Whose it is, is asked once more: it may have been given away while its entries were read.
  const record = filed ? first : await asked()
  const isShown = await findShownHistory(database, desk, call, record)
  const entries = (element: string) =>
    entriesOfAll
      .filter(entry => entry.element === element && isShown(entry))
      .map(entry => ({ at: withZone(entry.sys_created_on), text: journalText(entry.value) }))
  const html = await desk.declaredHtml(kind.table, [record.values.short_description, record.values.description])
  return {
    ...listed(desk, record, items, html),
    ...partnerFields(kind, record.values, record.shown, html),
    created_at: withZone(record.values.sys_created_on!),
    updated_at: withZone(record.values.sys_updated_on!),
    comments: entries('comments'),
    ...(kind.isTask ? { worknotes: entries('work_notes') } : {}),
    attachments: files
      .filter(isShown)
      .sort((a, b) => (a.sys_created_on + a.sys_id < b.sys_created_on + b.sys_id ? -1 : 1))
      .map(file => ({
        attachment_id: file.sys_id,
        name: file.file_name,
        content_type: file.content_type,
        size: Number(file.size_bytes),
      })),
  } as TicketDetails
}

/** What may not be read is left out, and said so; the rest of the ticket is shown. */
async function rowsUnlessHidden<Row>(question: Promise<{ rows: Row[] }>, call: Reading, what: string): Promise<Row[]> {
  try {
    return (await question).rows
  } catch (failure) {
    if (!(failure instanceof ServiceNowError) || !['unreadable', 'forbidden'].includes(failure.kind)) throw toPartner(failure)
    call.warn(`${what} cannot be shown now: the service desk hides some of them`)
    return []
  }
}

type Listable = Pick<OwnedRecord, 'kind' | 'sysId' | 'values' | 'shown' | 'number' | 'reference'>

function listed(
  desk: Desk,
  { kind, sysId, values, shown, number, reference }: Listable,
  items: Fields[],
  html: ReadonlySet<string>,
): ListedTicket {
  const asShown = shownNumber(number, desk.mapping.numberLook)
  const itemStates = items.filter(item => item[kind.items?.ticketField ?? ''] === sysId).map(item => item.state)
  return {
    kpn_ticket_number: asShown,
    ...(reference === undefined ? {} : { customer_reference_number: reference }),
    ticket_type: kind.word,
    state: kind.isTask ? shown.state! : stateWord(kind, { ...values, item_states: itemStates.join(',') }),
    short_description: fieldText(values.short_description ?? '', html.has('short_description')),
    link: `/Ticket?kpn_ticket_number=${encodeURIComponent(asShown)}`,
  }
}

async function readItems(desk: Desk, kind: Kind, requests: string[], signal: AbortSignal): Promise<Fields[]> {
  if (!kind.items) return []
  const { table, ticketField } = kind.items
  const items: Fields[] = []
  for (let from = 0; from < requests.length; from += 200) {
    const question = query()
      .in(ticketField, requests.slice(from, from + 200))
      .text()
    for await (const row of listAll(desk.serviceNow, { table, query: question, fields: ['sys_id', 'state', ticketField], signal }))
      items.push(row as Fields)
  }
  return items
}

/** GET /ListOpenTickets with a number: that ticket or task alone, while it is active. */
export async function listIfOpen(database: Database, desk: Desk, { caller, signal }: Reading, number: string): Promise<ListedTicket[]> {
  const record = await findOwnedRecord({ database, desk, caller, signal }, number)
  if (record.values.active === 'false') return []
  const html = await desk.declaredHtml(record.kind.table, [record.values.short_description])
  return [listed(desk, record, await readItems(desk, record.kind, [record.sysId], signal), html)]
}

/** GET /ListOpenTickets: the caller's tickets, and a provider's tasks, that are active in ServiceNow now. */
export async function listOpenTickets(database: Database, desk: Desk, { caller, signal }: Reading): Promise<ListedTicket[]> {
  const bonds = await readBondsOfPartner(database, caller.environment, caller.partnerId)
  const bySysId = new Map(bonds.map(bond => [bond.sysId, bond]))
  const tickets: ListedTicket[] = []
  const tables = new Map(desk.mapping.kinds.map(({ table }) => [table, desk.mapping.ofTable(table)!]))
  try {
    for (const kind of tables.values()) {
      const open = await readOpenRecords(
        { desk, caller, signal },
        kind,
        bonds.filter(bond => desk.mapping.of(bond.word as Word).table === kind.table).map(bond => bond.sysId!),
      )
      const filer = await findFilers(
        database,
        desk,
        [caller.partnerId],
        open.map(({ values }) => values),
      )
      const own = open.filter(({ values }) => owns(caller, kind, values, filer(values)))
      const items = await readItems(
        desk,
        kind,
        own.map(({ values }) => values.sys_id!),
        signal,
      )
      const html = await desk.declaredHtml(
        kind.table,
        own.map(({ values }) => values.short_description),
      )
      for (const { values, shown } of own) {
        const bond = bySysId.get(values.sys_id!)
        const itsKind = desk.mapping.ofRecord(kind, values, bond?.word)
        if (!includesWord(caller.terms, itsKind.word)) continue
        const reference = bond?.reference ?? (filer(values) === caller.partnerId ? values.correlation_display : undefined)
        tickets.push(listed(desk, { kind: itsKind, sysId: values.sys_id!, values, shown, number: values.number!, reference }, items, html))
      }
    }
  } catch (failure) {
    throw toPartner(failure)
  }
  return tickets
}

async function readOpenRecords(
  { desk, caller, signal }: { desk: Desk; caller: Caller; signal: AbortSignal },
  kind: Kind,
  bonded: string[],
): Promise<Pick<OwnedRecord, 'values' | 'shown'>[]> {
  const { roles, solverGroups, organisation } = caller.terms
  const active = () => query().where('active', '=', 'true')
  const questions = kind.isTask
    ? roles.includes('provider') && solverGroups.length
      ? [
          active()
            .in(
              'assignment_group',
              solverGroups.map(group => group.sysId),
            )
            .text(),
        ]
      : []
    : roles.includes('customer')
      ? [
          ...(organisation ? [active().where('company', '=', organisation.sysId).text()] : []),
          ...chunks(bonded, 200).map(ids => active().in('sys_id', ids).text()),
        ]
      : []
  const found = new Map<string, Pick<OwnedRecord, 'values' | 'shown'>>()
  for (const question of questions)
    for await (const row of listAll(desk.serviceNow, {
      table: kind.table,
      query: question,
      fields: fieldsOf(desk.mapping, kind),
      displayValue: 'all',
      signal,
    })) {
      const record = splitRow(row as Record<string, unknown>)
      found.set(record.values.sys_id!, record)
    }
  return [...found.values()].sort((a, b) => (a.values.number! < b.values.number! ? -1 : 1))
}

function chunks<T>(list: T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, place) => list.slice(place * size, (place + 1) * size))
}
