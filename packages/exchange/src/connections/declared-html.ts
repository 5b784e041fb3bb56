import { query, type ServiceNow } from '@deskbridge/servicenow'
import { type Mapping, textFieldsOf } from '../mapping/index.ts'

/** Which fields of a table ServiceNow declares as HTML, of those that these texts may stand in. */
export type DeclaredHtml = (table: string, texts: Iterable<string | undefined>) => Promise<ReadonlySet<string>>

/** How long an answer counts; where the dictionary may not be read, or does not answer, fields are text for so long. */
const COUNTS_FOR_MS = { known: 3_600_000, unknown: 300_000 }
/** Nothing waits longer than this for it. */
const ANSWERED_WITHIN_MS = 2_000
const HTML_TYPES = ['html', 'translated_html']
/** Every task inherits the fields of this one. */
const PARENT = 'task'
const NONE: ReadonlySet<string> = new Set()
/** A text without any of these is the same as HTML, so that nobody is asked. */
const DIFFERS_AS_HTML = /[<&\n]/

/** Asks sys_dictionary, once an hour at most. */
export function declaredHtml(serviceNow: ServiceNow, { kinds }: Mapping): DeclaredHtml {
  const tables = [...new Set(kinds.map(kind => kind.table)), PARENT]
  const question = query()
    .in('name', tables)
    .in('element', [...new Set(kinds.flatMap(textFieldsOf))])
    .in('internal_type', HTML_TYPES)
    .text()
  let answer: Promise<Map<string, Set<string>>> | undefined
  let countsUntil = 0

  async function ask(): Promise<Map<string, Set<string>>> {
    const declared = new Map<string, Set<string>>()
    const signal = AbortSignal.timeout(ANSWERED_WITHIN_MS)
    const reading = serviceNow.table.list({ table: 'sys_dictionary', query: question, fields: ['name', 'element'], limit: 100 }, { signal })
    try {
      for (const { name, element } of (await reading).rows as Record<string, string>[])
        for (const table of name === PARENT ? tables : [name!]) declared.set(table, (declared.get(table) ?? new Set()).add(element!))
    } catch {
      countsUntil = performance.now() + COUNTS_FOR_MS.unknown
    }
    return declared
  }

  return async (table, texts) => {
    if (![...texts].some(text => text !== undefined && DIFFERS_AS_HTML.test(text))) return NONE
    if (!answer || performance.now() > countsUntil) {
      countsUntil = performance.now() + COUNTS_FOR_MS.known
      answer = ask()
    }
    return (await answer).get(table) ?? NONE
  }
}
