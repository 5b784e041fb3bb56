import type { OutgoingAttachment } from '../attachments/outgoing-attachment.ts'
import type { CommentOrAttachments, Numbers, TicketResponse } from './ticket.ts'

interface Attachments {
  attachments?: readonly OutgoingAttachment[] | undefined
}

/**
 * What a provider does to its task (PATCH /Task; first seed 3.3, contract 1.2). Comments are seen by the end user of the parent
 * ticket; work notes, also those of On Hold, never are.
 */
export type TaskWork = Numbers &
  (
    | ({ action: 'In Progress' } & Attachments)
    | ({ action: 'Comment' } & CommentOrAttachments)
    | ({ action: 'Worknote'; worknotes: string } & Attachments)
    | ({ action: 'On Hold'; worknotes?: string | undefined } & Attachments)
    | ({ action: 'Closed Complete' | 'Closed Incomplete' | 'Closed Skipped'; close_notes?: string | undefined } & Attachments)
    /** Named by the first seed, absent from KPN's OpenAPI (contract 1.3): a service that refuses it takes a Comment without a comment. */
    | { action: 'Attachment'; attachments: readonly [OutgoingAttachment, ...OutgoingAttachment[]] }
  )

/** The answer to a New task (first seed 1.2 "Confirming task creation"). */
export type TaskResponse = TicketResponse
