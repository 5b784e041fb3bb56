import { z } from 'zod'
import { attachmentsInput } from '../attachments/index.ts'
import { TASK_ACTIONS } from '../mapping/index.ts'
import { LONGEST } from '../platform/answers.ts'
import { anyCase, shortText, text } from '../platform/json-input.ts'

/** PATCH /Task (contract connect-api 1.2, `UpdateTask`). */
export const taskUpdateInput = z.object({
  action: anyCase(TASK_ACTIONS),
  customer_reference_number: shortText(LONGEST.reference),
  kpn_ticket_number: text(LONGEST.number),
  comment: text(LONGEST.text).optional(),
  worknotes: text(LONGEST.text).optional(),
  close_notes: text(LONGEST.text).optional(),
  error_details: text(LONGEST.text).optional(),
  status: anyCase(['Success', 'Failure']).optional(),
  transaction_id: z.string().optional(),
  attachments: attachmentsInput.optional(),
})
export type TaskUpdate = z.output<typeof taskUpdateInput>
