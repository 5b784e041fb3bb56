import { choice, level, moment, refers, type TableDefinition, text, yesNo } from './definition.ts'

/** Contract servicenow-core.md 11.7. */
export const problem: TableDefinition = {
  name: 'problem',
  label: 'Problem',
  parent: 'task',
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

export const problemTask: TableDefinition = {
  name: 'problem_task',
  label: 'Problem Task',
  parent: 'task',
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
