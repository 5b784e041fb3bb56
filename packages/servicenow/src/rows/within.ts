import { z } from 'zod'
import { action, type Needs } from '../performing/action.ts'
import { listCall } from '../table-api/record-calls.ts'
import type { Row } from '../table-api/row.ts'
import * as input from './input.ts'
import { anyRows } from './output.ts'
import { listFrom } from './reading.ts'

/** A list that has a condition of its own beside the caller's query: the members of a group, my approvals. */
interface Within<Name extends string, Asks extends z.ZodRawShape> {
  readonly name: Name
  readonly table: string
  readonly title: string
  readonly whenToUse: string
  readonly needs: Needs
  readonly asks: Asks
  /** An encoded query without an ordering, of one part or several. */
  condition(asked: z.output<z.ZodObject<Asks>>): string
  readonly example: { readonly input: z.input<z.ZodObject<Asks>>; readonly row: Row }
  readonly source: string
}

/** A row that lists records within a condition of its own. */
export function within<const Name extends string, Asks extends z.ZodRawShape>(row: Within<Name, Asks>) {
  const { name, table, title, whenToUse, needs, asks, condition, example, source } = row
  return action({
    name,
    title,
    whenToUse,
    effect: 'reads',
    shape: 'rows',
    needs,
    paging: 'key',
    input: z.strictObject({ ...asks, ...input.listing }),
    output: anyRows,
    request: given => {
      const { query, fields, limit, offset, displayValue, noCount, ...asked } = given as unknown as z.output<
        z.ZodObject<typeof input.listing>
      >
      return listCall(table, { query: both(condition(asked as never), query), fields, limit, offset, displayValue, noCount })
    },
    perform: async (sender, call, given) => listFrom(sender, await sender.send(call), (given as { displayValue?: 'all' }).displayValue),
    example: { input: example.input as never, output: { rows: [example.row], total: 1 } },
    source: `Table API, GET /now/table/${table}; ${source}`,
    repeat: 'safe',
  })
}

/** Both hold: the condition is added to every `^NQ` part, since `^` reaches no further (servicenow-core 10.1). An ordering stays last. */
function both(condition: string, query = ''): string {
  if (query === '') return condition
  const one = (part: string) => condition.split('^NQ').map(own => (part === '' ? own : `${own}^${part}`))
  return query.split('^NQ').flatMap(one).join('^NQ')
}
