import { randomUUID } from 'node:crypto'
import { query } from '@deskbridge/servicenow'
import type { Desk } from '../connections/index.ts'
import { type Kind, readable } from '../mapping/index.ts'
import { contentHash, type NewWrite } from '../recorded-writes/index.ts'
import { type Owning, ownerOf } from './owners.ts'
import type { Replayed } from './replay.ts'
import type { LiveRecord } from './sources.ts'

export interface TicketOfTask {
  sysId: string
  number: string
  kind: Kind
  /** Whose it is, by what it says. */
  values: Record<string, string>
}

/** The tickets of these tasks, by the task's sys_id. */
export async function readTicketsOfTasks(desk: Desk, records: LiveRecord[]): Promise<Map<string, TicketOfTask>> {
  const found = new Map<string, TicketOfTask>()
  for (const kind of new Set(records.map(live => live.kind)))
    for (const { field, word } of kind.ticket ?? []) {
      const ticketKind = desk.mapping.of(word)
      const links = records.filter(live => live.kind === kind && live.values[field])
      const ids = [...new Set(links.map(live => live.values[field]!))]
      if (!ids.length) continue
      const { rows } = await desk.serviceNow.table.list({
        table: ticketKind.table,
        query: query().in('sys_id', ids).text(),
        fields: ['sys_id', 'number', 'company', 'correlation_id', 'correlation_display', 'sys_created_by'],
        limit: 1000,
      })
      const tickets = new Map((rows as Record<string, string>[]).map(row => [row.sys_id, row]))
      for (const live of links) {
        const values = tickets.get(live.values[field]!)
        if (values?.number && !found.has(live.sysId))
          found.set(live.sysId, { sysId: values.sys_id!, number: values.number, kind: ticketKind, values })
      }
    }
  return found
}

/** A comment on a provider's task is also one on its ticket (first seed, 3.2 and 3.3, the note): the exchange puts it there. */
export function carriesOf(owning: Owning, live: LiveRecord, { save, after }: Replayed, ticket: TicketOfTask): NewWrite[] {
  const { environment } = owning
  if (!live.kind.isTask || !ownerOf(owning, live.kind, after)) return []
  const ownedBy = ownerOf(owning, ticket.kind, ticket.values)?.partnerId ?? null
  return save.journals
    .filter(entry => entry.element === 'comments')
    .map(entry => ({ ...entry, text: readable(entry.text) }))
    .map(entry => ({
      writeId: randomUUID(),
      environment,
      partnerId: null,
      operation: 'carry-comment',
      requestKey: `carry:${entry.sourceId}`,
      idempotencyKey: null,
      contentSha256: contentHash(entry.text),
      table: ticket.kind.table,
      sysId: ticket.sysId,
      number: ticket.number,
      reference: null,
      plan: [{ kind: 'save', table: ticket.kind.table, sysId: ticket.sysId, values: { comments: entry.text }, ownedBy }],
      spoolFolder: null,
    }))
}
