import { z } from 'zod'
import { TASK_WORDS, TICKET_WORDS, WATCHED_FIELDS } from '../mapping/index.ts'
import { listOfRecords, listOfWords, numberUpTo, oneOfWords, recordOrNone, yesOrNo } from './term-kinds.ts'
import { ROLES, type Terms, UNMATCHED } from './terms.ts'

/** One term of an agreement, as an operator reads and writes it. */
interface TermRow {
  /** Where the terms that are kept have it. */
  key: keyof Terms
  /** What it says, in a sentence or two. */
  says: string
  /** What a new agreement has that does not say it; undefined: it has to say it. */
  fallback: unknown
  /** As the explained example shows it. */
  example: unknown
  /** The flag of the command line, where it is not the term's own name: of a list it is given once for each member. */
  flag?: string
}

/**
 * Every term of an agreement. From these rows are read: the API's schemas and descriptions, the explained example, the flags of the
 * command line, the difference between two agreements, and docs/reference/agreement.md.
 */
export const TERMS = {
  roles: {
    ...listOfWords(ROLES),
    key: 'roles',
    says: 'A customer files tickets and is told what happens to them; a provider works on tasks. A partner can be both.',
    fallback: undefined,
    example: ['customer'],
    flag: 'role',
  },
  organisation: {
    ...recordOrNone('core_company'),
    key: 'organisation',
    says: 'The company or account of the service desk that stands for the partner: what it files is filed for it. It may be confirmed later among the organisations; until then the partner files nothing.',
    fallback: null,
    example: 'Harbour Logistics',
  },
  ticket_types: {
    ...listOfWords(TICKET_WORDS),
    key: 'ticketTypes',
    says: 'The tickets that a customer may file and is told of.',
    fallback: [...TICKET_WORDS],
    example: ['Incident', 'Service Request'],
    flag: 'ticket-type',
  },
  services: {
    ...listOfRecords('cmdb_ci_service'),
    key: 'services',
    says: 'What a customer may file tickets about; it names them by these names.',
    fallback: [],
    example: ['Workplace', 'Managed Network'],
    flag: 'service',
  },
  operator_tickets_shared: {
    ...yesOrNo,
    key: 'operatorTicketsShared',
    says: 'Whether the customer is also told of tickets that the service desk itself makes for its organisation, and may read them.',
    fallback: false,
    example: true,
  },
  default_caller: {
    ...recordOrNone('sys_user'),
    key: 'defaultCaller',
    says: 'The user, by user name or e-mail address, in whose name a ticket is filed when it names nobody that the service desk knows.',
    fallback: null,
    example: 'harbour.servicedesk',
  },
  unmatched: {
    ...oneOfWords(UNMATCHED),
    key: 'unmatched',
    says: 'What becomes of a ticket whose contact, user or ci is not exactly one record: "default" files it and keeps the name in a work note, "refuse" answers 400.',
    fallback: 'default',
    example: 'default',
  },
  task_types: {
    ...listOfWords(TASK_WORDS),
    key: 'taskTypes',
    says: 'The tasks that a provider is given.',
    fallback: [...TASK_WORDS],
    example: ['Incident Task'],
    flag: 'task-type',
  },
  solver_groups: {
    ...listOfRecords('sys_user_group'),
    key: 'solverGroups',
    says: 'The groups of the service desk whose tasks are the provider’s: it is told of what is assigned to them, and works on it.',
    fallback: [],
    example: [],
    flag: 'solver-group',
  },
  watched_fields: {
    ...listOfWords(WATCHED_FIELDS),
    key: 'watched',
    says: 'The fields whose change the partner is told as Details Changed.',
    fallback: [...WATCHED_FIELDS],
    example: ['short_description', 'priority'],
    flag: 'watched-field',
  },
  calls_per_minute: {
    ...numberUpTo(1_000_000),
    key: 'callsPerMinute',
    says: 'How many calls a minute the partner may make with each of its projects.',
    fallback: 600,
    example: 600,
  },
} as const satisfies Record<string, TermRow & { takes: z.ZodType }>

/** The name of a term: `services`. */
export type TermName = keyof typeof TERMS

/** The names of all terms, in the order in which they are shown. */
export const TERM_NAMES = Object.keys(TERMS) as TermName[]

type Shape = { [Name in TermName]: z.ZodOptional<(typeof TERMS)[Name]['takes']> }

const shape = Object.fromEntries(TERM_NAMES.map(name => [name, TERMS[name].takes.optional().describe(TERMS[name].says)])) as Shape

const unknownTerm = ({ code, keys }: { code?: string | undefined; keys?: unknown }) =>
  code === 'unrecognized_keys' ? `has no term "${(keys as string[]).join('", "')}"; its terms are: ${TERM_NAMES.join(', ')}` : undefined

/** Terms that are proposed: what is left out stays as it is, and has its default in a new agreement. */
export const proposalSchema = z.strictObject(shape, { error: unknownTerm })

/** Terms as an operator proposes them, records by name. */
export type Proposal = z.output<typeof proposalSchema>
