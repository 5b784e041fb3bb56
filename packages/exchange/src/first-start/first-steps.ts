import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

interface Credentials {
  clientId: string
  clientSecret: string
  environment: string
  service: string
  organisation: { name: string; table: string; sys_id: string }
}

interface Login {
  email: string
  password: string
}

/** Where a practice instance is and, with the demo company, who signs in there: people of the desk, never the exchange's own user. */
export interface InstanceSteps {
  url: string
  username?: string
  password?: string
  clientId?: string
  clientSecret?: string
}

/** Where everything is: all that first-steps.json holds without the demo company. Rewritten at each start. */
export interface Addresses {
  exchange: string
  portal: string
  tokenUrl: string
  connectBaseUrl: string
  instances: { sandbox: InstanceSteps; production: InstanceSteps }
  /** The file that holds the demo company's credentials, where a process with another data folder has made them. */
  demoCredentialsIn?: { host: string; file: string }
}

/** The credentials of the demo company: the same at each start. */
export interface DemoCredentials {
  customer: Credentials
  otherCustomer: Credentials
  provider: Credentials & { solverGroup: { name: string; sys_id: string } }
  productionCustomer: Credentials
  portalUsers: { partner: Login; operator: Login }
}

/** What a newcomer needs to try everything. */
export type FirstSteps = Addresses & DemoCredentials

/** Whether these are those of an exchange with its demo company, made by a process with this data folder. */
export const hasDemo = (steps: Addresses | FirstSteps): steps is FirstSteps => 'customer' in steps

const NAME = 'first-steps.json'
/** Where first-steps.json lies in a data folder. */
export const firstStepsPath = (dataFolder: string) => join(dataFolder, NAME)

/** What was written at an earlier start; nothing if there was none or it cannot be read. */
export function readFirstSteps(dataFolder: string): Partial<FirstSteps> {
  try {
    return JSON.parse(readFileSync(firstStepsPath(dataFolder), 'utf8')) as Partial<FirstSteps>
  } catch {
    return {}
  }
}

/** Written aside and renamed, so that it is whole at every moment; readable by its owner only. */
export function writeFirstSteps(dataFolder: string, steps: Addresses | FirstSteps): void {
  const path = firstStepsPath(dataFolder)
  writeFileSync(`${path}.new`, `${JSON.stringify(steps, null, 2)}\n`, { mode: 0o600 })
  renameSync(`${path}.new`, path)
}
