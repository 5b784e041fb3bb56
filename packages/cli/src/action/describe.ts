import { type Action, jsonSchema, type SchemaField, schemaFieldsOf } from '@deskbridge/servicenow'
import { type Flag, flagsOf } from './flags.ts'

/** The help of one action, read from its row. */
export function description(row: Action): string {
  const flags = flagsOf(row)
  const fields = schemaFieldsOf(jsonSchema(row.input, 'input'))
  return `${[
    `${row.name}: ${row.title}`,
    row.whenToUse,
    `Effect: ${EFFECTS[row.effect]} ${row.repeat === 'safe' ? 'It may be repeated.' : `After an unknown outcome: ${row.repeat.probe}`}\nAccess: ${accessOf(row)}`,
    fields.length ? `Inputs:\n${fields.map(field => inputLines(field, flags)).join('\n')}` : 'It has no input.',
    `Beside them:\n${[...OPTIONS, ...optionsFor(row, flags)].map(([option, about]) => `  ${option.padEnd(22)}${about}`).join('\n')}`,
    `Example:\n  ${exampleArguments(row).map(quoted).join(' ')}`,
    `Documentation: ${row.source}`,
  ].join('\n\n')}\n`
}

const EFFECTS = { reads: 'reads only.', changes: 'changes something.', deletes: 'deletes something.' } as const

const OPTIONS = [
  ['--input FILE|-|JSON', 'the inputs as a JSON object; flags win over it'],
  ['--connection NAME', 'a saved connection; without it SERVICENOW_INSTANCE_URL and its credentials'],
  ['--json', 'the answer as JSON'],
  ['--timeout SECONDS', 'for one attempt, default 10; waiting and repeating take at most three times that'],
] as const

function optionsFor(row: Action, flags: readonly Flag[]): (readonly [string, string])[] {
  return [
    ...(row.paging === 'none' ? [] : [['--all', 'every row, page after page; --limit is the size of a page'] as const]),
    ...(row.effect === 'deletes' ? [['--yes', 'without asking; needed where nobody can be asked'] as const] : []),
    ...(flags.some(({ kind }) => kind === 'file')
      ? [['--file FILE|-', 'the bytes to send; the name is that of the file when it is left out'] as const]
      : []),
    ...(bytesOf(row) ? [['--output FILE|-', 'where the bytes go'] as const] : []),
  ]
}

/** The field of an answer that is a stream of bytes. */
export function bytesOf({ output }: Pick<Action, 'output'>): string | undefined {
  return Object.entries(jsonSchema(output, 'output').properties ?? {}).find(([, { format }]) => format === 'binary')?.[0]
}

function accessOf({ needs: { roles, plugins } }: Action): string {
  const role = roles.length ? `${roles.length > 1 ? 'one of the roles' : 'the role'} ${roles.join(', ')}` : 'no role of its own'
  return `${role}${plugins.length ? `; plug-in ${plugins.join(', ')}` : ''}.`
}

const SHAPES: Readonly<Record<Flag['kind'], string>> = {
  text: ' TEXT',
  number: ' NUMBER',
  switch: '',
  list: ' A,B,…',
  pairs: ' FIELD=VALUE …',
  json: ' JSON',
  file: ' FILE|-',
}

function inputLines({ name, required, type, limits, about }: SchemaField, flags: readonly Flag[]): string {
  const flag = flags.find(({ field }) => field === name)
  const head = flag ? `  --${flag.name}${SHAPES[flag.kind]}` : `    ${name}`
  const facts = [required ? 'needed' : '', flag?.kind === 'file' ? 'bytes' : type, flag?.kind === 'file' ? '' : withoutPattern(limits)]
    .filter(Boolean)
    .join('; ')
  return `${head}   (${facts})${about ? `\n        ${about}` : ''}`
}

/** A pattern says to a person what its message says when it does not fit, only worse. */
const withoutPattern = (limits: string) => limits.replace(/(, )?`\^.*`$/, '').replaceAll('`', '')

/** The example as somebody would type it. */
export function exampleArguments(row: Action): string[] {
  const given = row.example.input as Readonly<Record<string, unknown>>
  const flags = flagsOf(row).flatMap(flag => (given[flag.field] === undefined ? [] : typed(flag, given[flag.field])))
  return ['deskbridge', 'action', 'run', row.name, ...flags, ...(bytesOf(row) ? ['--output', 'FILE'] : [])]
}

function typed({ name, kind }: Flag, value: unknown): string[] {
  switch (kind) {
    case 'switch':
      return value ? [`--${name}`] : []
    case 'list':
      return [`--${name}`, (value as string[]).join(',')]
    case 'pairs':
      return Object.entries(value as object).flatMap(([field, one]) => [`--${name}`, `${field}=${one}`])
    case 'json':
      return [`--${name}`, typeof value === 'string' ? value : JSON.stringify(value)]
    case 'file':
      return ['--file', 'FILE']
    default:
      // A value that begins with a dash would look like another flag.
      return String(value).startsWith('-') ? [`--${name}=${value}`] : [`--${name}`, String(value)]
  }
}

const quoted = (word: string) => (/^[\w./:,=@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)
