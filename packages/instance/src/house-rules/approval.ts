import { rightsException } from '../refusals/table.ts'
import { missing } from './incident.ts'
import { changes, type Rule, will } from './save.ts'

const DECISIONS = ['approved', 'rejected']

/** Who decides is the person who was asked, or an administrator; who rejects says why (contract servicenow-core.md 8.2). */
export const decision: Rule = save => {
  if (!save.before || !changes(save, 'state') || !DECISIONS.includes(will(save, 'state'))) return
  if (save.before.approver !== save.caller.sysId && !save.caller.roles.has('admin')) throw rightsException('Update')
  if (will(save, 'state') === 'rejected' && save.journals.comments === undefined) missing(save, ['comments'])
}

/** What an approval is for stands in both ways of naming it. */
export const approvedRecord: Rule = save => {
  if (will(save, 'sysapproval') === '' && will(save, 'source_table') === '') return
  if (will(save, 'document_id') === '') save.after.document_id = will(save, 'sysapproval')
}
