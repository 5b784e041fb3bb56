import { z } from 'zod'
import { query } from '../encoded-query/query.ts'
import { action } from '../performing/action.ts'
import { listCall } from '../table-api/record-calls.ts'
import type { DisplayValue } from '../table-api/row.ts'
import * as input from './input.ts'
import { anyRow } from './output.ts'
import { rowsFrom } from './reading.ts'
import { type RecordFamily, readerNeeds } from './record-rows.ts'

interface KnownBy<Verb extends string, Key extends string> {
  readonly verb: Verb
  /** The input's name for it, and the field of the record. */
  readonly key: Key
  readonly field: string
  /** What a person calls it. */
  readonly called: string
  readonly value: z.ZodType<string, string>
}

/** One record by what people call it by: exactly one, or an error. */
export function uniqueRow<const Name extends string, const Verb extends string, const Key extends string>(
  kind: RecordFamily<Name>,
  { verb, key, field, called, value }: KnownBy<Verb, Key>,
) {
  const { family, table, one, many } = kind
  const by = { [key]: value } as Record<Key, typeof value>
  const wantedOf = (asked: object) => (asked as Record<string, string>)[key]!
  return action({
    name: `${family}.${verb}`,
    title: `Get ${one} by its ${called}`,
    whenToUse: `To read ${one} of which a person gave the ${called}. Fails when there is none, or more than one.`,
    effect: 'reads',
    shape: 'row',
    needs: readerNeeds(kind),
    paging: 'none',
    input: z.strictObject({ ...by, ...input.chosen }),
    output: anyRow,
    request: asked => {
      const { fields, displayValue } = asked as Chosen
      const withField = fields && [...new Set([...fields, field])]
      return listCall(table, { displayValue, fields: withField, query: query().where(field, '=', wantedOf(asked)).text(), limit: 2 })
    },
    perform: async (sender, call, asked) => {
      const wanted = wantedOf(asked)
      const answer = await sender.send(call)
      const [found, second] = rowsFrom(sender, answer, (asked as Chosen).displayValue)
      if (second) throw sender.failure('broken-answer', `more than one of the ${many} has the ${called} ${wanted}`)
      if (!found && (answer.total ?? 0) > 0) throw sender.failure('unreadable', `the user may not read ${wanted}: grant read on ${table}`)
      if (!found) throw sender.failure('not-found', `no ${one.replace(/^an? /, '')} ${wanted}, or the user may not read it`)
      const value = found[field]
      const its = typeof value === 'string' ? value : value?.value
      // An instance drops a condition on a field it does not know, and would then give any record (0.3 fact 3).
      if (its?.toLowerCase() !== wanted.toLowerCase())
        throw sender.failure('broken-answer', `asked for ${wanted}, got ${its ?? `no ${called}`}`)
      return found
    },
    example: { input: { [key]: kind.exampleShown[field] } as never, output: kind.exampleShown },
    source: `Table API, GET /now/table/${table}; ${kind.source}`,
    repeat: 'safe',
  })
}

interface Chosen {
  fields?: string[]
  displayValue?: DisplayValue
}
