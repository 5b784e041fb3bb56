import { z } from 'zod'
import { action, type Needs } from '../performing/action.ts'
import { updateCall } from '../table-api/record-calls.ts'
import type { Row } from '../table-api/row.ts'
import * as input from './input.ts'
import { writtenRow } from './output.ts'
import { rowFrom } from './reading.ts'

/** What a desk calls one particular update of a record: to resolve an incident, to approve. */
interface Verb<Name extends string, Asks extends z.ZodRawShape> {
  readonly name: Name
  readonly table: string
  readonly title: string
  readonly whenToUse: string
  readonly needs: Needs
  /** Beside the record's sys_id. */
  readonly asks: Asks
  /** The fields of the record that say it; what is undefined is not sent. @throws Error when the input does not fit together. */
  values(asked: z.output<z.ZodObject<Asks>>, cleared: readonly string[]): Record<string, string | undefined>
  /** The record's names for what is asked, as far as it may be cleared by the name it has here too. */
  readonly clears?: Readonly<Record<string, string>>
  readonly example: { readonly input: z.input<z.ZodObject<Asks>>; readonly output: Row }
  readonly source: string
  readonly probe: string
}

/** A row that is one particular update of a record by its sys_id. */
export function verb<const Name extends string, Asks extends z.ZodRawShape>(row: Verb<Name, Asks>) {
  const { name, table, title, whenToUse, needs, asks, values, clears = {}, example, source, probe } = row
  return action({
    name,
    title,
    whenToUse,
    effect: 'changes',
    shape: 'written',
    needs,
    paging: 'none',
    input: z.strictObject({ sysId: input.sysId, ...asks, clear: input.clear, ...input.chosen }),
    output: writtenRow,
    request: given => {
      const { sysId, fields, displayValue, clear = [], ...asked } = given as unknown as Given
      const cleared = clear.map(field => clears[field] ?? field)
      const set = values(asked as never, cleared)
      const both = cleared.filter(field => set[field] !== undefined)
      if (both.length) throw new Error(`clear: ${both.join(', ')}: to be set, and to be cleared`)
      return updateCall(table, sysId, input.fieldsToWrite({ values: set, clear: cleared }), { fields, displayValue })
    },
    perform: async (sender, call, given) => rowFrom(sender, (await sender.send(call)).result, (given as unknown as Given).displayValue),
    example: { input: { sysId: example.output.sys_id, ...example.input } as never, output: example.output },
    source: `Table API, PATCH /now/table/${table}/{sys_id}; ${source}`,
    repeat: { probe },
  })
}

interface Given {
  sysId: string
  clear?: string[]
  fields?: string[]
  displayValue?: 'false' | 'true' | 'all'
}
