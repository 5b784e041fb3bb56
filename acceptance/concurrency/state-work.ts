import { CHANGE_WORK, INCIDENT_WORK } from '../stories/desk-work.ts'

interface StateWork {
  values: Readonly<Record<string, string>>
  /** What its partner is told. */
  action: string
}

const ON_HOLD = 'On Hold'
const IN_PROGRESS = 'In Progress'

/** What the desk sets, one after the other, and from where it goes round again. */
const STATE_WORK: Readonly<Record<string, { rows: readonly StateWork[]; againFrom?: number }>> = {
  incident: {
    rows: [
      { values: INCIDENT_WORK.start, action: IN_PROGRESS },
      { values: INCIDENT_WORK.awaitVendor, action: ON_HOLD },
    ],
    againFrom: 0,
  },
  change_request: {
    rows: [
      { values: CHANGE_WORK.assess, action: IN_PROGRESS },
      { values: CHANGE_WORK.hold, action: ON_HOLD },
      { values: CHANGE_WORK.goOn, action: IN_PROGRESS },
    ],
    againFrom: 1,
  },
  sc_request: { rows: [{ values: { request_state: 'in_process' }, action: IN_PROGRESS }] },
}

/** The next change of state of a ticket whose state was changed so often; undefined where nothing is left but its end. */
export function nextStateWork(table: string, changed: number): StateWork | undefined {
  const { rows, againFrom } = STATE_WORK[table]!
  if (changed < rows.length || againFrom === undefined) return rows[changed]
  return rows[againFrom + ((changed - againFrom) % (rows.length - againFrom))]
}
