import { apiActions } from './api.ts'
import { approvalActions } from './approval.ts'
import { attachmentActions } from './attachment.ts'
import { auditActions } from './audit.ts'
import { batchActions } from './batch.ts'
import { changeActions } from './change.ts'
import { changeApiActions } from './change-api.ts'
import { changeScheduleActions } from './change-schedule.ts'
import { changeTaskActions } from './change-task.ts'
import { changeTasksAndItemsActions } from './change-tasks-and-items.ts'
import { configurationItemActions } from './configuration-item.ts'
import { configurationItemApiActions } from './configuration-item-api.ts'
import { groupActions } from './group.ts'
import { incidentActions, incidentDeskActions } from './incident.ts'
import { incidentTaskActions } from './incident-task.ts'
import { journalActions } from './journal.ts'
import { problemActions } from './problem.ts'
import { problemTaskActions } from './problem-task.ts'
import { requestActions } from './request.ts'
import { requestItemActions } from './request-item.ts'
import { requestTaskActions } from './request-task.ts'
import { roleActions } from './role.ts'
import { tableActions } from './table.ts'
import { tableDescriptionActions } from './table-description.ts'
import { tableStatisticsActions } from './table-statistics.ts'
import { userActions } from './user.ts'

/** Every row: all that ServiceNow can be asked to do through Deskbridge. */
export const catalogue = [
  ...tableActions,
  ...tableStatisticsActions,
  ...tableDescriptionActions,
  ...incidentActions,
  ...changeActions,
  ...requestActions,
  ...requestItemActions,
  ...incidentTaskActions,
  ...changeTaskActions,
  ...requestTaskActions,
  ...problemActions,
  ...problemTaskActions,
  ...incidentDeskActions,
  ...changeApiActions,
  ...changeTasksAndItemsActions,
  ...changeScheduleActions,
  ...approvalActions,
  ...journalActions,
  ...auditActions,
  ...attachmentActions,
  ...configurationItemActions,
  ...configurationItemApiActions,
  ...userActions,
  ...groupActions,
  ...roleActions,
  ...batchActions,
  ...apiActions,
] as const

export type Catalogued = (typeof catalogue)[number]
/** The name of a row: `incident.create`. */
export type ActionName = Catalogued['name']
