import { ConnectionProblem, KeyProblem } from '@deskbridge/servicenow'
import { type Access, followSaved, steadyAccess } from '../../connections/index.ts'
import { CannotStart } from '../../platform/data-folder.ts'
import { ENVIRONMENTS, type Environment } from '../../platform/environment.ts'
import { connectionVariable, type InstanceSettings } from '../../settings.ts'
import type { Opened, OpenedAccesses } from '../opened.ts'
import { startPart } from '../part.ts'

type Given = Pick<Opened, 'settings' | 'savedConnections' | 'notices' | 'log'>

/** Whoever is to be asked for each environment, by a saved connection or by settings. */
export const accesses = startPart('accesses', ['settings', 'savedConnections', 'notices', 'log'], {
  async open(given) {
    const opened: [Environment, Access | undefined][] = []
    try {
      for (const environment of ENVIRONMENTS) opened.push([environment, await accessOf(environment, given)])
    } catch (error) {
      for (const [, access] of opened) access?.close()
      throw error
    }
    return Object.fromEntries(opened) as OpenedAccesses
  },
  close(own) {
    for (const environment of ENVIRONMENTS) own[environment]?.close()
  },
})

async function accessOf(environment: Environment, { settings, savedConnections: saved, notices, log }: Given): Promise<Access | undefined> {
  const given = settings.instances[environment]
  if (!given.connection) return given.url ? steadyAccess({ baseUrl: given.url, signIn: signInOf(given) }) : undefined
  try {
    return await followSaved({ name: given.connection, environment, saved, notices, log })
  } catch (error) {
    if (!(error instanceof ConnectionProblem || error instanceof KeyProblem)) throw error
    const names = (await saved.list()).filter(one => one.environment === environment).map(({ name }) => name)
    const there = names.length ? `Saved for ${environment}: ${names.join(', ')}.` : `None is saved for ${environment}.`
    throw new CannotStart(
      `${connectionVariable(environment)}: ${error.message} ${there} An exchange that runs without this setting saves one: POST /operator/connections.`,
    )
  }
}

function signInOf({ userName, password, clientId, clientSecret }: InstanceSettings): ReturnType<Access['now']>['inUse']['signIn'] {
  if (!clientId) return { kind: 'basic', userName, password }
  return userName
    ? { kind: 'oauth', grant: 'password', clientId, clientSecret, userName, password }
    : { kind: 'oauth', grant: 'client_credentials', clientId, clientSecret }
}
