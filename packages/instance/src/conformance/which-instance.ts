import { test } from 'vitest'

/** A real instance that the cases are to run against, instead of the practice instance. */
export interface GivenInstance {
  readonly url: string
  readonly userName: string
  readonly password: string
}

/** From `SERVICENOW_INSTANCE_URL`, `SERVICENOW_USERNAME` and `SERVICENOW_PASSWORD`. */
export const GIVEN: GivenInstance | undefined = given(process.env)

/**
 * A case that needs what only the practice instance has: faults, its clock, seeds, `reset`, its database, its people and their rights,
 * its settings. Against a real one it is left out and shown by this name. A plain `test` holds for every instance.
 */
export const practiceOnly = (name: string, run: () => unknown, milliseconds?: number): void => {
  if (GIVEN) test.skip(`practice only: ${name}`, () => {})
  else test(name, run as () => Promise<void>, milliseconds)
}

function given(environment: NodeJS.ProcessEnv): GivenInstance | undefined {
  const { SERVICENOW_INSTANCE_URL: url, SERVICENOW_USERNAME: userName, SERVICENOW_PASSWORD: password } = environment
  if (!url) return undefined
  if (!userName || !password) throw new TypeError('SERVICENOW_INSTANCE_URL needs SERVICENOW_USERNAME and SERVICENOW_PASSWORD beside it')
  return { url: url.replace(/\/+$/, ''), userName, password }
}
