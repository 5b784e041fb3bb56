import { act, type DeskStep, type DeskWork, words } from './step.ts'

interface Task {
  readonly kind: string
  readonly table: string
  readonly action: string
  readonly about: string
  /** Makes what the task belongs to, and the task; `TASK` is its sys_id. */
  readonly made: string
  /** What its states are called: waiting, worked on, done, and ended otherwise. */
  readonly states: readonly [waiting: string, worked: string, done: string]
  readonly ends: readonly DeskStep[]
}

const GROUP = `GROUP=$(id group.getByName --name 'Demo Provider Field Team')`

/** The three tasks are worked alike; a provider’s group makes one the provider’s. */
function worked({ kind, table, action, about, made, states, ends }: Task): DeskWork {
  const [waiting, inWork, done] = states
  const update = (values: string) => act(`${action}.update --sys-id "$TASK" ${values}`)
  return {
    kind,
    table,
    variable: 'TASK',
    about,
    steps: [
      {
        does: 'Make one, and give it to a group',
        command: `${GROUP}\n${made}`,
        note: 'Whoever’s group it is works it: a provider that exchanges tickets is told of it.',
        shows: { state: 'Open', assignment_group: 'Demo Provider Field Team' },
      },
      { does: 'Take it', command: update('--values state=2'), shows: { state: inWork } },
      ...words(table, 'TASK'),
      {
        does: 'Put it on hold, and ask',
        command: update(`--values state=-5 --values comments='Where is the key?'`),
        shows: { state: waiting, comments: 'Where is the key?' },
      },
      { does: 'Go on', command: update('--values state=2'), shows: { state: inWork } },
      { does: 'Close it', command: update(`--values state=3 --values close_notes='Done.'`), shows: { state: done, active: 'false' } },
      ...ends,
    ],
  }
}

const another = (action: string, values: string) => `TASK=$(id ${action}.create ${values} --values short_description='Another one')`

const ended = (action: string, values: string, endings: Readonly<Record<string, string>>): DeskStep[] =>
  Object.entries(endings).map(([state, label]) => ({
    does: `End one as *${label}*`,
    command: `${another(action, values)}\n${act(`${action}.update --sys-id "$TASK" --values state=${state}`)}`,
    shows: { state: label },
  }))

const TASK_ENDS = { 4: 'Closed Incomplete', 7: 'Closed Skipped' }

export const incidentTask = worked({
  kind: 'Incident Task',
  table: 'incident_task',
  action: 'incidentTask',
  about: 'A part of the work on an incident. Its end does not end the incident.',
  made: `INC=$(id incident.create --values short_description='No light in the basement')
TASK=$(id incidentTask.create --values incident="$INC" --values assignment_group="$GROUP" --values short_description='Replace the lamp')`,
  states: ['Pending', 'Work in Progress', 'Closed Complete'],
  ends: ended('incidentTask', '--values incident="$INC"', TASK_ENDS),
})

export const changeTask = worked({
  kind: 'Change Task',
  table: 'change_task',
  action: 'changeTask',
  about:
    'A step of a change. When the last one of a change in Implement ends, the change goes to Review. It is cancelled rather than skipped.',
  made: `CHG=$(id change.create --values short_description='Another switch')
TASK=$(id changeTask.create --values change_request="$CHG" --values assignment_group="$GROUP" --values short_description='Mount it')`,
  states: ['Pending', 'In Progress', 'Closed'],
  ends: ended('changeTask', '--values change_request="$CHG"', { 4: 'Canceled' }),
})

export const requestTask = worked({
  kind: 'Request Task',
  table: 'sc_task',
  action: 'requestTask',
  about: 'A step of an item that was ordered. When the last one ends, the item ends, and with the last item the request.',
  made: `REQ=$(id request.create --values short_description='A desk')
RITM=$(id requestItem.create --values request="$REQ" --values short_description='Desk')
TASK=$(id requestTask.create --values request="$REQ" --values request_item="$RITM" --values assignment_group="$GROUP" --values short_description='Deliver it')`,
  states: ['Pending', 'Work in Progress', 'Closed Complete'],
  ends: ended('requestTask', '--values request_item="$RITM"', TASK_ENDS),
})
