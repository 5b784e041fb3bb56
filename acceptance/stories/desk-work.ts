/** What a person at the service desk sets for each step of a ticket (contract servicenow-core, section 11). */
export const INCIDENT_WORK = {
  start: { state: '2' },
  awaitCaller: { state: '3', hold_reason: '1' },
  awaitVendor: { state: '3', hold_reason: '4' },
  resolve: { state: '6', close_code: 'Solution provided', close_notes: 'The drive was mapped again.' },
  close: { state: '7' },
  cancel: { state: '8' },
} as const

/** A normal change goes through its states one by one. */
export const CHANGE_WORK = {
  assess: { state: '-4' },
  authorize: { state: '-3' },
  schedule: { state: '-2' },
  implement: { state: '-1' },
  review: { state: '0' },
  close: { state: '3', close_code: 'successful', close_notes: 'Done as planned.' },
  cancel: { state: '4' },
  hold: { on_hold: 'true', on_hold_reason: 'Waiting for the maintenance window' },
  goOn: { on_hold: 'false' },
} as const

export const TASK_WORK = {
  pend: { state: '-5' },
  start: { state: '2' },
  closeComplete: { state: '3' },
  closeIncomplete: { state: '4' },
  skip: { state: '7' },
} as const
