import { type Action, catalogue, jsonSchema, schemaFieldsOf } from '@deskbridge/servicenow'
import { anchor, code, page, table } from './markdown.ts'

/** The catalogue's rows, without their literal types. */
export const actionRows = catalogue as unknown as readonly Action[]

export function actionsPage(): string {
  const families = [...new Set(actionRows.map(familyOf))]
  return page(
    'Actions',
    'the catalogue of `packages/servicenow`',
    'Everything that ServiceNow can be asked to do through Deskbridge. An action that changes or deletes needs consent where an assistant calls it.',
    table(
      ['action', 'what it does', 'effect'],
      actionRows.map(row => [`[${row.name}](#${anchor(row.name)})`, row.title, row.effect]),
    ),
    ...families.flatMap(family => [`## ${family}`, ...actionRows.filter(row => familyOf(row) === family).map(oneAction)]),
  )
}

const familyOf = ({ name }: Action) => name.split('.')[0]!

function oneAction(row: Action): string {
  const fields = schemaFieldsOf(jsonSchema(row.input, 'input'))
  return [
    `### ${row.name}`,
    `${row.title}. ${row.whenToUse}`,
    `Effect: ${row.effect}. ${row.repeat === 'safe' ? 'May be repeated.' : `After an unknown outcome: ${row.repeat.probe}`}`,
    needsOf(row),
    fields.length
      ? table(
          ['input', 'required', 'type', 'limits', ''],
          fields.map(({ name, required, type, limits, about }) => [code(name), required ? 'yes' : '', type, limits, about]),
        )
      : 'It has no input.',
    `Example, and what it answers:`,
    `\`\`\`json\n${json(row.example.input)}\n${json(row.example.output)}\n\`\`\``,
    `Source: ${row.source}.`,
  ].join('\n\n')
}

const json = (value: unknown) => JSON.stringify(value, (_, one) => (isBytes(one) ? '<bytes>' : one))

const isBytes = (value: unknown) => value instanceof Uint8Array || value instanceof ReadableStream || value instanceof Blob

function needsOf({ needs: { roles, plugins }, paging }: Action): string {
  const role = roles.length ? `one of the roles ${roles.map(code).join(', ')}` : 'no role of its own'
  const plugin = plugins.length ? `, and ${plugins.map(code).join(', ')}` : ''
  return `Needs ${role}${plugin}. ${PAGES[paging]}`.trim()
}

const PAGES = { none: '', key: 'All rows are read by key.', offset: 'All rows are read by offset.' }
