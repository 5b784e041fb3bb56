import { z } from 'zod'
import { TASK_WORDS, TICKET_WORDS, UPDATE_ACTIONS, UPDATE_ATTRIBUTES, type UpdateAttribute } from '../mapping/index.ts'

type Schemas = { readonly [Name in UpdateAttribute]: z.ZodOptional<(typeof UPDATE_ATTRIBUTES)[Name]['schema']> }

const schemas = Object.entries(UPDATE_ATTRIBUTES).map(([name, { schema }]) => [name, schema.optional()])
const ticketAttributes = z.object(Object.fromEntries(schemas) as Schemas)
/** What an update says beyond its documented members; see the table of attributes in the mapping. */
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
/** One update, as updateMessage describes it. */
export type UpdateMessage = z.output<typeof updateMessage>
