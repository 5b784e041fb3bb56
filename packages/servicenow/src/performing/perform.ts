import type { z } from 'zod'
import type { CallOptions } from '../connection/call.ts'
import type { Connection } from '../connection/connection.ts'
import { ServiceNowError } from '../error.ts'
import type { Action } from './action.ts'
import { senderFor } from './sender.ts'

/**
 * Checks the input and performs one row of the catalogue. The answer of a row that writes fields of records names in `notTaken` those that
 * the record does not have as they were asked for.
 * @throws ServiceNowError kind `invalid`, naming the field, when the input does not fit; nothing is sent then.
 * @example
 * const row = catalogue.find(({ name }) => name === 'user.getByUserName')
 * const user = await perform(connection, row, { userName: 'admin', fields: ['user_name'] })
 * user.user_name // → 'admin'
 */
export async function perform<Input extends z.ZodType, Output extends z.ZodType>(
  connection: Connection,
  action: Action<string, Input, Output>,
  input: z.input<Input>,
  options: CallOptions = {},
): Promise<z.output<Output>> {
  const checked = action.input.safeParse(input)
  if (!checked.success) throw wrongInput(action.name, checked.error)
  const sender = senderFor(connection, action.name, options)
  let call: ReturnType<typeof action.request>
  try {
    call = action.request(checked.data)
  } catch (cause) {
    // A value that the query builder could not prove harmless.
    throw new ServiceNowError({ kind: 'invalid', action: action.name, written: 'no', detail: (cause as Error).message, cause })
  }
  const output = await action.perform(sender, call, checked.data)
  return Object.assign(output as object, sender.outcome()) as z.output<Output>
}

function wrongInput(action: string, error: z.ZodError): ServiceNowError {
  const problems = error.issues.map(({ path, message }) => {
    const isMissing = message.endsWith('received undefined') && path.length > 0
    return `${path.join('.') || 'input'}: ${isMissing ? 'it is missing' : message}`
  })
  return new ServiceNowError({ kind: 'invalid', action, written: 'no', detail: problems.join('; ') })
}
