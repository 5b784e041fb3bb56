import { randomUUID } from 'node:crypto'
import { readJson } from '../ask.ts'
import { type CallSettings, call, type WriteOptions } from '../call.ts'
import { messageBody, type OutgoingAttachment } from '../outgoing-attachment.ts'
import { type Receipt, ReceiptAnswer } from '../ticket.ts'

interface Message {
  action: string
  attachments?: readonly OutgoingAttachment[] | undefined
}

/** PATCH /Ticket and PATCH /Task: one Idempotency-Key and one body for however many attempts it takes. */
export async function patch(
  settings: CallSettings,
  path: '/Ticket' | '/Task',
  { attachments, ...fields }: Message,
  options: WriteOptions = {},
): Promise<Receipt> {
  const body = await messageBody(fields, attachments)
  const idempotencyKey = options.idempotencyKey?.trim() || randomUUID()
  return await call(
    settings,
    { method: 'PATCH', path, body, idempotencyKey, repeat: 'write', read: chunks => readJson(chunks, ReceiptAnswer) },
    options,
  )
}
