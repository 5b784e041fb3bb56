import { sysGroupHasRole, sysSecurityAcl, sysSecurityAclRole, sysUserRoleContains } from './access.ts'
import { sysapprovalApprover, sysapprovalGroup } from './approvals.ts'
import { scCatalog, scCategory, scCatItem } from './catalog.ts'
import { changeRequest, changeTask } from './change.ts'
import {
  changeWorker,
  chgModel,
  conflict,
  stdChangeRecordProducer,
  taskCi,
  taskCmdbCiService,
  taskServiceOffering,
} from './change-lists.ts'
import { cmnDepartment, cmnLocation, coreCompany, customerAccount } from './companies.ts'
import {
  cmdbCi,
  cmdbCiComputer,
  cmdbCiHardware,
  cmdbCiNetgear,
  cmdbCiServer,
  cmdbCiService,
  cmdbRelCi,
  cmdbRelType,
  serviceOffering,
} from './configuration-items.ts'
import type { ShippedTable } from './definition.ts'
import { sysChoice, sysDbObject, sysDictionary, sysDictionaryOverride, sysGlideObject } from './dictionary-tables.ts'
import { sysAttachment, sysAudit, sysAuditDelete, sysJournalField, sysProperties } from './history.ts'
import { impUser, sysImportSet, sysImportSetRow, sysTransformEntry, sysTransformMap } from './import-sets.ts'
import { incident, incidentTask } from './incident.ts'
import { sysRateLimitRules, sysRateLimitViolations } from './limits.ts'
import { priorityLookup, sysNumber } from './lookups.ts'
import { sysUser, sysUserGrmember, sysUserGroup, sysUserHasRole, sysUserRole } from './people.ts'
import { problem, problemTask } from './problem.ts'
import { scReqItem, scRequest, scTask } from './request.ts'
import { apiKey, oauthCredential, oauthEntity } from './sign-in.ts'
import { label, labelEntry } from './tags.ts'
import { task } from './task.ts'
import { userCriteria } from './user-criteria.ts'
import { wakeUp } from './wake-up.ts'

/** Every table of the practice instance, parents before children. */
export const TABLES: readonly ShippedTable[] = [
  task,
  incident,
  incidentTask,
  problem,
  problemTask,
  changeRequest,
  changeTask,
  scRequest,
  scReqItem,
  scTask,
  scCatalog,
  scCategory,
  scCatItem,
  sysapprovalGroup,
  sysapprovalApprover,
  chgModel,
  stdChangeRecordProducer,
  taskCi,
  taskCmdbCiService,
  taskServiceOffering,
  conflict,
  changeWorker,
  wakeUp,
  sysTransformMap,
  sysTransformEntry,
  sysImportSet,
  sysImportSetRow,
  impUser,
  sysUser,
  sysUserGroup,
  sysUserGrmember,
  sysUserRole,
  sysUserHasRole,
  sysUserRoleContains,
  sysGroupHasRole,
  sysSecurityAcl,
  sysSecurityAclRole,
  oauthEntity,
  oauthCredential,
  apiKey,
  sysRateLimitRules,
  sysRateLimitViolations,
  userCriteria,
  coreCompany,
  customerAccount,
  cmnLocation,
  cmnDepartment,
  cmdbCi,
  cmdbCiService,
  serviceOffering,
  cmdbCiHardware,
  cmdbCiComputer,
  cmdbCiServer,
  cmdbCiNetgear,
  cmdbRelType,
  cmdbRelCi,
  sysJournalField,
  sysAudit,
  sysAuditDelete,
  sysAttachment,
  sysProperties,
  sysNumber,
  priorityLookup,
  sysDbObject,
  sysGlideObject,
  sysDictionary,
  sysDictionaryOverride,
  sysChoice,
  label,
  labelEntry,
]
