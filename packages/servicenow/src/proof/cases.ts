import { apiCases } from '../catalogue/api.cases.ts'
import { approvalCases } from '../catalogue/approval.cases.ts'
import { attachmentCases } from '../catalogue/attachment.cases.ts'
import { auditCases } from '../catalogue/audit.cases.ts'
import { batchCases } from '../catalogue/batch.cases.ts'
import type { ActionName } from '../catalogue/catalogue.ts'
import { changeCases } from '../catalogue/change.cases.ts'
import { changeTaskCases } from '../catalogue/change-task.cases.ts'
import { configurationItemCases } from '../catalogue/configuration-item.cases.ts'
import { groupCases } from '../catalogue/group.cases.ts'
import { incidentCases } from '../catalogue/incident.cases.ts'
import { incidentTaskCases } from '../catalogue/incident-task.cases.ts'
import { journalCases } from '../catalogue/journal.cases.ts'
import { problemCases } from '../catalogue/problem.cases.ts'
import { problemTaskCases } from '../catalogue/problem-task.cases.ts'
import { requestCases } from '../catalogue/request.cases.ts'
import { requestItemCases } from '../catalogue/request-item.cases.ts'
import { requestTaskCases } from '../catalogue/request-task.cases.ts'
import { roleCases } from '../catalogue/role.cases.ts'
import { tableCases } from '../catalogue/table.cases.ts'
import { userCases } from '../catalogue/user.cases.ts'
import type { ServiceNow } from '../sdk/sdk.ts'
import type { Case } from './case.ts'
import { groundOf } from './ground.ts'

/** What every row of the catalogue is performed with. */
export type Cases = { [Name in ActionName]: Case<Name> }

/** A case for every row, against a practice instance with its demo company; who is signed in is `admin`. */
export function cases(sdk: ServiceNow): Cases {
  const ground = groundOf(sdk)
  return {
    ...tableCases(ground),
    ...incidentCases(ground),
    ...changeCases(ground),
    ...requestCases(ground),
    ...requestItemCases(ground),
    ...incidentTaskCases(ground),
    ...changeTaskCases(ground),
    ...requestTaskCases(ground),
    ...problemCases(ground),
    ...problemTaskCases(ground),
    ...approvalCases(ground),
    ...journalCases(ground),
    ...auditCases(ground),
    ...attachmentCases(ground),
    ...configurationItemCases(ground),
    ...userCases(ground),
    ...groupCases(ground),
    ...roleCases(ground),
    ...batchCases(ground),
    ...apiCases(),
  }
}
