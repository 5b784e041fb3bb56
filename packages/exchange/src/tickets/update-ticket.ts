import type { Desk } from '../connections/index.ts'
import { harmless, holds } from '../mapping/index.ts'
import { type PatchParts, type PatchRow, patchRecord } from '../patches/index.ts'
import type { Done } from '../platform/answers.ts'
import { ExchangeError } from '../platform/errors.ts'
import type { Call } from '../platform/route.ts'
import type { Caller } from '../sign-in/index.ts'
import type { TicketPatch } from './ticket-input.ts'

const COMMENT: PatchRow<TicketPatch> = {
  role: 'customer',
  onTasks: false,
  operation: 'comment',
  requireContent({ comment, attachments }) {
    if (!comment && !attachments?.length)
      throw new ExchangeError('invalid_field', 'A Comment needs a comment or an attachment.', { field: 'comment' })
  },
  async changeOf({ kind, values }, { comment }) {
    // A comment on a ticket that waits for its customer is the answer: work goes on.
    const answer = comment && kind.answered && holds(kind.answered.when, values) ? kind.answered.set : {}
    return {
      values: { ...answer, ...(comment ? { comments: harmless(comment) } : {}) },
      isOpposite: Object.keys(answer).length > 0,
      content: [comment],
    }
  },
}

/** PATCH /Ticket: a comment or files for an open ticket, or the answer to an update. */
export const updateTicket = (parts: PatchParts, desk: Desk, call: Call<Caller, unknown, TicketPatch>): Promise<Done> =>
  patchRecord(parts, desk, call, COMMENT)
