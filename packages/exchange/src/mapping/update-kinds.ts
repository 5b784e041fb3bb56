import { z } from 'zod'
import { PRIORITIES, TICKET_WORDS } from './words.ts'

/** Who is told: the customer of a ticket, or the provider of a task. */
export type Audience = 'customer' | 'provider'

/** One member of `ticket_attributes`. */
export interface Attribute {
  /** What its value must be; each is left out where it says nothing. */
  readonly schema: z.ZodType
  readonly about: string
  /** As the samples in docs/reference show it. */
  readonly example: unknown
  /** Only what this one is told has it. */
  readonly only?: Audience
}

const text = z.string()
const file = z.object({ attachment_id: z.string(), name: z.string(), content_type: z.string(), size: z.number() })

/**
 * What an update may say beyond its documented members: one table from which the schema, the reference and its samples are read.
 * `state` and `comments` are documented; everything else is extra and stands only in `ticket_attributes`, so that a strict reader of the
 * original API still parses it (contract connect-api 1.5).
 */
export const UPDATE_ATTRIBUTES = {
  state: { schema: text, about: 'the state after it, in the words of the mapping', example: 'In Progress' },
  comments: { schema: text, about: 'what the end user sees of the same save', example: 'The drive was mapped again.' },
  worknotes: { schema: text, about: 'internal text, which no customer is told', example: 'Asked the network team.', only: 'provider' },
  short_description: { schema: text, about: 'one line', example: 'The drive cannot be added' },
  description: { schema: text, about: 'the whole text', example: 'Since this morning drive G: is missing.' },
  service: { schema: text, about: 'the name of the service', example: 'Workplace' },
  ci: { schema: text, about: 'the name of the configuration item, where it is the partner’s own or nobody’s', example: 'LAPTOP-0042' },
  priority: {
    schema: z.enum(PRIORITIES).or(z.literal('')),
    about: 'one of the five; empty where it was taken away',
    example: '3 - Moderate',
  },
  contact: {
    schema: text,
    about: 'who reported it, where it is one of the partner’s people',
    example: 'jo@north.example',
    only: 'customer',
  },
  user: { schema: text, about: 'who is affected, where it is one of the partner’s people', example: 'sam@north.example', only: 'customer' },
  desired_delivery_date: { schema: text, about: 'when a change is wanted, UTC', example: '2026-02-01T09:00:00Z', only: 'customer' },
  on_hold_reason: { schema: text, about: 'why it waits', example: 'Awaiting Caller', only: 'customer' },
  resolution_code: { schema: text, about: 'how it ended, as the service desk calls it', example: 'Solution provided' },
  resolution_notes: { schema: text, about: 'how it ended, in words', example: 'The drive was mapped again.' },
  parent_kpn_ticket_number: { schema: text, about: 'the number of the task’s ticket', example: 'CHG#0030001', only: 'provider' },
  parent_ticket_type: { schema: z.enum(TICKET_WORDS), about: 'what the task’s ticket is', example: 'Change Request', only: 'provider' },
  assignment_group: {
    schema: text,
    about: 'the solver group that the task is assigned to',
    example: 'North Field Service',
    only: 'provider',
  },
  attachments: {
    schema: z.array(file),
    about: 'files, to be fetched with GET /GetAttachment',
    example: [{ attachment_id: '0e2a3c1f9b6d4e8f8a7b6c5d4e3f2a1b', name: 'photo.png', content_type: 'image/png', size: 200_001 }],
  },
} as const satisfies Record<string, Attribute>
/** The name of a member of `ticket_attributes`. */
export type UpdateAttribute = keyof typeof UPDATE_ATTRIBUTES

interface KindOfUpdate {
  readonly action: string
  readonly toldTo: readonly Audience[]
  /** `state`: when one of its conditions in the mapping becomes true for a record. */
  readonly begins: 'state' | 'change'
  /** What happens in ServiceNow. */
  readonly when: string
  /** What it may carry, in the order of the table of attributes. */
  readonly attributes: readonly UpdateAttribute[]
  /** Where the action is documented. */
  readonly source: string
}

const ENDING = ['state', 'comments', 'resolution_code', 'resolution_notes'] as const

/**
 * The kinds of update: one table from which the words, the schema of a message, the reference and its samples are read. Which of a
 * record's states begin which action is in the mapping.
 */
