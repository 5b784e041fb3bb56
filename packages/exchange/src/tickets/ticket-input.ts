import { z } from 'zod'
import { attachmentsInput } from '../attachments/index.ts'
import { PRIORITIES, TICKET_ACTIONS, TICKET_WORDS } from '../mapping/index.ts'
import { LONGEST } from '../platform/answers.ts'
import { anyCase, optional, shortText, textUpTo } from '../platform/json-input.ts'

/** `2024-10-25 10:26:27` has no zone and is UTC (contract connect-api 5, "times without zone"); ISO 8601 with an offset is taken too. */
const desiredDate = z.string().refine(value => utcDate(value) !== undefined, {
  message: 'must be a date and time such as 2026-01-31 10:00:00 (UTC) or 2026-01-31T11:00:00+01:00',
})

/** The date as ServiceNow writes it, in UTC; undefined when there is no such moment. */
export function utcDate(value: string): string | undefined {
  const parts = /^(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,6})?)?)?(Z|[+-]\d{2}:\d{2})?$/.exec(value.trim())
  if (!parts) return undefined
  const [, year, month, day, hour = '00', minute = '00', second = '00', zone = 'Z'] = parts
  const local = `${year}-${month}-${day}T${hour}:${minute}:${second}`
  const asUtc = new Date(`${local}Z`)
  // A date such as 30 February rolls over to another day; it is refused instead.
  if (Number.isNaN(asUtc.getTime()) || asUtc.toISOString().slice(0, 19) !== local) return undefined
  const moment = new Date(`${local}${zone}`)
  if (Number.isNaN(moment.getTime()) || moment.getUTCFullYear() < 1900 || moment.getUTCFullYear() > 9_998) return undefined
  return moment.toISOString().slice(0, 19).replace('T', ' ')
}

/** POST /Ticket (contract connect-api 1.2, `NewTicket`). */
export const newTicketInput = z.object({
  ticket_type: anyCase(TICKET_WORDS),
  customer_reference_number: shortText(LONGEST.reference),
  short_description: textUpTo(LONGEST.shortDescription),
  description: optional(textUpTo(LONGEST.text)),
  service: textUpTo(LONGEST.name),
  ci: optional(textUpTo(LONGEST.name)),
  desired_delivery_date: optional(desiredDate),
  contact: optional(textUpTo(LONGEST.person)),
  user: optional(textUpTo(LONGEST.person)),
  priority: optional(anyCase(PRIORITIES)),
  attachments: optional(attachmentsInput),
})
export type NewTicket = z.output<typeof newTicketInput>

/** PATCH /Ticket (contract connect-api 1.2, `UpdateTicket`; error_details as for tasks, 1.3). */
export const ticketPatchInput = z.object({
  action: anyCase(TICKET_ACTIONS),
  customer_reference_number: shortText(LONGEST.reference),
  kpn_ticket_number: textUpTo(LONGEST.number),
  comment: optional(textUpTo(LONGEST.text)),
  status: optional(anyCase(['Success', 'Failure'])),
  transaction_id: optional(z.string()),
  error_details: optional(textUpTo(LONGEST.text)),
  attachments: optional(attachmentsInput),
})
export type TicketPatch = z.output<typeof ticketPatchInput>
