import { attachmentActions } from './attachment.ts'
import { auditActions } from './audit.ts'
import { journalActions } from './journal.ts'
import { tableActions } from './table.ts'
import { taskRecordActions } from './task.ts'
import { userActions } from './user.ts'

/** Every row: all that ServiceNow can be asked to do through Deskbridge. */
export const catalogue = [
  ...tableActions,
  ...taskRecordActions,
  ...journalActions,
  ...auditActions,
  ...attachmentActions,
  ...userActions,
] as const

export type Catalogued = (typeof catalogue)[number]
export type ActionName = Catalogued['name']
