import { act, type DeskStep, type DeskWork, words } from './step.ts'

const filed = (values: string): DeskStep => ({
  does: 'File one, as the phone rings',
  command: `INC=$(id incident.create ${values})`,
  shows: { state: 'New' },
})

const cancelled: DeskStep = {
  does: 'Cancel one that needs no work',
  command: `INC=$(id incident.create --values short_description='Filed twice')
${act(`incident.cancel --sys-id "$INC" --comment 'We have it already.'`)}`,
  shows: { state: 'Canceled', comments: 'We have it already.' },
}

export const incident: DeskWork = {
  kind: 'Incident',
  table: 'incident',
  variable: 'INC',
  about: 'Something is broken. Each of these is an action of its own; `incident.update` sets any other field.',
  steps: [
    filed(`--values short_description='No network on floor 3' --values impact=2 --values urgency=2`),
    {
      does: 'Find it by its number, as you would one that a partner filed (INC#0010001 there is INC0010001 here)',
      command: 'NUMBER=$(field number incident.get --sys-id "$INC")\nINC=$(id incident.getByNumber --number "$NUMBER")',
      shows: { short_description: 'No network on floor 3' },
    },
    {
      does: 'Assign it to a group, and to a person of it',
      command: `GROUP=$(id group.getByName --name Network)
PERSON=$(id user.getByUserName --user-name demo.agent.two)
${act('incident.assign --sys-id "$INC" --group "$GROUP" --person "$PERSON"')}`,
      shows: { assignment_group: 'Network', assigned_to: 'Demo Agent Two' },
    },
    {
      does: 'Take it: work has begun',
      command: act(`incident.startWork --sys-id "$INC" --comment 'We are on it.'`),
      shows: { state: 'In Progress', comments: 'We are on it.' },
    },
    ...words('incident', 'INC'),
    {
      does: 'Ask for information, and wait for it',
      command: act(`incident.putOnHold --sys-id "$INC" --reason caller --comment 'Which rooms are it?'`),
      note: 'A comment of its caller takes it back to In Progress.',
      shows: { state: 'On Hold', hold_reason: 'Awaiting Caller', comments: 'Which rooms are it?' },
    },
    {
      does: 'Put it on hold for another reason: `vendor`, `problem` or `change`',
      command: act(`incident.putOnHold --sys-id "$INC" --reason vendor --work-note 'A part is ordered.'`),
      note: 'On Hold without a reason is refused: the reason is mandatory.',
      shows: { state: 'On Hold', hold_reason: 'Awaiting Vendor' },
    },
    {
      does: 'Go on',
      command: act('incident.startWork --sys-id "$INC"'),
      shows: { state: 'In Progress', hold_reason: '' },
    },
    {
      does: 'Resolve it',
      command: act(`incident.resolve --sys-id "$INC" --close-code 'Solution provided' --close-notes 'A switch was replaced.'`),
      note: 'Resolved and Closed need a close code and close notes.',
      shows: { state: 'Resolved', close_code: 'Solution provided', close_notes: 'A switch was replaced.' },
    },
    {
      does: 'Reopen it',
      command: act(`incident.reopen --sys-id "$INC" --comment 'It is gone again.'`),
      shows: { state: 'In Progress', reopen_count: '1' },
    },
    {
      does: 'Resolve and close it',
      command: `${act(`incident.resolve --sys-id "$INC" --close-code 'Solution provided' --close-notes 'The cable too.'`)}
${act('incident.close --sys-id "$INC"')}`,
      shows: { state: 'Closed', active: 'false' },
    },
    {
      does: 'Reopen a closed one',
      command: act('incident.reopen --sys-id "$INC"'),
      note: 'Nobody can: the caller files a new one.',
      refused: 'Closed incidents cannot be reopened',
    },
    cancelled,
  ],
}

export const requestForInformation: DeskWork = {
  kind: 'Request for Information',
  table: 'incident',
  variable: 'INC',
  about:
    'A question. In ServiceNow it is an incident of the category *Inquiry / Help*, so all that is said of incidents holds for it; it ends with the answer.',
  steps: [
    filed(`--values short_description='Which browsers are supported?' --values category=inquiry`),
    {
      does: 'Take it',
      command: act('incident.startWork --sys-id "$INC"'),
      shows: { state: 'In Progress', category: 'Inquiry / Help' },
    },
    {
      does: 'Ask back, and wait',
      command: act(`incident.putOnHold --sys-id "$INC" --reason caller --comment 'On which devices?'`),
      shows: { state: 'On Hold', hold_reason: 'Awaiting Caller' },
    },
    {
      does: 'Answer it',
      command: act(
        `incident.resolve --sys-id "$INC" --close-code 'Solution provided' --close-notes 'The last two versions of each.' --comment 'See the answer.'`,
      ),
      shows: { state: 'Resolved', close_notes: 'The last two versions of each.' },
    },
    { does: 'Close it', command: act('incident.close --sys-id "$INC"'), shows: { state: 'Closed' } },
    cancelled,
  ],
}
