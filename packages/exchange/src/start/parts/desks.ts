import { createInstance, DEMO, serveInstance } from '@deskbridge/instance'
import { connectDesk, type Desks, steadyAccess } from '../../connections/index.ts'
import { makeDemoCompany, setUpPracticeSignIn } from '../../first-start/index.ts'
import { readMapping } from '../../mapping/index.ts'
import { readReferencesAlike } from '../../ownership/index.ts'
import { ENVIRONMENTS, type Environment } from '../../platform/environment.ts'
import { sessionsOf } from '../../platform/sessions.ts'
import type { Opened, OpenedInstance, PracticeInstance } from '../opened.ts'
import { startPart } from '../part.ts'
import { reachableUrl, takePort } from '../ports.ts'

export const demoCompany = startPart('demoCompany', ['settings', 'database'], {
  open: ({ settings, database }) => (settings.demo ? makeDemoCompany(database) : undefined),
})

/** Logs which references of one partner differ in their bytes only. */
export const alikeReferences = startPart('alikeReferences', ['database', 'log'], {
  async open({ database, log }) {
    for (const { environment, partner, reference, number } of await readReferencesAlike(database))
      log.error('a reference differs from another one of its partner in its bytes only; each keeps its record', {
        environment,
        partner,
        reference,
        number,
      })
  },
})

type InstanceParts = Pick<Opened, 'settings' | 'folder' | 'database' | 'accesses' | 'log' | 'metrics'>

/** Both environments' at once: a practice instance takes a second to open. */
export const instances = startPart('instances', ['settings', 'folder', 'database', 'accesses', 'log', 'metrics'], {
  says({ accesses }) {
    const practice = ENVIRONMENTS.filter(environment => !accesses[environment])
    return practice.length
      ? `Opening the practice ${practice.length > 1 ? 'instances' : 'instance'} ${practice.join(' and ')} …`
      : undefined
  },
  async open(given) {
    const tries = await Promise.allSettled(
      ENVIRONMENTS.map(async environment => [environment, await openInstance(environment, given)] as const),
    )
    const opened = tries.flatMap(one => (one.status === 'fulfilled' ? [one.value] : []))
    const failed = tries.find(one => one.status === 'rejected')
    if (!failed) return Object.fromEntries(opened) as Record<Environment, OpenedInstance>
    for (const [, { practice }] of opened) await practice?.close().catch(() => {})
    throw failed.reason
  },
  async close(own) {
    for (const environment of ENVIRONMENTS.toReversed()) await own[environment].practice?.close()
  },
})

async function openInstance(
  environment: Environment,
  { settings, folder, database, accesses, log, metrics }: InstanceParts,
): Promise<OpenedInstance> {
  const mapping = await readMapping(database, environment)
  const given = settings.instances[environment]
  const access = accesses[environment]
  if (access) {
    const desk = connectDesk({ environment, mapping, access, log, metrics, network: settings.serviceNow })
    return { desk, practice: undefined, steps: {} }
  }
  // The sessions are named by the folder: those that a killed process left behind are ended by it.
  const databaseUrl = sessionsOf(folder.id, database.url)
  const instance = await createInstance({ databaseUrl, schema: environment, baseUrl: `http://localhost:${given.port}` })
  const { integrationPassword, desk: steps } = await setUpPracticeSignIn(database, environment, instance).catch(async error => {
    await instance.close().catch(() => {})
    throw error
  })
  const desk = connectDesk({
    environment,
    mapping,
    access: steadyAccess({
      baseUrl: `http://localhost:${given.port || 80}`,
      signIn: { kind: 'basic', userName: DEMO.integration.userName, password: integrationPassword },
    }),
    log,
    metrics,
    inProcess: instance.fetch,
  })
  const serve: PracticeInstance['serve'] = async () => {
    const server = await takePort(`INSTANCE_${environment.toUpperCase()}_PORT`, given.port, () =>
      serveInstance(instance, { port: given.port, host: settings.host, keepAliveMs: settings.keepAliveMs }),
    )
    const url = reachableUrl(server.url)
    instance.setBaseUrl(url)
    return { url, close: server.close }
  }
  return { desk, steps, practice: { serve, close: instance.close, onChange: instance.onChange } }
}

/** The service desk of each environment. */
export const desks = startPart('desks', ['instances'], {
  open: ({ instances }) => Object.fromEntries(ENVIRONMENTS.map(environment => [environment, instances[environment].desk])) as Desks,
})

/** Where people of the desks sign in: practice instances answer on their ports from now on. */
export const addresses = startPart('addresses', ['instances'], {
  async open({ instances: { sandbox, production } }) {
    const served: { close(): Promise<void> }[] = []
    const close = async () => {
      for (const server of served.splice(0).reverse()) await server.close()
    }
    const addressOf = async ({ practice, desk }: OpenedInstance) => {
      const server = await practice?.serve()
      if (server) served.push(server)
      return server?.url ?? desk.connection.baseUrl
    }
    try {
      return { urls: { sandbox: await addressOf(sandbox), production: await addressOf(production) }, close }
    } catch (error) {
      await close().catch(() => {})
      throw error
    }
  },
  close: own => own.close(),
})
