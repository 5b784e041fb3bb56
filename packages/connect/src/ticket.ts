import { z } from 'zod'
import type { OutgoingAttachment } from './outgoing-attachment.ts'

/** A documented value, or another one that this service uses: KPN's examples differ from its own lists in letter case. */
export type OrOther<Known extends string> = Known | (string & {})

export type TicketType = 'Incident' | 'Request for Information' | 'Change Request' | 'Service Request'
export type TaskType = 'Incident Task' | 'Change Task' | 'Request Task'
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
  /** `TechnicalEndpointSuccess`. */
  code: string
  state: OrOther<'inserted' | 'updated'>
  /** A sentence for people: `Incident INC#34567890 has been created;`. */
  note: string
}

/** One row of GET /ListOpenTickets and of GET /Ticket (contract 1.2). */
export interface TicketSummary {
  kpn_ticket_number: string
  customer_reference_number: string | undefined
  ticket_type: OrOther<TicketType>
  state: string
  short_description: string
  /** `/Ticket?kpn_ticket_number=INC%2334567890`, below the base URL. */
  link: string
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

export const TicketList: z.ZodType<{ result: TicketSummary[] }> = z.looseObject({
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
