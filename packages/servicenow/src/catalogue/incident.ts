import { z } from 'zod'
import * as input from '../rows/input.ts'
import { INCIDENT_ACCESS } from '../rows/process-access.ts'
import { writerNeeds } from '../rows/record-rows.ts'
import { EXAMPLE_TASK, type TaskFamily, taskRows } from '../rows/task-rows.ts'
import { verb } from '../rows/verb.ts'

const family = {
  family: 'incident',
  table: 'incident',
  one: 'an incident',
  many: 'incidents',
  prefix: 'INC',
  exampleId: EXAMPLE_TASK,
  exampleShown: {
    sys_id: EXAMPLE_TASK,
    number: 'INC0010001',
    short_description: 'Wi-Fi drops in meeting room 4',
    impact: '2',
    urgency: '2',
    correlation_id: 'db-4711',
  },
  exampleValues: { short_description: 'Wi-Fi drops in meeting room 4', impact: '2', urgency: '2', correlation_id: 'db-4711' },
  exampleChange: { state: '6', close_code: 'Solution provided', close_notes: 'Access point replaced' },
  hint: 'Priority is computed from impact and urgency. Resolving (state 6) needs close_code and close_notes.',
  source: 'servicenow-core 11.4',
  ...INCIDENT_ACCESS,
} as const satisfies TaskFamily

export const incidentActions = taskRows(family)

/** What a desk does with an incident, in its own words: each is an update of the record (servicenow-core 11.4). */

const EXAMPLE = { sys_id: family.exampleId, number: 'INC0010001' }
const of = {
  table: 'incident',
  needs: writerNeeds(family),
  source: 'servicenow-core 11.4',
  probe: 'Ask incident.get: state and sys_mod_count tell whether it was saved. A comment that was sent with it is in journal.list.',
}

const comment = z.string().min(1).optional().describe('Comment for the caller, who sees it.')
const workNote = z.string().min(1).optional().describe('Work note for the desk; the caller does not see it.')
const said = { comment, workNote }
const spoken = ({ comment, workNote }: { comment?: string | undefined; workNote?: string | undefined }) => ({
  comments: comment,
  work_notes: workNote,
})

const closeCode = z
  .string()
  .min(1)
  .describe('A close code of the instance, such as "Solution provided", "Workaround provided", "Known error" or "Duplicate".')
const closeNotes = z.string().min(1).describe('What was done.')

const text = z.string().min(1).describe('Plain text; [code] in it is markup to ServiceNow.')
const JOURNAL_PROBE = 'Ask journal.list of the record since the write, and compare element, text and sys_created_by.'

const HOLD_REASONS = { caller: '1', problem: '3', vendor: '4', change: '5' } as const

export const incidentDeskActions = [
  verb({
    ...of,
    name: 'incident.assign',
    title: 'Assign an incident',
    whenToUse: 'To give an incident to a group, a person, or both. To take it away from one, clear group or person.',
    asks: {
      group: z
        .union([input.sysId, z.literal('')])
        .optional()
        .describe('sys_id of the assignment group.'),
      person: z
        .union([input.sysId, z.literal('')])
        .optional()
        .describe('sys_id of the user, who should be a member of the group.'),
      ...said,
    },
    clears: { group: 'assignment_group', person: 'assigned_to' },
    values: ({ group, person, ...words }, cleared) => {
      if (group === undefined && person === undefined && !cleared.length) throw new Error('group, person, or both are needed')
      return { assignment_group: group, assigned_to: person, ...spoken(words) }
    },
    example: {
      input: { group: '287ebd7da9fe198100f92cc8d1d2154e', workNote: 'Wireless is theirs' },
      output: { ...EXAMPLE, assignment_group: '287ebd7da9fe198100f92cc8d1d2154e' },
    },
  }),
  verb({
    ...of,
    name: 'incident.startWork',
    title: 'Start work on an incident',
    whenToUse: 'To move an incident that is new or on hold to In Progress.',
    asks: said,
    values: words => ({ state: '2', ...spoken(words) }),
    example: { input: {}, output: { ...EXAMPLE, state: '2' } },
  }),
  verb({
    ...of,
    name: 'incident.putOnHold',
    title: 'Put an incident on hold',
    whenToUse: 'To say that an incident waits for its caller, a problem, a vendor or a change.',
    asks: { reason: z.enum(['caller', 'problem', 'vendor', 'change']).describe('What it waits for.'), ...said },
    values: ({ reason, ...words }) => ({ state: '3', hold_reason: HOLD_REASONS[reason], ...spoken(words) }),
    example: {
      input: { reason: 'caller', comment: 'Which room is it?' },
      output: { ...EXAMPLE, state: '3', hold_reason: '1' },
    },
  }),
  verb({
    ...of,
    name: 'incident.resolve',
    title: 'Resolve an incident',
    whenToUse: 'To say that an incident is solved. It stays active until it is closed.',
    asks: { closeCode, closeNotes, ...said },
    values: ({ closeCode, closeNotes, ...words }) => ({ state: '6', close_code: closeCode, close_notes: closeNotes, ...spoken(words) }),
    example: {
      input: { closeCode: 'Solution provided', closeNotes: 'Access point replaced' },
      output: { ...EXAMPLE, state: '6', close_code: 'Solution provided', close_notes: 'Access point replaced' },
    },
  }),
  verb({
    ...of,
    name: 'incident.reopen',
    title: 'Reopen an incident',
    whenToUse: 'To move a resolved incident back to In Progress. A closed one cannot be reopened.',
    asks: said,
    values: words => ({ state: '2', ...spoken(words) }),
    example: { input: { comment: 'It drops again.' }, output: { ...EXAMPLE, state: '2' } },
  }),
  verb({
    ...of,
    name: 'incident.close',
    title: 'Close an incident',
    whenToUse: 'To end a resolved incident for good. Code and notes are only needed where they are not there yet.',
    asks: { closeCode: closeCode.optional(), closeNotes: closeNotes.optional(), ...said },
    clears: { closeCode: 'close_code', closeNotes: 'close_notes' },
    values: ({ closeCode, closeNotes, ...words }) => ({ state: '7', close_code: closeCode, close_notes: closeNotes, ...spoken(words) }),
    example: { input: {}, output: { ...EXAMPLE, state: '7', active: 'false' } },
  }),
  verb({
    ...of,
    name: 'incident.cancel',
    title: 'Cancel an incident',
    whenToUse: 'To end an incident that needs no work, such as one that was filed by mistake.',
    asks: said,
    values: words => ({ state: '8', ...spoken(words) }),
    example: { input: { comment: 'Filed twice.' }, output: { ...EXAMPLE, state: '8', active: 'false' } },
  }),
  verb({
    ...of,
    name: 'incident.addComment',
    title: 'Comment on an incident',
    whenToUse: 'To write something that the caller sees. It cannot be changed afterwards.',
    asks: { text },
    values: ({ text }) => ({ comments: text }),
    example: { input: { text: 'The access point is replaced.' }, output: EXAMPLE },
    probe: JOURNAL_PROBE,
  }),
  verb({
    ...of,
    name: 'incident.addWorkNote',
    title: 'Add a work note to an incident',
    whenToUse: 'To write something for the desk, which the caller does not see. It cannot be changed afterwards.',
    asks: { text },
    values: ({ text }) => ({ work_notes: text }),
    example: { input: { text: 'Measured: no signal in the corner.' }, output: EXAMPLE },
    probe: JOURNAL_PROBE,
  }),
] as const
