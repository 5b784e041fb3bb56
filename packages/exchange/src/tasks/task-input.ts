import { z } from 'zod'
import { attachmentsInput } from '../attachments/index.ts'
import { TASK_ACTIONS } from '../mapping/index.ts'
import { LONGEST } from '../platform/answers.ts'
import { anyCase, optional, shortText, textUpTo } from '../platform/json-input.ts'

/** PATCH /Task (contract connect-api 1.2, `UpdateTask`). */
export const taskPatchInput = z.object({
  action: anyCase(TASK_ACTIONS),
  customer_reference_number: shortText(LONGEST.reference),
  kpn_ticket_number: textUpTo(LONGEST.number),
  comment: optional(textUpTo(LONGEST.text)),
  worknotes: optional(textUpTo(LONGEST.text)),
  close_notes: optional(textUpTo(LONGEST.text)),
  error_details: optional(textUpTo(LONGEST.text)),
  status: optional(anyCase(['Success', 'Failure'])),
  transaction_id: optional(z.string()),
  attachments: optional(attachmentsInput),
})
export type TaskPatch = z.output<typeof taskPatchInput>
