import type { z } from 'zod'
import { type Catalogued, catalogue } from '../catalogue/catalogue.ts'
import type { CallOptions } from '../connection/call.ts'
import type { Connection } from '../connection/connection.ts'
import type { Action } from '../performing/action.ts'
import { perform } from '../performing/perform.ts'
import { performAll } from '../performing/perform-all.ts'
import type { WrittenRow } from '../rows/output.ts'
import type { DisplayValue, RowList, RowOf } from '../table-api/row.ts'

/** What an action answers for a `displayValue`: records of strings, or of value and display value. */
type AnswerOf<A, D extends DisplayValue> =
  A extends Action<string, z.ZodType, infer Output, infer S>
    ? { row: RowOf<D>; rows: RowList<RowOf<D>>; written: WrittenRow<RowOf<D>>; own: z.output<Output> }[S]
    : never

type InputOf<A> = A extends Action<string, infer Input, z.ZodType> ? z.input<Input> : never

/** A list also has `all`, which reads it to its end, row by row; `limit` is the size of a page then. */
type Method<A> =
  A extends Action<string, z.ZodType, z.ZodType, infer S> ? Single<A> & (S extends 'rows' ? { all: All<A> } : unknown) : never

type All<A> = <D extends DisplayValue = 'false'>(
  input: Omit<InputOf<A>, 'displayValue' | 'offset' | 'noCount'> & { displayValue?: D | undefined },
  options?: CallOptions,
) => AsyncGenerator<RowOf<D>>

/** An action without input is called without; one that knows `displayValue` answers what was asked for. */
type Single<A, Input = InputOf<A>> = string extends keyof Input
  ? (input?: Input, options?: CallOptions) => Promise<AnswerOf<A, 'false'>>
  : 'displayValue' extends keyof Input
    ? <D extends DisplayValue = 'false'>(
        input: Omit<Input, 'displayValue'> & { displayValue?: D | undefined },
        options?: CallOptions,
      ) => Promise<AnswerOf<A, D>>
    : (input: Input, options?: CallOptions) => Promise<AnswerOf<A, 'false'>>

type FamilyOf<Name extends string> = Name extends `${infer Family}.${string}` ? Family : never

/** A method for every row: `serviceNow(connection).incident.create({ values })`. Inferred from the rows; nothing is generated. */
export type ServiceNow = {
  readonly [Family in FamilyOf<Catalogued['name']>]: {
    readonly [One in Extract<Catalogued, { name: `${Family}.${string}` }> as One['name'] extends `${Family}.${infer Verb}`
      ? Verb
      : never]: Method<One>
  }
}

/**
 * The typed methods over one connection. Costs next to nothing to make; each method throws ServiceNowError only.
 * @example
 * const sdk = serviceNow(connection)
 * const incident = await sdk.incident.create({ values: { short_description: 'Wi-Fi drops', impact: 2, urgency: 2 } })
 * const resolved = await sdk.incident.resolve({ sysId: incident.sys_id, closeCode: 'Solution provided', closeNotes: 'Cable replaced' })
 * resolved.state // → '6'
 */
export function serviceNow(connection: Connection): ServiceNow {
  const families: Record<string, Record<string, unknown>> = {}
  for (const action of catalogue) {
    const [family, verb] = action.name.split('.') as [string, string]
    families[family] ??= {}
    const single = (input: unknown = {}, options?: CallOptions) => perform(connection, action as Action, input, options)
    const all = (input: unknown = {}, options?: CallOptions) => readRowByRow(connection, action as Action, input, options)
    families[family][verb] = action.shape === 'rows' ? Object.assign(single, { all }) : single
  }
  return families as unknown as ServiceNow
}

async function* readRowByRow(connection: Connection, action: Action, input: unknown, options?: CallOptions): AsyncGenerator<unknown> {
  for await (const page of performAll(connection, action, input, options)) yield* page
}
