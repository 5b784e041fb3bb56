import { query, UnsafeQueryValue } from '@deskbridge/servicenow'
import type { Organisation, Terms } from '../agreements/index.ts'
import { type Desk, inPartnersWords } from '../connections/index.ts'
import { spellings } from '../mapping/index.ts'
import { ExchangeError } from '../platform/errors.ts'

/** Finds records of the partner's own company, and nobody else's. */
export interface Matching {
  desk: Desk
  organisation: Organisation
  unmatched: Terms['unmatched']
  signal: AbortSignal
}

/** The one active user of the partner's company with this e-mail address or user name. */
export const matchUser = (matching: Matching, field: 'contact' | 'user', text: string) =>
  findExactlyOne(matching, {
    table: 'sys_user',
    field,
    text,
    ask: company =>
      spellings(text)
        .flatMap(spelling => [['email', spelling] as const, ['user_name', spelling] as const])
        .reduce(
          (asked, [name, spelling], place) => (place ? asked.or(name, '=', spelling) : asked.where(name, '=', spelling)),
          query().where('active', '=', 'true').where('company', '=', company),
        )
        .text(),
  })

/** The one configuration item of the partner's company with this name. */
export const matchCi = (matching: Matching, text: string) =>
  findExactlyOne(matching, {
    table: 'cmdb_ci',
    field: 'ci',
    text,
    ask: company => query().where('company', '=', company).in('name', spellings(text)).text(),
  })

interface Wanted {
  table: string
  /** As the partner calls it, with what it wrote. */
  field: string
  text: string
  /** The encoded query. */
  ask: (company: string) => string
}

async function findExactlyOne(
  { desk, organisation, unmatched, signal }: Matching,
  { table, field, text, ask }: Wanted,
): Promise<string | undefined> {
  const rows = await findMatches(desk, () => ask(organisation.sysId), table, signal)
  if (rows.length === 1) return rows[0]
  if (unmatched === 'refuse')
    throw new ExchangeError(
      'not_matched',
      `${field} "${text}" matches ${rows.length ? 'more than one record' : 'nothing'} of ${organisation.name}.`,
      { field },
    )
  return undefined
}

async function findMatches(desk: Desk, ask: () => string, table: string, signal: AbortSignal): Promise<string[]> {
  let question: string
  try {
    question = ask()
  } catch (error) {
    // Such a text cannot be asked for; nothing the service desk knows has it as a name.
    if (error instanceof UnsafeQueryValue) return []
    throw error
  }
  const { rows } = await inPartnersWords(
    desk.serviceNow.table.list({ table, query: question, fields: ['sys_id'], limit: 2, noCount: true }, { signal }),
  )
  return rows.map(row => (row as Record<string, string>).sys_id!)
}
