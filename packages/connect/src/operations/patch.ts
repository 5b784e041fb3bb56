import { randomUUID } from 'node:crypto'
import { type OutgoingAttachment, prepareBody } from '../attachments/outgoing-attachment.ts'
import { readJson } from '../calling/ask.ts'
import { type CallSettings, call, type WriteOptions } from '../calling/call.ts'
import { type Receipt, ReceiptAnswer } from '../messages/ticket.ts'

interface Message {
  action: string
  attachments?: readonly OutgoingAttachment[] | undefined
}

/** PATCH /Ticket and PATCH /Task: one Idempotency-Key and one body for however many attempts it takes. */
export async function sendPatch(
  settings: CallSettings,
  path: '/Ticket' | '/Task',
  { attachments, ...fields }: Message,
  options: WriteOptions = {},
): Promise<Receipt> {
  const body = await prepareBody(fields, attachments)
  const idempotencyKey = options.idempotencyKey?.trim() || randomUUID()
  return await call(
    settings,
    { method: 'PATCH', path, body, idempotencyKey, repeat: 'write', read: chunks => readJson(chunks, ReceiptAnswer) },
    options,
  )
}
