import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { OutgoingAttachment } from './attachments/outgoing-attachment.ts'
import type { Attachment, ConnectClient, UpdateQuestion } from './index.ts'
import type { TaskResponse, TaskWork } from './messages/task.ts'
import type {
  ListedAttachment,
  NewTicket,
  Numbers,
  Priority,
  Receipt,
  TaskType,
  TicketComment,
  TicketDetails,
  TicketEntry,
  TicketResponse,
  TicketSummary,
  TicketType,
} from './messages/ticket.ts'
import { type TicketUpdate, UpdateAnswer } from './messages/ticket-update.ts'

/**
 * The types of this package against what the exchange documents (docs/reference/golden/operations), in both directions. Types are gone
 * at run time: each is written down once more here as a value, which the compiler holds to the type (no field or word may be missing,
 * none may be too many), and the tests hold to the document.
 */

/** Every key of every member of a union; an index signature names none. */
type Keys<T> = T extends unknown ? keyof { [K in keyof T as string extends K ? never : K]: T[K] } : never
type ValueOf<T, K> = T extends unknown ? (K extends keyof T ? T[K] : never) : never
/** The documented words of a string: of `Known | (string & {})` the known ones. */
type Words<T> = T extends string ? (string extends T ? never : T extends '' ? never : T) : never

/** A type as a value: a list of its words, the one shape of its items, its fields, or `true` for anything else. */
type Named<T> = [T] extends [Date | string | undefined]
  ? [Words<T>] extends [never]
    ? true
    : { readonly [W in Words<T>]: 'word' }
  : [T] extends [readonly OutgoingAttachment[] | undefined]
    ? typeof SENT_FILE
    : [T] extends [readonly (infer Item)[] | undefined]
      ? Named<Item>
      : [T] extends [number | boolean | Uint8Array | null | undefined]
        ? true
        : { readonly [K in Keys<NonNullable<T>>]-?: Named<Exclude<ValueOf<NonNullable<T>, K>, undefined>> }

/** What becomes of an outgoing attachment on its way: its `path` or `bytes` are the content. */
const SENT_FILE = { name: true, content: true, content_type: true } as const
const FILE = { attachment_id: true, name: true, content_type: true, size: true } as const satisfies Named<ListedAttachment>
const ENTRY = { at: true, text: true } as const satisfies Named<TicketEntry>
const TICKETS = {
  Incident: 'word',
  'Request for Information': 'word',
  'Change Request': 'word',
  'Service Request': 'word',
} as const satisfies Named<TicketType>
const TICKETS_AND_TASKS = { ...TICKETS, 'Incident Task': 'word', 'Change Task': 'word', 'Request Task': 'word' } as const satisfies Named<
  TicketType | TaskType
>
const PRIORITIES = {
  '1 - Critical': 'word',
  '2 - High': 'word',
  '3 - Moderate': 'word',
  '4 - Low': 'word',
  '5 - Planning': 'word',
} as const satisfies Named<Priority>
const NUMBERS = { kpn_ticket_number: true, customer_reference_number: true } as const satisfies Named<Numbers>

const NEW_TICKET = {
  ticket_type: TICKETS,
  customer_reference_number: true,
  short_description: true,
  description: true,
  service: true,
  ci: true,
  desired_delivery_date: true,
  contact: true,
  user: true,
  priority: PRIORITIES,
  attachments: SENT_FILE,
} as const satisfies Named<NewTicket>

const COMMENT = { ...NUMBERS, comment: true, attachments: SENT_FILE } as const satisfies Named<TicketComment>

const RESPONSE = {
  ...NUMBERS,
  transaction_id: true,
  status: { Success: 'word', Failure: 'word' },
  error_details: true,
  attachments: SENT_FILE,
} as const satisfies Named<TicketResponse & TaskResponse>

