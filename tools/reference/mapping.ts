import { type Condition, HOLD_REASONS, type Kind, MAPPING, PRIORITY_PARTS } from '../../packages/exchange/src/mapping/index.ts'
import { code, page, table } from './markdown.ts'

export function mappingPage(): string {
  return page(
    'The mapping',
    '`packages/exchange/src/mapping/table.ts`',
    'What each of the partner’s words is in ServiceNow, and how a record’s state is called towards a partner. Values are ServiceNow’s stored ones. An environment may override it.',
    table(
      ['ticket or task', 'table', 'numbers', 'set when a partner files it'],
      MAPPING.map(kind => [kind.word, code(kind.table), `${kind.prefix}…`, pairs(kind.onFiling)]),
    ),
    ...MAPPING.map(oneKind),
    '## Text',
    'Short descriptions, descriptions, comments, work notes and close notes are text: nothing in angle brackets is taken for markup. In a comment or work note that an agent writes, HTML between `[code]` and `[/code]` becomes text: line ends for blocks and rows, tabs between cells, an address behind its link, a picture’s alternative text or file name; a tag that HTML does not have stays. A field that the instance’s `sys_dictionary` declares as `html` or `translated_html` is read in the same way, where the integration user may read the dictionary. A partner’s own `[code]` stands in ServiceNow with a full-width bracket, `［code]`, and is read back as it was written.',
    '## Priority',
    table(
      ['priority', 'impact', 'urgency'],
      Object.entries(PRIORITY_PARTS).map(([word, { impact, urgency }]) => [word, code(impact), code(urgency)]),
    ),
    '## Why an incident is on hold',
    table(
      ['value', 'reason'],
      Object.entries(HOLD_REASONS).map(([value, reason]) => [code(value), reason]),
    ),
  )
}

function oneKind(kind: Kind): string {
  const { work, stateNames, ticket, items, answered } = kind
  return [
    `## ${kind.word}`,
    table(
      ['partner’s field', `field of ${kind.table}`],
      Object.entries(kind.fields).map(([ours, theirs]) => [code(ours), code(theirs)]),
    ),
    'Told to the partner when one of these becomes true, in this order:',
    table(
      ['update', 'when'],
      kind.actions.map(({ action, when }) => [action, when.map(condition).join('; or ')]),
    ),
    ...(work
      ? [
          'What a provider’s action sets:',
          table(
            ['action', 'sets'],
            Object.entries(work).map(([action, set]) => [action, pairs(set)]),
          ),
        ]
      : []),
    ...(stateNames
      ? [
          `States: ${Object.entries(stateNames)
            .map(([value, name]) => `${code(value)} ${name}`)
            .join(', ')}.`,
        ]
      : []),
    ...(ticket ? [`Its ticket: ${ticket.map(({ field, word }) => `${word}, by its field ${code(field)}`).join('; else ')}.`] : []),
    ...(items
      ? [`Its items are records of ${code(items.table)} whose ${code(items.ticketField)} names it; \`item_states\` has all their states.`]
      : []),
    ...(answered ? [`A comment of the customer, when ${condition(answered.when)}, sets ${pairs(answered.set)}.`] : []),
  ].join('\n\n')
}

const pairs = (values: Readonly<Record<string, string>>) =>
  Object.entries(values)
    .map(([field, value]) => (value === '' ? `${code(field)} empty` : code(`${field}=${value}`)))
    .join(', ')

function condition({ is, not = {} }: Condition): string {
  const clauses = (values: Condition['is'], verb: string) =>
    Object.entries(values).map(([field, wanted]) => `${code(field)} ${verb} ${wanted.map(code).join(' or ')}`)
  return [...clauses(is, 'is'), ...clauses(not, 'is not')].join(' and ')
}
