import { z } from 'zod'
import { PRIORITIES, TASK_WORDS, TICKET_WORDS } from '../mapping/index.ts'

/** The six documented fields (contract connect-api 1.2, GET /Ticket and GET /ListOpenTickets). */
const listedTicket = z.object({
  kpn_ticket_number: z.string(),
  customer_reference_number: z.string().optional(),
  ticket_type: z.enum([...TICKET_WORDS, ...TASK_WORDS]),
  state: z.string(),
  short_description: z.string(),
  link: z.string(),
})
export type ListedTicket = z.output<typeof listedTicket>

const entry = z.object({ at: z.string(), text: z.string() })

/** What else is known of one ticket or task: only what this partner may see. */
const ticketDetails = listedTicket.extend({
  description: z.string().optional(),
  priority: z.enum(PRIORITIES).optional(),
  service: z.string().optional(),
  ci: z.string().optional(),
  contact: z.string().optional(),
  user: z.string().optional(),
  desired_delivery_date: z.string().optional(),
  created_at: z.string(),
  updated_at: z.string(),
  comments: z.array(entry),
  worknotes: z.array(entry).optional(),
  attachments: z.array(z.object({ attachment_id: z.string(), name: z.string(), content_type: z.string(), size: z.number() })),
})
export type TicketDetails = z.output<typeof ticketDetails>

export const ticketListOutput = z.object({ result: z.array(listedTicket) })
export const ticketOutput = z.object({ result: z.array(z.union([ticketDetails, listedTicket])) })
