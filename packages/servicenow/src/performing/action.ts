import type { z } from 'zod'
import type { InstanceCall } from '../connection/call.ts'
import type { Sender } from './sender.ts'

/** `changes` and `deletes` need a person's or a policy's consent where an assistant calls; there is no default. */
export type ActionEffect = 'reads' | 'changes' | 'deletes'

/**
 * `row` and `rows`: records as strings, or as value and display value, depending on the input's `displayValue`.
 * `written`: a record after a write of it, with what was not taken.
 * `own`: exactly what the output schema says.
 */
export type AnswerShape = 'row' | 'rows' | 'written' | 'own'

/**
 * How a list of many rows is read to its end; `performAll` does it for every row of the catalogue.
 * `none`: one answer is all there is. `key`: page after page by sys_id, so that nothing shifts while records change; the input has `query`
 * and `limit`, the output `rows`. `offset`: the API has no order by key; the input has `offset` and `limit`, and rows that come or go
 * meanwhile may shift others.
 */
export type Paging = 'none' | 'key' | 'offset'

/** A GET that changes nothing and brings next to nothing, for asking whether an action can be used. */
export interface Check {
  readonly call: InstanceCall
  /** What of ServiceNow to change when it is refused; a sentence for a person. */
  readonly otherwise: string
}

/**
 * What an instance and its user must have for an action. The roles and plug-ins are ServiceNow's as shipped; an instance with access
 * rules of its own may ask others, so only `checks` decide. `usability(connection)` asks them.
 */
export interface Needs {
  /** Any one of these is enough. None: every signed-in user, within the access rules of the record. */
  readonly roles: readonly string[]
  /** All of these, by id. None: every instance has it. */
  readonly plugins: readonly string[]
  /** All of them must answer. Rows that need the same share the same call. */
  readonly checks: readonly Check[]
}

/**
 * One thing that ServiceNow can be asked to do. The SDK's method, a command of the command line, a tool for an assistant and a page of
 * the reference are all read from this row.
 */
export interface Action<
  Name extends string = string,
  Input extends z.ZodType = z.ZodType,
  Output extends z.ZodType = z.ZodType,
  S extends AnswerShape = AnswerShape,
> {
  /** `<family>.<verb>`; unique in the catalogue. */
  readonly name: Name
  readonly title: string
  /** One or two sentences that help a person or an assistant to choose. */
  readonly whenToUse: string
  readonly effect: ActionEffect
  /** Every field is described, with its unit and limits; unknown fields are refused. */
  readonly input: Input
  readonly output: Output
  readonly shape: S
  readonly needs: Needs
  readonly paging: Paging
  /** The (first) call for a checked input. */
  request(input: z.output<Input>): InstanceCall
  /** Sends the call, and further pages where there are any, and reads the answer. */
  perform(sender: Sender, call: InstanceCall, input: z.output<Input>): Promise<z.output<Output>>
  /** Passes the schemas; invented values. */
  readonly example: { readonly input: z.input<Input>; readonly output: z.input<Output> }
  /** Where ServiceNow documents it: document and section. */
  readonly source: string
  /** `safe`: may be repeated blindly. Otherwise how to find out whether an uncertain one happened. */
  readonly repeat: 'safe' | { readonly probe: string }
}

/**
 * Writes a row down, checked and with its literal types kept.
 * @example
 * const userName = action({
 *   name: 'own.userName',
 *   title: 'Who am I',
 *   whenToUse: 'To learn the user name of this connection.',
 *   effect: 'reads',
 *   shape: 'own',
 *   needs: { roles: [], plugins: [], checks: [] },
 *   paging: 'none',
 *   input: z.strictObject({}),
 *   output: z.object({ userName: z.string() }),
 *   request: () => ({ method: 'GET', path: '/api/now/ui/user/current_user' }),
 *   perform: async (sender, call) => ({ userName: (await sender.send(call)).result.user_name }),
 *   example: { input: {}, output: { userName: 'abel.tuter' } },
 *   source: 'the instance’s own user interface',
 *   repeat: 'safe',
 * })
 * await perform(connection, userName, {}) // → { userName: 'admin' }
 */
export function action<const Name extends string, Input extends z.ZodType, Output extends z.ZodType, const S extends AnswerShape>(
  row: Action<Name, Input, Output, S>,
): Action<Name, Input, Output, S> {
  return row
}
