import { NAMED_TABLES, TERM_NAMES, TERMS } from '../../packages/exchange/src/agreements/index.ts'
import { code, page, table } from './markdown.ts'

export function agreementPage(): string {
  return page(
    'What an agreement says',
    '`packages/exchange/src/agreements/term-rows.ts`',
    'An agreement says what one partner may exchange in one environment. It is a YAML or JSON file with these terms, or flags of the command line (`deskbridge partner agreement NAME --environment sandbox --service Workplace`), or the member `agreement` of `PATCH /operator/partners/{name}/agreement`. A term that is left out stays as it is; in a new agreement it has its default. `deskbridge partner agreement --example` prints a file that explains each.',
    table(
      ['term', 'what it says', 'what it takes', 'default', 'flag'],
      TERM_NAMES.map(name => {
        const row = TERMS[name]
        return [
          code(name),
          row.says,
          takes(name),
          fallback(row.fallback),
          code(`--${'flag' in row ? row.flag : name.replaceAll('_', '-')}`),
        ]
      }),
    ),
    '## Records by name',
    'Services, groups, companies and users are written by name, in any letter case. Each is looked up in the service desk of the environment before anything is saved: a name that nobody has is refused with the nearest names, one that several records have with all of them, a record that is not active too. Then its sys_id says which is meant, alone or as `{ name: …, sys_id: … }`, where the name is what the partner calls it. A name that the agreement has already goes on meaning its record, also when that is renamed.',
    table(
      ['what', 'table', 'by'],
      Object.entries(NAMED_TABLES).map(([name, { is, by }]) => [is, code(name), by.map(code).join(' or ')]),
    ),
  )
}

function takes(name: (typeof TERM_NAMES)[number]): string {
  const row = TERMS[name]
  switch (row.kind) {
    case 'words':
      return `a list of: ${row.choices.join(', ')}`
    case 'word':
      return row.choices.join(' or ')
    case 'records':
      return `a list of ${NAMED_TABLES[row.table].is}s`
    case 'record':
      return `a ${NAMED_TABLES[row.table].is}, or null for none`
    case 'yes or no':
      return 'true or false'
    case 'number':
      return 'a whole number from 1 on'
  }
}

function fallback(value: unknown): string {
  if (value === undefined) return 'none: it has to be said'
  if (value === null || (Array.isArray(value) && !value.length)) return 'none'
  return Array.isArray(value) ? 'all' : String(value)
}