const WORK = {
  ...NUMBERS,
  action: {
    'In Progress': 'word',
    'On Hold': 'word',
    Comment: 'word',
    Worknote: 'word',
    Attachment: 'word',
    'Closed Complete': 'word',
    'Closed Incomplete': 'word',
    'Closed Skipped': 'word',
  },
  comment: true,
  worknotes: true,
  close_notes: true,
  attachments: SENT_FILE,
} as const satisfies Named<TaskWork>

const RECEIPT = {
  ...NUMBERS,
  code: { TechnicalEndpointSuccess: 'word' },
  state: { inserted: 'word', updated: 'word' },
  note: true,
} as const satisfies Named<Receipt>

const SUMMARY = {
  ...NUMBERS,
  ticket_type: TICKETS_AND_TASKS,
  state: true,
  short_description: true,
  link: true,
} as const satisfies Named<Omit<TicketSummary, 'ticket_type'> & Pick<TicketUpdate, 'ticket_type'>>

const DETAILS = {
  ...SUMMARY,
  description: true,
  service: true,
  ci: true,
  priority: PRIORITIES,
  contact: true,
  user: true,
  desired_delivery_date: true,
  created_at: true,
  updated_at: true,
  comments: ENTRY,
  worknotes: ENTRY,
  attachments: FILE,
} as const satisfies Named<TicketDetails>

const UPDATE = {
  ...NUMBERS,
  transaction_id: true,
  message_datetime_utc: true,
  ticket_type: TICKETS_AND_TASKS,
  action: {
    New: 'word',
    'In Progress': 'word',
    'On Hold': 'word',
    Resolved: 'word',
    Executed: 'word',
    Completed: 'word',
    Canceled: 'word',
    Closed: 'word',
    'Details Changed': 'word',
    Comment: 'word',
    Worknote: 'word',
    Attachment: 'word',
  },
  ticket_attributes: {
    state: true,
    comments: true,
    worknotes: true,
    short_description: true,
    description: true,
    service: true,
    ci: true,
    priority: PRIORITIES,
    contact: true,
    user: true,
    desired_delivery_date: true,
    on_hold_reason: true,
    resolution_code: true,
    resolution_notes: true,
    parent_kpn_ticket_number: true,
    parent_ticket_type: TICKETS,
    assignment_group: true,
    attachments: FILE,
  },
} as const satisfies Named<TicketUpdate>

const QUESTION = { limit: true, from: true, since: true, ack: true } as const satisfies Named<UpdateQuestion>

/** The decoded content is `bytes`, and `size` is counted here. */
const ATTACHMENT = { name: true, content_type: true, bytes: true, size: true } as const satisfies Named<Attachment>
const { bytes: content, size: _, ...whatIsSent } = ATTACHMENT

/** One operation as the exchange documents it. */
interface Operation {
  readonly operationId: string
  readonly access: string
  readonly query?: Schema
  readonly body?: Schema
  readonly output?: Schema
}

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
}

/** Which methods of the client make each operation, and what they send and read. */
const OPERATIONS: Readonly<Record<string, { methods: readonly (keyof ConnectClient)[]; query?: object; body?: object; output?: object }>> =
  {
    'ticket-post': { methods: ['fileTicket'], body: NEW_TICKET, output: RECEIPT },
    'ticket-patch': {
      methods: ['commentOnTicket', 'respondToTicket'],
      body: { ...COMMENT, ...RESPONSE, action: { Comment: 'word', Response: 'word' } },
      output: RECEIPT,
    },
    'task-patch': {
      methods: ['workTask', 'respondToTask'],
      body: { ...WORK, ...RESPONSE, action: { ...WORK.action, Response: 'word' } },
      output: RECEIPT,
    },
    'ticket-get': { methods: ['getTicket'], query: { kpn_ticket_number: true }, output: { result: DETAILS } },
    'ticket-list': { methods: ['listOpenTickets'], output: { result: SUMMARY } },
    'ticketupdates-get': { methods: ['ticketUpdates'], query: QUESTION, output: UPDATE },
    'get-attachment': { methods: ['getAttachment', 'saveAttachment'], output: { ...whatIsSent, content } },
  }

