import { choice, journal, moment, refers, type ShippedTable, text, whole } from './definition.ts'
import { APPROVALS } from './task.ts'

/** One person who is asked (contract servicenow-core.md 8.2). */
export const sysapprovalApprover: ShippedTable = {
  name: 'sysapproval_approver',
  label: 'Approval',
  source: 'Approvals (servicenow-core 8.2)',
  leftOut: 'delegates; what `wf_activity` refers to',
  readers: 'the desk',
  writers: 'the desk',
  alsoFor: [
    {
      who: 'the approver',
      operations: ['read', 'write'],
      condition: 'approver=javascript:gs.getUserID()',
    },
  ],
  display: 'approver',
  indexes: ['sysapproval', 'approver', 'group'],
  columns: [
    refers('approver', 'Approver', 'sys_user'),
    refers('sysapproval', 'Approval for', 'task'),
    { name: 'document_id', label: 'Approving', type: 'guid' },
    text('source_table', 'Source table', { maxLength: 80 }),
    choice('state', 'State', APPROVALS, { default: 'not requested' }),
    journal('comments', 'Comments'),
    refers('group', 'Assignment group', 'sysapproval_group'),
    moment('due_date', 'Due date'),
    moment('expected_start', 'Expected start'),
    whole('iteration', 'Iteration'),
    refers('wf_activity', 'Workflow activity', 'wf_activity'),
  ],
}

/** A group that is asked as one; its people each have an approval that names it. The record it is for is its `parent`. */
export const sysapprovalGroup: ShippedTable = {
  name: 'sysapproval_group',
  label: 'Group approval',
  parent: 'task',
  source: 'Approvals (servicenow-core 8.2)',
  leftOut: 'ways to wait other than for anyone and for everyone',
  readers: 'as its parent',
  writers: 'as its parent',
  display: 'assignment_group',
  columns: [
    choice(
      'wait_for',
      'Wait for',
      [
        ['any', 'Anyone to approve'],
        ['all', 'Everyone to approve'],
      ],
      { default: 'any' },
    ),
  ],
}
