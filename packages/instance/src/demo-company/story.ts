import { fixedSysId } from '../sys-id.ts'
import { DEMO } from './demo.ts'

/**
 * Some weeks at the demo operator's desk: tickets in all states, with what was written on them. The texts say that they are demo
 * texts, and all tickets are the operator's own, so that no partner of an exchange is told of them.
 */

type Fields = Readonly<Record<string, string>>

interface Told {
  readonly table: string
  readonly number: string
  /** Days since it was opened, and since it was last saved. */
  readonly days: readonly [opened: number, saved: number]
  readonly fields: Fields
  /** Who wrote what, by the agent's place in the list; a comment is seen by the caller, a work note is not. */
  readonly said?: readonly (readonly [agent: 0 | 1 | 2, element: 'comments' | 'work_notes', text: string])[]
}

const desk = DEMO.serviceDeskGroup.sysId
const network = DEMO.networkGroup.sysId
const [workplace, net, cloud, mail] = DEMO.services.map(({ sysId }) => sysId) as [string, string, string, string]
const agent = (at: number) => DEMO.agents[at]!.sysId
const solved = (text: string): Fields => ({ close_code: 'Solution provided', close_notes: `Demo: ${text}` })

const incident = (number: number, days: Told['days'], text: string, fields: Fields, said: Told['said'] = []): Told => ({
  table: 'incident',
  number: `INC00000${number}`,
  days,
  fields: {
    caller_id: agent(0),
    assignment_group: desk,
    short_description: `Demo: ${text}`,
    ...fields,
    incident_state: fields.state ?? '1',
  },
  said,
})

const change = (number: number, days: Told['days'], text: string, fields: Fields, said: Told['said'] = []): Told => ({
  table: 'change_request',
  number: `CHG00000${number}`,
  days,
  fields: { requested_by: agent(1), assignment_group: network, short_description: `Demo: ${text}`, ...fields },
  said,
})

const STORY: readonly Told[] = [
  incident(
    15,
    [21, 18],
    'no dial tone in the small meeting room',
    { state: '7', business_service: workplace, resolved_by: agent(0), closed_by: agent(0), ...solved('a cable was plugged in again.') },
    [
      [0, 'comments', 'Demo: we are looking at it.'],
      [0, 'work_notes', 'Demo: cable was loose.'],
    ],
  ),
  incident(16, [17, 16], 'wrong colours on the big screen', {
    state: '8',
    business_service: workplace,
    close_notes: 'Demo: opened twice.',
    close_code: 'Duplicate',
  }),
  incident(
    17,
    [12, 9],
    'e-mail arrives an hour late',
    { state: '7', impact: '1', business_service: mail, ...solved('the queue was restarted.') },
    [
      [1, 'work_notes', 'Demo: the outgoing queue is full.'],
      [1, 'comments', 'Demo: e-mail is on time again.'],
    ],
  ),
  incident(
    18,
    [8, 2],
    'server answers slowly in the morning',
    { state: '2', impact: '2', urgency: '2', business_service: cloud, assigned_to: agent(1) },
    [
      [1, 'work_notes', 'Demo: the backup runs at the same time.'],
      [0, 'comments', 'Demo: still slow today.'],
    ],
  ),
  incident(19, [6, 3], 'cannot sign in on a new laptop', { state: '3', hold_reason: '1', assigned_to: agent(0) }, [
    [0, 'comments', 'Demo: what does the screen say?'],
  ]),
  incident(20, [5, 4], 'spare part for the printer', { state: '3', hold_reason: '4', assigned_to: agent(2) }),
  incident(
    21,
    [3, 1],
    'shared folder is missing',
    { state: '6', business_service: workplace, resolved_by: agent(2), ...solved('the folder was moved back.') },
    [[2, 'work_notes', 'Demo: it was moved by mistake.']],
  ),
  incident(22, [1, 1], 'both lines of the branch office are down', {
    impact: '1',
    urgency: '1',
    business_service: net,
    assignment_group: network,
  }),
  change(10, [20, 13], 'replace a power supply', {
    type: 'standard',
    state: '3',
    approval: 'approved',
    close_code: 'successful',
    close_notes: 'Demo: replaced.',
    active: 'false',
  }),
  change(11, [15, 7], 'new release of the router software', { state: '0', approval: 'approved', risk: '3' }, [
    [1, 'work_notes', 'Demo: all routers came back.'],
  ]),
  change(12, [10, 1], 'more memory for the file server', { state: '-1', approval: 'approved' }),
  change(13, [7, 3], 'a second line for the branch office', { state: '-2', approval: 'approved' }),
  change(14, [4, 2], 'move the mail servers', { state: '-3', approval: 'requested', risk: '2' }),
  change(15, [3, 2], 'another address range', { state: '-4', approval: 'requested' }),
  change(16, [14, 13], 'switch off the old telephone system', { state: '4', active: 'false' }),
  change(17, [2, 2], 'emergency: stop a broken backup', { type: 'emergency', state: '-1', approval: 'approved', risk: '2' }),
  {
    table: 'problem',
    number: 'PRB0000010',
    days: [9, 5],
    fields: { short_description: 'Demo: slow mornings', state: '103', assignment_group: network },
  },
]

const ago = (days: number) => `javascript:gs.hoursAgo(${days * 24})`

/** In the form of a seed's records. */
export const STORY_RECORDS: Readonly<Record<string, Record<string, string>[]>> = {
  ...Object.fromEntries(
    ['incident', 'change_request', 'problem'].map(name => [
      name,
      STORY.filter(({ table }) => table === name).map(({ table, number, days: [opened, saved], fields }) => ({
        sys_id: fixedSysId(`demo ${table} ${number}`),
        number,
        company: DEMO.operator.sysId,
        opened_at: ago(opened),
        ...fields,
        ...(fields.resolved_by ? { resolved_at: ago(saved) } : {}),
        ...(fields.closed_by ? { closed_at: ago(saved) } : {}),
        sys_created_on: ago(opened),
        sys_updated_on: ago(saved),
        sys_mod_count: '2',
      })),
    ]),
  ),
  sys_journal_field: STORY.flatMap(({ table, number, days: [, saved], said = [] }) =>
    said.map(([who, element, value], at) => ({
      sys_id: fixedSysId(`demo journal ${number} ${at}`),
      name: table,
      element,
      element_id: fixedSysId(`demo ${table} ${number}`),
      value,
      sys_created_on: ago(saved),
      sys_created_by: DEMO.agents[who].userName,
    })),
  ),
}
