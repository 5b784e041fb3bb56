import { z } from 'zod'
import type { OutgoingAttachment } from '../attachments/outgoing-attachment.ts'

/** A documented value, or another one that this service uses: KPN's examples differ from its own lists in letter case. */
export type OrOther<Known extends string> = Known | (string & {})

/** What a customer files (contract 1.2). */
export type TicketType = 'Incident' | 'Request for Information' | 'Change Request' | 'Service Request'
/** What a provider works on (contract 1.2). */
export type TaskType = 'Incident Task' | 'Change Task' | 'Request Task'
/** A priority in the words of the contract; a customer may wish for one, the operator decides. */
export type Priority = '1 - Critical' | '2 - High' | '3 - Moderate' | '4 - Low' | '5 - Planning'

/** A ticket as POST /Ticket takes it (contract 1.2, `NewTicket`). Which services and configuration items are valid is agreed with the operator. */
export interface NewTicket {
  ticket_type: TicketType
  /** Your own number for the ticket, unique in your system: the service recognises a repeated request by it. */
  customer_reference_number: string
  short_description: string
  service: string
  description?: string | undefined
  ci?: string | undefined
  /** Change Request only. A Date, or `YYYY-MM-DD hh:mm:ss`, which the service reads as UTC. */
  desired_delivery_date?: Date | string | undefined
  /** Reported by, or requested by. */
  contact?: string | undefined
  /** Affected user, or requested for. */
  user?: string | undefined
  /** Incident only: the priority you would like. */
  priority?: Priority | undefined
  /** 80 MiB in all. */
  attachments?: readonly OutgoingAttachment[] | undefined
}

/** Which ticket or task a PATCH is about: the operator's number and yours. */
export interface Numbers {
  /** With its `#`, as the service gave it: `INC#0010001`. */
  kpn_ticket_number: string
  customer_reference_number: string
}

/** A comment that the end user sees, attachments, or both (first seed 2.2.1: attachments alone travel as a comment without a comment). */
export type CommentOrAttachments =
  | { comment: string; attachments?: readonly OutgoingAttachment[] | undefined }
  | { comment?: undefined; attachments: readonly [OutgoingAttachment, ...OutgoingAttachment[]] }

/** PATCH /Ticket, action Comment (contract 1.2). */
export type TicketComment = Numbers & CommentOrAttachments

/** The mandatory answer to a New update (first seed 2.3): tells the operator your number for it, or that you could not take it. */
export interface TicketResponse extends Numbers {
  /** Of the New update that is answered. */
  transaction_id: string
  status: 'Success' | 'Failure'
  /** With Failure: why. Documented for tasks only; this exchange reads it for tickets too (contract 1.3). */
  error_details?: string | undefined
  attachments?: readonly OutgoingAttachment[] | undefined
}

/** What the service answers to POST /Ticket and to every PATCH (contract 1.2). Always status 200. */
export interface Receipt {
  kpn_ticket_number: string
  customer_reference_number: string
  code: OrOther<'TechnicalEndpointSuccess'>
  state: OrOther<'inserted' | 'updated'>
  /** A sentence for people: `Incident INC#34567890 has been created;`. */
  note: string
}

/** One row of GET /ListOpenTickets (contract 1.2). */
export interface TicketSummary {
  kpn_ticket_number: string
  customer_reference_number: string | undefined
  ticket_type: OrOther<TicketType>
  state: string
  short_description: string
  /** `/Ticket?kpn_ticket_number=INC%2334567890`, below the base URL. */
  link: string
}

/** A comment or work note as GET /Ticket gives it. */
export interface TicketEntry {
  /** `2024-10-03T11:08:32Z`, the service desk's clock. */
  at: string
  text: string
}

/** A file that can be fetched with `getAttachment(attachment_id)`. */
export interface ListedAttachment {
  attachment_id: string
  name: string
  content_type?: string
  /** Bytes, decoded. */
  size?: number
}

/**
 * One ticket or task, as GET /Ticket answers it. The six fields of the summary are documented; the others are what this exchange adds
 * (contract 1.2), so a service that is only KPN-compatible leaves them out. Values are passed on as they came.
 */
export interface TicketDetails extends TicketSummary {
  description?: string
  service?: string
  ci?: string
  priority?: OrOther<Priority>
  contact?: string
  user?: string
  /** Change Request only. */
  desired_delivery_date?: string
  /** `2024-10-03T11:08:32Z`, as `updated_at`. */
  created_at?: string
  updated_at?: string
  /** What the end user sees, oldest first. */
  comments?: TicketEntry[]
  /** Of a task only. */
  worknotes?: TicketEntry[]
  attachments?: ListedAttachment[]
}

/** Missing and empty are one to a reader; only the numbers, without which an answer means nothing, must be there. */
const text = z
  .string()
  .nullish()
  .transform(value => value ?? '')

export const ReceiptAnswer: z.ZodType<Receipt> = z.looseObject({
  kpn_ticket_number: z.string().min(1),
  customer_reference_number: text,
  code: text,
  state: text,
  note: text,
})

/** GET /ListOpenTickets, and GET /Ticket: what is not in the summary is passed on unread. */
export const TicketList: z.ZodType<{ result: TicketDetails[] }> = z.looseObject({
  result: z.array(
    z.looseObject({
      kpn_ticket_number: z.string().min(1),
      customer_reference_number: z
        .string()
        .nullish()
        .transform(value => value ?? undefined),
      ticket_type: text,
      state: text,
      short_description: text,
      link: text,
    }),
  ),
})
