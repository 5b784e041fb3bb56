import { query, ServiceNowError } from '@deskbridge/servicenow'
import { requireOrganisation, requireRole, requireService, requireWord } from '../agreements/index.ts'
import { attachmentFacts, attachSteps, spoolFolderOf } from '../attachments/index.ts'
import type { Desk } from '../connections/index.ts'
import { fieldValue, harmless, type Kind, PRIORITY_PARTS, partnersNames, sameName, shownNumber } from '../mapping/index.ts'
import { correlationId } from '../ownership/index.ts'
import { type Done, done } from '../platform/answers.ts'
import { ExchangeError } from '../platform/errors.ts'
import { idempotencyKey } from '../platform/request-key.ts'
import type { Call } from '../platform/route.ts'
import {
  type CreateStep,
  keyReused,
  type RecordedWrite,
  type RecordedWrites,
  recordDeleted,
  type Step,
  warnOfDifferences,
  writeRequest,
} from '../recorded-writes/index.ts'
import type { Caller } from '../sign-in/index.ts'
import { matchCi, matchUser } from './people.ts'
import { type NewTicket, utcDate } from './ticket-input.ts'

/** POST /Ticket: know the partner, check the agreement, read the ticket, reserve the reference, create it, answer. */
export async function fileTicket(desk: Desk, writes: RecordedWrites, call: Call<Caller, unknown, NewTicket>): Promise<Done> {
  const { caller, body: ticket } = call
  requireRole(caller.terms, 'customer')
  requireWord(caller.terms, ticket.ticket_type, 'ticket_type')
  requireFieldsOfItsType(ticket)
  const kind = desk.mapping.of(ticket.ticket_type)
  const create = await createStep(desk, kind, call)
  const reference = ticket.customer_reference_number
  const { attachments, ...words } = ticket
  const write = await writes.perform(
    writeRequest(
      caller,
      {
        operation: 'file-ticket',
        table: kind.table,
        sysId: null,
        number: null,
        reference,
        plan: [create, ...itemSteps(kind, create, call), ...attachSteps(call, kind.table)],
        spoolFolder: spoolFolderOf(attachments),
        bond: { word: kind.word, correlationId: create.correlationId },
      },
      form => [{ ...words, customer_reference_number: form }, attachmentFacts(attachments)],
      idempotencyKey(call),
    ),
    {
      signal: call.signal,
      keepFiles: call.files.keep,
      onConflict: existing => alreadyTaken(reference, existing),
      onDoneBefore: existing => assertNotDeleted(desk, existing, call.signal),
    },
  )
  warnOfDifferences(call, write, partnersNames(kind))
  return done('inserted', kind.word, shownNumber(write.number!, desk.mapping.numberLook), write.reference!)
}

function requireFieldsOfItsType({ ticket_type, priority, desired_delivery_date }: NewTicket): void {
  const only = (field: string, type: string) =>
    new ExchangeError('invalid_field', `${field} belongs to a ${type} only, not to a ${ticket_type}.`, { field })
  if (priority !== undefined && ticket_type !== 'Incident') throw only('priority', 'Incident')
  if (desired_delivery_date !== undefined && ticket_type !== 'Change Request') throw only('desired_delivery_date', 'Change Request')
}

/** 200 says that ServiceNow has it. Where it cannot be asked now, what was said before is said again. */
async function assertNotDeleted(desk: Desk, { table, sysId, number }: RecordedWrite, signal: AbortSignal): Promise<void> {
  const question = { table, query: query().where('sys_id', '=', sysId!).text(), fields: ['sys_id'], limit: 1 }
  const found = await desk.serviceNow.table.list(question, { signal, retry: false }).catch((error: unknown) => {
    if (error instanceof ServiceNowError) return undefined
    throw error
  })
  if (found && !found.rows.length) throw recordDeleted(shownNumber(number!, desk.mapping.numberLook))
}

function alreadyTaken(reference: string, existing: RecordedWrite | undefined): ExchangeError {
  if (existing && !sameName(existing.reference ?? '', reference)) return keyReused()
  return new ExchangeError('reference_taken', `customer_reference_number "${reference}" is already that of another ticket.`, {
    field: 'customer_reference_number',
  })
}

/** The record to make. What a partner says of people and things is matched to its own; what does not match stands in a work note. */
async function createStep(desk: Desk, kind: Kind, call: Call<Caller, unknown, NewTicket>): Promise<CreateStep> {
  const { caller, body: ticket, signal } = call
  const { terms, environment, partnerId } = caller
  const reference = ticket.customer_reference_number
  const service = requireService(terms, ticket.service)
  const organisation = requireOrganisation(terms, caller.partnerName, environment)
  const matching = { desk, organisation, unmatched: terms.unmatched, signal }
  const [html, contact, user, ci] = await Promise.all([
    desk.declaredHtml(kind.table, [ticket.short_description, ticket.description]),
    ticket.contact === undefined ? undefined : matchUser(matching, 'contact', ticket.contact),
    ticket.user === undefined ? undefined : matchUser(matching, 'user', ticket.user),
    ticket.ci === undefined ? undefined : matchCi(matching, ticket.ci),
  ])
  const unmatched = Object.entries({ contact, user, ci }).flatMap(([field, found]) => {
    const given = ticket[field as 'contact' | 'user' | 'ci']
    return given !== undefined && found === undefined ? [{ field, given }] : []
  })
  for (const { field, given } of unmatched) call.warn(`${field} "${given}" was not matched; it is kept as text`)
  const values: Record<string, string | undefined> = {
    ...kind.onFiling,
    short_description: fieldValue(ticket.short_description, html.has('short_description')),
    description: ticket.description && fieldValue(ticket.description, html.has('description')),
    company: organisation.sysId,
    correlation_id: correlationId(environment, partnerId, reference, 'filed'),
    correlation_display: reference,
    ...(ticket.priority ? PRIORITY_PARTS[ticket.priority] : {}),
    work_notes: unmatched.length
      ? harmless(unmatched.map(({ field, given }) => `${field} as given by ${caller.partnerName}: ${given}`).join('\n'))
      : undefined,
  }
  const fields = kind.fields
  if (fields.service) values[fields.service] = service.sysId
  if (fields.ci) values[fields.ci] = ci
  if (fields.contact) values[fields.contact] = contact
  if (fields.user) values[fields.user] = user ?? contact ?? terms.defaultCaller ?? undefined
  if (fields.desired_delivery_date && ticket.desired_delivery_date)
    values[fields.desired_delivery_date] = utcDate(ticket.desired_delivery_date)
  return { kind: 'create', table: kind.table, correlationId: values.correlation_id!, values: filled(values), ...named(html) }
}

/** A service request is the request and its item; the item has a correlation id of its own, so that it too is made once. */
function itemSteps(kind: Kind, request: CreateStep, { caller }: Call<Caller, unknown, NewTicket>): Step[] {
  if (!kind.items) return []
  const id = correlationId(caller.environment, caller.partnerId, request.values.correlation_display!, 'item')
  const { short_description = '', description = '', company = '', business_service = '', cmdb_ci = '' } = request.values
  const values = filled({ short_description, description, company, business_service, cmdb_ci, correlation_id: id })
  return [
    {
      kind: 'create',
      table: kind.items.table,
      belongsTo: kind.items.ticketField,
      correlationId: id,
      values,
      ...(request.html ? { html: request.html } : {}),
    },
  ]
}

const named = (html: ReadonlySet<string>) => (html.size ? { html: [...html] } : {})

function filled(values: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => Boolean(entry[1])))
}
