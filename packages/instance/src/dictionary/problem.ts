import { choice, level, moment, refers, type ShippedTable, text, yesNo } from './definition.ts'

/** Contract servicenow-core.md 11.7. */
export const problem: ShippedTable = {
  name: 'problem',
  label: 'Problem',
  parent: 'task',
  source: 'Problem management (servicenow-core 11.7; servicenow-platform 5.1)',
  leftOut:
    '`problem_state`, `category`, `subcategory`, `duplicate_of`, `major_problem`, `workaround_applied`, `review_outcome`, `related_incidents`, who confirmed, fixed and reopened it; the state model: any state follows any other',
  readers: 'as its parent',
  writers: 'as its parent',
  display: 'number',
  number: { prefix: 'PRB', first: 40_001 },
  columns: [
    level(
      'state',
      'State',
      [
        ['101', 'New'],
        ['102', 'Assess'],
        ['103', 'Root Cause Analysis'],
        ['104', 'Fix in Progress'],
        ['106', 'Resolved'],
        ['107', 'Closed'],
      ],
      { default: '101' },
    ),
    choice('resolution_code', 'Resolution code', [
      ['fix_applied', 'Fix Applied'],
      ['risk_accepted', 'Risk Accepted'],
      ['duplicate', 'Duplicate'],
      ['canceled', 'Canceled'],
    ]),
    text('cause_notes', 'Cause notes', { maxLength: 4000 }),
    text('fix_notes', 'Fix notes', { maxLength: 4000 }),
    text('workaround', 'Workaround', { maxLength: 4000 }),
    yesNo('known_error', 'Known error'),
    refers('rfc', 'Change request', 'change_request'),
    refers('first_reported_by_task', 'First reported by', 'task'),
    refers('resolved_by', 'Resolved by', 'sys_user'),
    moment('resolved_at', 'Resolved'),
  ],
}

export const problemTask: ShippedTable = {
  name: 'problem_task',
  label: 'Problem Task',
  parent: 'task',
  source: 'Problem management (servicenow-core 11.7; servicenow-platform 5.1)',
  leftOut: '`problem_task_type`, `close_code`; the state model',
  readers: 'as its parent',
  writers: 'as its parent',
  display: 'number',
  number: { prefix: 'PTASK', first: 10_001 },
  columns: [
    level(
      'state',
      'State',
      [
        ['151', 'New'],
        ['152', 'Assess'],
        ['154', 'Work in Progress'],
        ['157', 'Closed'],
        ['158', 'Canceled'],
      ],
      { default: '151' },
    ),
    refers('problem', 'Problem', 'problem'),
  ],
}
