import {
  type Attribute,
  type Audience,
  attributesOf,
  UPDATE_ATTRIBUTES,
  UPDATE_KINDS,
  type UpdateAction,
} from '../../packages/exchange/src/mapping/index.ts'
import { updateMessage } from '../../packages/exchange/src/update-queue/index.ts'
import { code, page, table } from './markdown.ts'

const rows = UPDATE_KINDS.map(kind => ({ ...kind, toldTo: kind.toldTo as readonly Audience[] }))

/** docs/reference/updates.md: the kinds of update, what each may carry, and what the attributes mean. */
export function updatesPage(): string {
  return page(
    'The updates',
    '`packages/exchange/src/mapping/update-kinds.ts`',
    'What a partner reads from [GET /TicketUpdates](connect-api.md#ticketupdates-get). Which states of a record begin an action: [mapping.md](mapping.md). A sample of each: `golden/updates/`.',
    table(
      ['action', 'told to', 'when', 'may carry', 'documented in'],
      rows.map(({ action, toldTo, when, attributes, source }) => [
        action,
        toldTo.join(', '),
        when,
        attributes.map(name => onlyFor(name, toldTo)).join(', '),
        source,
      ]),
    ),
    '## What they carry',
    'All of it stands in `ticket_attributes`; what says nothing is left out.',
    table(
      ['attribute', 'is', 'for example'],
      Object.entries(UPDATE_ATTRIBUTES).map(([name, { about, example }]) => [code(name), about, code(JSON.stringify(example))]),
    ),
  )
}

function onlyFor(name: keyof typeof UPDATE_ATTRIBUTES, toldTo: readonly Audience[]): string {
  const { only }: Attribute = UPDATE_ATTRIBUTES[name]
  return only && toldTo.length > 1 ? `${code(name)} (${only})` : code(name)
}

/** One update of each kind for each of those to whom it is told, with all that it may carry. */
export function updateSamples(): [path: string, text: string][] {
  return rows.flatMap(({ action, toldTo, begins }, at) =>
    toldTo.map((audience): [string, string] => [
      `golden/updates/${action.toLowerCase().replaceAll(' ', '-')}.${audience}.json`,
      `${JSON.stringify(sample({ action, audience, number: at + 1, state: begins === 'state' ? action : UPDATE_ATTRIBUTES.state.example }), null, 2)}\n`,
    ]),
  )
}

interface Sample {
  readonly action: UpdateAction
  readonly audience: Audience
  readonly number: number
  readonly state: string
}

const sample = ({ action, audience, number, state }: Sample) =>
  updateMessage.parse({
    transaction_id: `00000000-0000-8000-9000-${String(number).padStart(12, '0')}`,
    message_datetime_utc: '2026-01-31T10:00:00Z',
    ticket_type: audience === 'customer' ? 'Incident' : 'Change Task',
    action,
    kpn_ticket_number: audience === 'customer' ? 'INC#0010001' : 'CTASK#0030001',
    // A New has none: the partner's Response supplies it.
    ...(action === 'New' ? {} : { customer_reference_number: 'NORTH-4711' }),
    ticket_attributes: Object.fromEntries(
      attributesOf(action, audience).map(name => [name, name === 'state' ? state : UPDATE_ATTRIBUTES[name].example]),
    ),
  })
