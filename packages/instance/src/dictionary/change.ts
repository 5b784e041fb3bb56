import { type Choice, choice, level, moment, refers, type TableDefinition, text, yesNo } from './definition.ts'

const long = { maxLength: 4000 }

const CLOSE_CODES: readonly Choice[] = [
  ['successful', 'Successful'],
  ['successful_issues', 'Successful with issues'],
  ['unsuccessful', 'Unsuccessful'],
]

/** Contract servicenow-core.md 11.5 and appendix A.2. */
export const changeRequest: TableDefinition = {
  name: 'change_request',
  label: 'Change Request',
  parent: 'task',
  display: 'number',
  number: { prefix: 'CHG', first: 30_001 },
  columns: [
    level(
      'state',
      'State',
      [
        ['-5', 'New'],
        ['-4', 'Assess'],
        ['-3', 'Authorize'],
        ['-2', 'Scheduled'],
        ['-1', 'Implement'],
        ['0', 'Review'],
        ['3', 'Closed'],
        ['4', 'Canceled'],
      ],
      { default: '-5' },
    ),
    choice(
      'type',
      'Type',
      [
        ['normal', 'Normal'],
        ['standard', 'Standard'],
        ['emergency', 'Emergency'],
      ],
      { default: 'normal' },
    ),
    level(
      'priority',
      'Priority',
      [
        ['1', '1 - Critical'],
        ['2', '2 - High'],
        ['3', '3 - Moderate'],
        ['4', '4 - Low'],
      ],
      { default: '4' },
    ),
    level(
      'risk',
      'Risk',
      [
        ['1', 'Very High'],
        ['2', 'High'],
        ['3', 'Moderate'],
        ['4', 'Low'],
      ],
      { default: '4' },
    ),
    level(
      'scope',
      'Scope',
      [
        ['1', 'Massive'],
        ['2', 'Large'],
        ['3', 'Medium'],
        ['4', 'Small'],
        ['5', 'Tiny'],
      ],
      { default: '3' },
    ),
    choice(
      'category',
      'Category',
      ['Hardware', 'Software', 'Service', 'System Software', 'Applications Software', 'Network', 'Telecom', 'Documentation', 'Other'].map(
        (name): Choice => [name, name],
      ),
      { default: 'Other', open: true },
    ),
    choice('close_code', 'Close code', CLOSE_CODES),
    text('close_notes', 'Close notes', long),
    choice(
      'phase',
      'Phase',
      [
        ['requested', 'Requested'],
        ['accept', 'Accept'],
        ['plan', 'Plan'],
        ['build', 'Build'],
      ],
      { default: 'requested' },
    ),
    choice(
      'phase_state',
      'Phase state',
      [
        ['open', 'Open'],
        ['requested', 'Requested'],
        ['work in progress', 'Work in Progress'],
        ['on hold', 'On Hold'],
        ['rejected', 'Rejected'],
        ['complete', 'Complete'],
      ],
      { default: 'open' },
    ),
    choice(
      'conflict_status',
      'Conflict status',
      [
        ['Not Run', 'Not Run'],
        ['Conflict', 'Conflict'],
        ['No Conflict', 'No Conflict'],
      ],
      { default: 'Not Run' },
    ),
    yesNo('on_hold', 'On hold'),
    text('on_hold_reason', 'On hold reason', long),
    yesNo('unauthorized', 'Unauthorized'),
    yesNo('production_system', 'Production system'),
    yesNo('cab_required', 'CAB required'),
    yesNo('outside_maintenance_schedule', 'Outside maintenance schedule'),
    yesNo('is_bulk', 'Bulk'),
    text('ci_class', 'CI class', { default: 'cmdb_ci' }),
    moment('start_date', 'Planned start date'),
    moment('end_date', 'Planned end date'),
    moment('requested_by_date', 'Requested by date'),
    moment('cab_date', 'CAB date'),
    moment('review_date', 'Review date'),
    moment('conflict_last_run', 'Conflict last run'),
    refers('requested_by', 'Requested by', 'sys_user'),
    refers('chg_model', 'Model', 'chg_model'),
    refers('std_change_producer_version', 'Standard Change Template version', 'std_change_producer_version'),
    refers('cab_delegate', 'CAB delegate', 'sys_user'),
    text('justification', 'Justification', long),
    text('implementation_plan', 'Implementation plan', long),
    text('risk_impact_analysis', 'Risk and impact analysis', long),
    text('backout_plan', 'Backout plan', long),
    text('test_plan', 'Test plan', long),
    text('change_plan', 'Change plan', long),
    text('review_comments', 'Review comments', long),
    text('cab_recommendation', 'CAB recommendation', long),
  ],
}

export const changeTask: TableDefinition = {
  name: 'change_task',
  label: 'Change Task',
  parent: 'task',
  display: 'number',
  number: { prefix: 'CTASK', first: 10_001 },
  columns: [
    level(
      'state',
      'State',
      [
        ['-5', 'Pending'],
        ['1', 'Open'],
        ['2', 'In Progress'],
        ['3', 'Closed'],
        ['4', 'Canceled'],
      ],
      { default: '1' },
    ),
    refers('change_request', 'Change request', 'change_request'),
    choice('change_task_type', 'Type', [
      ['planning', 'Planning'],
      ['implementation', 'Implementation'],
      ['testing', 'Testing'],
      ['review', 'Review'],
    ]),
    moment('planned_start_date', 'Planned start date'),
    moment('planned_end_date', 'Planned end date'),
    choice('close_code', 'Close code', CLOSE_CODES),
    yesNo('on_hold', 'On hold'),
    text('on_hold_reason', 'On hold reason', long),
  ],
}
