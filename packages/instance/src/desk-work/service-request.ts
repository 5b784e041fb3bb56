import { act, type DeskWork, toGroup, words } from './step.ts'

const ITEM = { table: 'sc_req_item', variable: 'RITM' }

export const serviceRequest: DeskWork = {
  kind: 'Service Request',
  table: 'sc_request',
  variable: 'REQ',
  about:
    'Somebody orders something. The request has items, and items have tasks; work is done on the item, and the request follows. A partner is told of both as of one ticket.',
  steps: [
    {
      does: 'File one, with an item',
      command: `REQ=$(id request.create --values short_description='A laptop for a new colleague')
RITM=$(id requestItem.create --values request="$REQ" --values short_description='Laptop')`,
      shows: { request_state: 'Pending Approval' },
    },
    {
      does: 'Find the item of one that a partner filed',
      command: 'RITM=$(id requestItem.list --query "request=$REQ" --limit 1)',
      of: ITEM,
      shows: { short_description: 'Laptop' },
    },
    toGroup('request.update', 'REQ', 'Service Desk'),
    {
      does: 'Take it: approve the request, begin with the item',
      command: `${act('request.update --sys-id "$REQ" --values request_state=in_process')}
${act('requestItem.update --sys-id "$RITM" --values state=2')}`,
      shows: { request_state: 'Approved' },
    },
    ...words('sc_request', 'REQ'),
    {
      does: 'Ask for information, and wait: the item is pending',
      command: act(`requestItem.update --sys-id "$RITM" --values state=-5 --values comments='Which keyboard?'`),
      note: 'A request itself has no state for waiting.',
      of: ITEM,
      shows: { state: 'Pending', comments: 'Which keyboard?' },
    },
    {
      does: 'Go on',
      command: act('requestItem.update --sys-id "$RITM" --values state=2'),
      of: ITEM,
      shows: { state: 'Work in Progress' },
    },
    {
      does: 'Close it: complete its items',
      command: act(`requestItem.update --sys-id "$RITM" --values state=3 --values close_notes='Delivered.'`),
      note: 'The end of the last item ends the request. 4 is incomplete, 7 skipped.',
      shows: { request_state: 'Closed Complete', state: 'Closed Complete' },
    },
    {
      does: 'Cancel one',
      command: `REQ=$(id request.create --values short_description='Ordered twice')
${act(`request.update --sys-id "$REQ" --values request_state=closed_cancelled --values comments='We have it already.'`)}`,
      shows: { request_state: 'Closed Cancelled' },
    },
  ],
}
