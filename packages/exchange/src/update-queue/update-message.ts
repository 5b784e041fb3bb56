import { z } from 'zod'
import { PRIORITIES, TASK_WORDS, TICKET_WORDS, UPDATE_ACTIONS } from '../mapping/index.ts'

const text = z.string().optional()

/**
 * What an update says beyond its documented members. `state` and `comments` are documented; everything else is extra and stands
 * only in here, so that a strict reader of the original API still parses it (contract connect-api 1.5).
 */
const ticketAttributes = z.object({
  state: text,
  comments: text,
  worknotes: text,
  short_description: text,
  description: text,
  service: text,
  ci: text,
  priority: z.enum(PRIORITIES).or(z.literal('')).optional(),
  contact: text,
  user: text,
  desired_delivery_date: text,
  on_hold_reason: text,
  resolution_code: text,
  resolution_notes: text,
  parent_kpn_ticket_number: text,
  parent_ticket_type: z.enum(TICKET_WORDS).optional(),
  assignment_group: text,
  attachments: z.array(z.object({ attachment_id: z.string(), name: z.string(), content_type: z.string(), size: z.number() })).optional(),
})
export type TicketAttributes = z.output<typeof ticketAttributes>

/** One update, as a partner reads it (contract connect-api 1.2, GET /TicketUpdates). */
export const updateMessage = z.object({
  transaction_id: z.uuid(),
  message_datetime_utc: z.string().meta({ examples: ['2026-01-31T10:00:00Z'] }),
  ticket_type: z.enum([...TICKET_WORDS, ...TASK_WORDS]),
  action: z.enum(UPDATE_ACTIONS),
  kpn_ticket_number: z.string(),
  customer_reference_number: z.string().optional(),
  ticket_attributes: ticketAttributes,
})
export type UpdateMessage = z.output<typeof updateMessage>
