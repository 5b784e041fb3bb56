import { act, type DeskStep, type DeskWork, toGroup, words } from './step.ts'

const update = (values: string) => act(`change.update --sys-id "$CHG" ${values}`)

const OPEN = `--query "sysapproval=$CHG^state=requested" --limit 1`

const assess = (does: string): DeskStep => ({
  does,
  command: update('--values state=-4'),
  note: 'Now the people of its assignment group are asked for their approval.',
  shows: { state: 'Assess', approval: 'Requested' },
})

export const change: DeskWork = {
  kind: 'Change Request',
  table: 'change_request',
  variable: 'CHG',
  about:
    'A normal change goes New, Assess, Authorize, Scheduled, Implement, Review, Closed: one step at a time, as its model says. Two groups approve it on the way. An emergency change begins with Authorize, a standard change is approved beforehand.',
  steps: [
    {
      does: 'File one',
      command: `CHG=$(id change.create --values short_description='A new firewall rule')`,
      note: 'It begins as New, whatever state is asked for.',
      shows: { state: 'New', type: 'Normal' },
    },
    {
      does: 'Move it to Assess too early',
      command: update('--values state=-4'),
      note: 'This 403 means: it has no assignment group yet, or a state was left out. change.nextStates says which may come next.',
      refused: 'Change Model: Check State Transition',
    },
    toGroup('change.update', 'CHG'),
    { does: 'See what may come next', command: act('change.nextStates --sys-id "$CHG"'), prints: 'Assess' },
    assess('Take it: move it to Assess'),
    {
      does: 'See who is asked',
      command: act(`approval.list --query "sysapproval=$CHG" --fields approver.name,group.assignment_group.name,state`),
      prints: 'Demo Agent Two',
    },
    {
      does: 'Reject it for a group',
      command: `APPROVAL=$(id approval.list ${OPEN})
${act(`approval.reject --sys-id "$APPROVAL" --comments 'Which hosts?'`)}`,
      note: 'It goes back to New. Whoever is asked answers with change.approve or change.reject; an administrator may answer for anybody.',
      shows: { state: 'New', approval: 'Rejected' },
    },
    assess('Move it to Assess again'),
    {
      does: 'Approve it for the assignment group',
      command: `APPROVAL=$(id approval.list ${OPEN})\n${act('approval.approve --sys-id "$APPROVAL"')}`,
      note: 'One yes is the group’s. In Authorize the group Change Advisory is asked (property practice.change.advisory_group).',
      shows: { state: 'Authorize', approval: 'Requested' },
    },
    {
      does: 'Approve it for the advisory group',
      command: `APPROVAL=$(id approval.list ${OPEN})\n${act('approval.approve --sys-id "$APPROVAL"')}`,
      shows: { state: 'Scheduled', approval: 'Approved' },
    },
    { does: 'Begin', command: update('--values state=-1'), shows: { state: 'Implement' } },
    ...words('change_request', 'CHG'),
    {
      does: 'Ask for information: put it on hold, and say what for',
      command: update(
        `--values on_hold=true --values on_hold_reason='Waiting for the maintenance window' --values comments='May we begin at 22:00?'`,
      ),
      shows: { on_hold: 'true', on_hold_reason: 'Waiting for the maintenance window', comments: 'May we begin at 22:00?' },
    },
    { does: 'Go on', command: update('--values on_hold=false'), shows: { on_hold: 'false', state: 'Implement' } },
    {
      does: 'It is done: let it be reviewed',
      command: update(`--values state=0 --values comments='Please test.'`),
      note: 'Where it has tasks, the end of the last one does this.',
      shows: { state: 'Review' },
    },
    {
      does: 'Close it',
      command: update(`--values state=3 --values close_code=successful --values close_notes='Done as planned.'`),
      note: 'Closed needs a close code (successful, successful_issues, unsuccessful) and close notes.',
      shows: { state: 'Closed', close_code: 'Successful' },
    },
    {
      does: 'Cancel one, from whatever state',
      command: `CHG=$(id change.create --values short_description='Not needed any more')
${update(`--values state=4 --values comments='Not needed any more.'`)}`,
      shows: { state: 'Canceled' },
    },
  ],
}
