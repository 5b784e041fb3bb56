import { strict as assert } from 'node:assert'
import type { Desk, DeskRecord } from '../system/desk.ts'
import type { FirstSteps } from '../system/open-system.ts'
import type { Body, Partner } from '../system/partner.ts'
import { shown } from './tickets.ts'

/** The three task tables, and the field that leads to the ticket. */
export const TASK_TABLES = {
  incident: { table: 'incident_task', ticketField: 'incident', word: 'Incident Task' },
  change_request: { table: 'change_task', ticketField: 'change_request', word: 'Change Task' },
  sc_request: { table: 'sc_task', ticketField: 'request', word: 'Request Task' },
} as const

export type TicketTable = keyof typeof TASK_TABLES

/** The operator gives a task of a ticket to the provider's solver group. */
export function assignedTo(
  group: FirstSteps['provider']['solverGroup'],
  desk: Desk,
  ticket: DeskRecord,
  values: Readonly<Record<string, string>> = {},
): Promise<DeskRecord> {
  const { table, ticketField } = TASK_TABLES[ticket.table as TicketTable]
  return desk.create(table, {
    [ticketField]: ticket.sys_id,
    short_description: 'Check the cable in the basement',
    assignment_group: group.sys_id,
    ...values,
  })
}

export interface KnownTask {
  number: string
  reference: string
}

/** The provider hears of a task and answers with a number of its own. */
export async function accepted(provider: Partner, task: DeskRecord): Promise<KnownTask> {
  const told = await provider.updates.until({ number: shown(task), action: 'New' })
  const reference = provider.newReference()
  const number = told.kpn_ticket_number
  await worked(provider, { number, reference }, { action: 'Response', status: 'Success', transaction_id: told.transaction_id })
  return { number, reference }
}

/** PATCH /Task, answered 200. */
export async function worked(provider: Partner, { number, reference }: KnownTask, update: Body): Promise<void> {
  const { status, body } = await provider.updateTask({ kpn_ticket_number: number, customer_reference_number: reference, ...update })
  assert.equal(status, 200, `PATCH /Task ${String(update.action)} was answered ${status}: ${JSON.stringify(body)}`)
}