export const UPDATE_KINDS = [
  {
    action: 'New',
    toldTo: ['customer', 'provider'],
    begins: 'change',
    when: 'a record becomes the partner’s: the service desk makes a ticket for its company, or assigns a task to its solver group, or opens one again',
    attributes: [
      'state',
      'comments',
      'worknotes',
      'short_description',
      'description',
      'service',
      'ci',
      'priority',
      'contact',
      'user',
      'desired_delivery_date',
      'parent_kpn_ticket_number',
      'parent_ticket_type',
      'assignment_group',
      'attachments',
    ],
    source: 'first seed 2.3, 3.1; contract connect-api 1.4',
  },
  {
    action: 'In Progress',
    toldTo: ['customer'],
    begins: 'state',
    when: 'the service desk begins, or goes on after a wait',
    attributes: ['state', 'comments'],
    source: 'first seed 2.4; contract connect-api 1.4',
  },
  {
    action: 'On Hold',
    toldTo: ['customer'],
    begins: 'state',
    when: 'the ticket waits, or waits for something else',
    attributes: ['state', 'comments', 'on_hold_reason'],
    source: 'first seed 2.4; contract connect-api 1.4',
  },
  {
    action: 'Resolved',
    toldTo: ['customer'],
    begins: 'state',
    when: 'an incident is resolved',
    attributes: ENDING,
    source: 'first seed 2.4; contract connect-api 1.4',
  },
  {
    action: 'Executed',
    toldTo: ['customer'],
    begins: 'state',
    when: 'a change is carried out',
    attributes: ENDING,
    source: 'first seed 2.4; contract connect-api 1.4',
  },
  {
    action: 'Completed',
    toldTo: ['customer'],
    begins: 'state',
    when: 'a service request is fulfilled',
    attributes: ENDING,
    source: 'first seed 2.4; contract connect-api 1.4',
  },
  {
    action: 'Canceled',
    toldTo: ['customer', 'provider'],
    begins: 'state',
    when: 'the record is cancelled; for a provider also when an open task is given to somebody else, with nothing but its state',
    attributes: ENDING,
    source: 'first seed 2.4; contract connect-api 1.4; for tasks an addition',
  },
  {
    action: 'Closed',
    toldTo: ['customer', 'provider'],
    begins: 'state',
    when: 'the record is closed',
    attributes: ENDING,
    source: 'first seed 2.4; contract connect-api 1.4; for tasks an addition',
  },
  {
    action: 'Details Changed',
    toldTo: ['customer'],
    begins: 'change',
    when: 'a field that the agreement watches is changed; only what changed is told',
    attributes: ['short_description', 'description', 'service', 'ci', 'priority', 'contact', 'user', 'desired_delivery_date'],
    source: 'first seed 2.4; contract connect-api 1.4, 1.5',
  },
  {
    action: 'Comment',
    toldTo: ['customer', 'provider'],
    begins: 'change',
    when: 'somebody comments, and the same save begins no other action',
    attributes: ['state', 'comments'],
    source: 'first seed 2.4, 3.2; contract connect-api 1.4',
  },
  {
    action: 'Worknote',
    toldTo: ['provider'],
    begins: 'change',
    when: 'somebody writes a work note on the task',
    attributes: ['state', 'worknotes'],
    source: 'first seed 3.2; contract connect-api 1.4',
  },
  {
    action: 'Attachment',
    toldTo: ['customer', 'provider'],
    begins: 'change',
    when: 'somebody adds a file',
    attributes: ['state', 'attachments'],
    source: 'first seed 2.4, 3.2; contract connect-api 1.4, 1.5',
  },
] as const satisfies readonly KindOfUpdate[]

/** What an update says happened: one of the kinds. */
export type UpdateAction = (typeof UPDATE_KINDS)[number]['action']

/** The words of the kinds of update, in the order of the table. */
export const UPDATE_ACTIONS: readonly UpdateAction[] = UPDATE_KINDS.map(({ action }) => action)

/** What an update of this kind may carry when it is told to this one, in the order of the table of attributes. */
export function attributesOf(action: UpdateAction, audience: Audience): UpdateAttribute[] {
  const carried: readonly UpdateAttribute[] = UPDATE_KINDS.find(kind => kind.action === action)!.attributes
  return carried.filter(name => {
    const { only }: Attribute = UPDATE_ATTRIBUTES[name]
    return only === undefined || only === audience
  })
}
