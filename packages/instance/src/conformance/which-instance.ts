import { test } from 'vitest'

/** A real instance that the cases are to run against, instead of the practice instance. */
export interface GivenInstance {
  readonly url: string
  readonly userName: string
  readonly password: string
}

/** From `SERVICENOW_INSTANCE_URL`, `SERVICENOW_USERNAME` and `SERVICENOW_PASSWORD`. */
export const GIVEN: GivenInstance | undefined = given(process.env)

type Case = ((name: string, run: () => unknown, milliseconds?: number) => void) & Pick<typeof test, 'each'>

/** Left out, and shown by a name that says why. */
const LEFT_OUT = Object.assign((name: string) => test.skip(`practice only: ${name}`, () => {}), {
  each: (rows: readonly unknown[]) => (name: string) => test.skip.each(rows)(`practice only: ${name}`, () => {}),
})

/**
 * A case that needs what only the practice instance has: faults, its clock, seeds, `reset`, its database, its people and their rights,
 * its settings. Against a real one it is left out. A plain `test` holds for every instance.
 */
export const practiceOnly: Case = GIVEN ? (LEFT_OUT as unknown as Case) : test

function given(environment: NodeJS.ProcessEnv): GivenInstance | undefined {
  const { SERVICENOW_INSTANCE_URL: url, SERVICENOW_USERNAME: userName, SERVICENOW_PASSWORD: password } = environment
  if (!url) return undefined
  if (!userName || !password) throw new TypeError('SERVICENOW_INSTANCE_URL needs SERVICENOW_USERNAME and SERVICENOW_PASSWORD beside it')
  return { url: new URL(url).origin, userName, password }
}
