import { changes, type Rule, will } from './save.ts'

/** What each closing request state means for `state` (contract servicenow-core.md 11.6). */
const STATE_OF: Readonly<Record<string, string>> = {
  closed_complete: '3',
  closed_incomplete: '4',
  closed_cancelled: '4',
  closed_rejected: '4',
  closed_skipped: '7',
}

const REQUEST_STATE_OF: Readonly<Record<string, string>> = { '3': 'closed_complete', '4': 'closed_incomplete', '7': 'closed_skipped' }

/** `request_state` leads where it was written, else follows `state`. */
export const requestState: Rule = save => {
  const state = will(save, 'state')
  const requestState = will(save, 'request_state')
  const led = save.before ? changes(save, 'request_state') : requestState !== 'requested'
  if (led) {
    const closed = STATE_OF[requestState]
    if (closed !== undefined) save.after.state = closed
    else if (REQUEST_STATE_OF[state] !== undefined) save.after.state = '1'
  } else if (REQUEST_STATE_OF[state] !== undefined) {
    if (STATE_OF[requestState] !== state) save.after.request_state = REQUEST_STATE_OF[state]
  } else if (STATE_OF[requestState] !== undefined) save.after.request_state = 'in_process'
  else if (state === '2' && requestState === 'requested') save.after.request_state = 'in_process'
  const settled = will(save, 'request_state')
  if (STATE_OF[settled] !== undefined) save.after.stage = settled
}

/** The end of an item's work shows in its stage; other stages belong to workflows, which are not here. */
export const itemStage: Rule = save => {
  if (will(save, 'state') === '3' && (!save.before || changes(save, 'state'))) save.after.stage = 'complete'
}
