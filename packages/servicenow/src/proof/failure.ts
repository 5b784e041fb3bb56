import { expect } from 'vitest'
import { ServiceNowError } from '../error.ts'

/** The error that a call ends with; fails the test when it succeeds or ends with any other error. */
export async function failureOf(call: Promise<unknown>): Promise<ServiceNowError> {
  const outcome = await call.then(
    value => ({ value }),
    (error: unknown) => ({ error }),
  )
  if (!('error' in outcome)) throw new Error(`expected a failure, got ${JSON.stringify(outcome.value)}`)
  expect(outcome.error).toBeInstanceOf(ServiceNowError)
  return outcome.error as ServiceNowError
}
