import { apiActions } from './api.ts'
import { approvalActions } from './approval.ts'
import { attachmentActions } from './attachment.ts'
import { auditActions } from './audit.ts'
import { batchActions } from './batch.ts'
import { changeApiActions } from './change-api.ts'
import { changeScheduleActions } from './change-schedule.ts'
import { changeTaskActions } from './change-tasks.ts'
import { cmdbInstanceActions } from './cmdb-instance.ts'
import { configurationItemActions } from './configuration-item.ts'
import { describeActions } from './describe.ts'
import { incidentActions } from './incident.ts'
import { journalActions } from './journal.ts'
import { peopleActions } from './people.ts'
import { statisticsActions } from './statistics.ts'
import { tableActions } from './table.ts'
import { taskRecordActions } from './task.ts'
import { userActions } from './user.ts'

/** Every row: all that ServiceNow can be asked to do through Deskbridge. */
export const catalogue = [
  ...tableActions,
  ...statisticsActions,
  ...describeActions,
  ...taskRecordActions,
  ...incidentActions,
  ...changeApiActions,
  ...changeTaskActions,
  ...changeScheduleActions,
  ...approvalActions,
  ...journalActions,
  ...auditActions,
  ...attachmentActions,
  ...configurationItemActions,
  ...cmdbInstanceActions,
  ...userActions,
  ...peopleActions,
  ...batchActions,
  ...apiActions,
] as const

export type Catalogued = (typeof catalogue)[number]
export type ActionName = Catalogued['name']
