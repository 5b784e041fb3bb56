import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { ListedAttachment, OrOther, Priority, TaskType, TicketType } from './ticket.ts'

/** Contract 1.4. Worknote comes for tasks only; Resolved, Executed and Completed by type of ticket. */
export type UpdateAction =
  | 'New'
  | 'In Progress'
  | 'Comment'
  | 'Worknote'
  | 'Attachment'
  | 'On Hold'
  | 'Details Changed'
  | 'Resolved'
  | 'Executed'
  | 'Completed'
  | 'Canceled'
  | 'Closed'

/**
 * What an update tells. Only `state` and `comments` are documented; the others are what this exchange adds (contract 1.5), each
 * present only where it applies. Values are passed on as they came.
 */
export interface TicketAttributes {
  state?: string
  comments?: string
  worknotes?: string
  short_description?: string
  description?: string
  service?: string
  ci?: string
  priority?: OrOther<Priority | ''>
  contact?: string
  user?: string
  desired_delivery_date?: string
  on_hold_reason?: string
  resolution_code?: string
  resolution_notes?: string
  parent_kpn_ticket_number?: string
  parent_ticket_type?: OrOther<TicketType>
  assignment_group?: string
  attachments?: ListedAttachment[]
  [other: string]: unknown
}

/** One message of the update queue (GET /TicketUpdates; contract 1.2). Tickets and tasks come in the same queue. */
export interface TicketUpdate {
  /** The identity of the update: the same one means the same update, however often it comes. */
  transaction_id: string
  /** `2024-10-03T11:08:32Z`, the service's clock. Says nothing about order: the order of the queue does. */
  message_datetime_utc: string
  ticket_type: OrOther<TicketType | TaskType>
  action: OrOther<UpdateAction>
  kpn_ticket_number: string
  /** Missing in a New: your Response supplies it. */
  customer_reference_number?: string
  ticket_attributes?: TicketAttributes
}

/**
 * Lenient on purpose: behind one odd update there may be 999 good ones, and a queue that consumes on reading would not give them
 * a second time. What is not understood is passed on, never thrown away.
 */
const text = z.union([z.string(), z.number().transform(String)]).catch('')

const Update = z.looseObject({
  transaction_id: text,
  message_datetime_utc: text,
  ticket_type: text,
  action: text,
  kpn_ticket_number: text,
  customer_reference_number: text.optional(),
})

export const UpdateAnswer: z.ZodType<TicketUpdate[]> = z
  .union([z.array(z.unknown()), z.looseObject({ result: z.array(z.unknown()) }).transform(({ result }) => result)])
  .transform(items => items.map(readUpdate))

function readUpdate(item: unknown): TicketUpdate {
  const given = typeof item === 'object' && item !== null ? item : { ticket_attributes: { not_understood: item } }
  const { customer_reference_number, ...update } = Update.parse(given)
  return {
    ...update,
    transaction_id: update.transaction_id || `sha256:${createHash('sha256').update(JSON.stringify(given)).digest('hex')}`,
    ...(customer_reference_number ? { customer_reference_number } : {}),
  }
}
