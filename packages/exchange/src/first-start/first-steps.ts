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

/** Where a practice instance is and who signs in there: people of the desk, never the exchange's own user. */
export interface InstanceSteps {
  url: string
  username?: string
  password?: string
  clientId?: string
  clientSecret?: string
}

/** What a newcomer needs to try everything; rewritten at each start with the addresses as they are, the credentials unchanged. */
export interface FirstSteps {
  exchange: string
  portal: string
  tokenUrl: string
  connectBaseUrl: string
  customer: Credentials
  otherCustomer: Credentials
  provider: Credentials & { solverGroup: { name: string; sys_id: string } }
  productionCustomer: Credentials
  portalUsers: { partner: Login; operator: Login }
  instances: { sandbox: InstanceSteps; production: InstanceSteps }
}

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
export function writeFirstSteps(dataFolder: string, steps: FirstSteps): void {
  const path = firstStepsPath(dataFolder)
  writeFileSync(`${path}.new`, `${JSON.stringify(steps, null, 2)}\n`, { mode: 0o600 })
  renameSync(`${path}.new`, path)
}