/** Documented, and left out here for a reason. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  'get-attachment-by-query': 'get-attachment asks for the same, with the id in the path',
  'ticket-list query kpn_ticket_number': 'getTicket asks for one ticket, open or not',
}

const FOLDER = join(import.meta.dirname, '../../../docs/reference/golden/operations')
const documented: readonly Operation[] = readdirSync(FOLDER)
  .map(file => JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as Operation)
  .filter(({ access }) => access === 'partner')

/** Every field and word that a schema documents: `comments.at`, `ticket_type = Incident`. */
function pathsOf(schema: Schema, at = ''): string[] {
  const words = [...(schema.enum ?? []), ...('const' in schema ? [schema.const] : [])].filter(
    word => typeof word === 'string' && word !== '',
  )
  return [
    ...words.map(word => `${at} = ${word}`),
    ...Object.entries(schema.properties ?? {}).flatMap(([name, part]) => {
      const path = at ? `${at}.${name}` : name
      return [path, ...pathsOf(part, path)]
    }),
    ...(schema.items ? pathsOf(schema.items, at) : []),
    ...(schema.anyOf ?? []).flatMap(one => pathsOf(one, at)),
  ]
}

/** The same of a type that is written down above. */
const pathsTyped = (named: object, at = ''): string[] =>
  Object.entries(named).flatMap(([name, part]: [string, unknown]) => {
    if (part === 'word') return [`${at} = ${name}`]
    const path = at ? `${at}.${name}` : name
    return [path, ...(part === true ? [] : pathsTyped(part as object, path))]
  })

const SAMPLES = join(import.meta.dirname, '../../../docs/reference/golden/updates')

test.each(readdirSync(SAMPLES))('the sample %s is read as it is', file => {
  const sample: unknown = JSON.parse(readFileSync(join(SAMPLES, file), 'utf8'))
  expect(UpdateAnswer.parse([sample])).toEqual([sample])
  expect(Object.keys(UPDATE.action)).toContain((sample as TicketUpdate).action)
})

describe('the types say what the exchange documents', () => {
  test('every operation of a partner has its methods, and every method its operation', () => {
    const missing = documented.map(({ operationId }) => operationId).filter(id => !(id in OPERATIONS) && !(id in LEFT_OUT))
    const surplus = Object.keys(OPERATIONS).filter(id => !documented.some(({ operationId }) => operationId === id))
    expect({ 'documented without a method': missing, 'typed and not documented': surplus }).toEqual({
      'documented without a method': [],
      'typed and not documented': [],
    })
    const methods: Record<Exclude<keyof ConnectClient, 'queue'>, true> = {
      fileTicket: true,
      commentOnTicket: true,
      respondToTicket: true,
      getTicket: true,
      listOpenTickets: true,
      ticketUpdates: true,
      getAttachment: true,
      saveAttachment: true,
      workTask: true,
      respondToTask: true,
    }
    expect(
      Object.values(OPERATIONS)
        .flatMap(({ methods }) => methods)
        .sort(),
    ).toEqual(Object.keys(methods).sort())
  })

  test.each(
    documented
      .filter(({ operationId }) => operationId in OPERATIONS)
      .flatMap(operation => (['query', 'body', 'output'] as const).map(part => ({ ...operation, part, schema: operation[part] }))),
  )('$operationId, its $part: every field and word, and none besides', ({ operationId, part, schema = {} }) => {
    const isLeftOut = (path: string) => `${operationId} ${part} ${path}` in LEFT_OUT
    const [ours, theirs] = [new Set(pathsTyped(OPERATIONS[operationId]?.[part] ?? {})), new Set(pathsOf(schema))]
    expect({
      'documented and not typed': [...theirs].filter(path => !ours.has(path) && !isLeftOut(path)),
      'typed and not documented': [...ours].filter(path => !theirs.has(path)),
    }).toEqual({ 'documented and not typed': [], 'typed and not documented': [] })
  })
})
