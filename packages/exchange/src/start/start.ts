import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { createInstance, DEMO, type Instance, serveInstance } from '@deskbridge/instance'
import { PostgresUnavailable, startPostgres } from '@deskbridge/postgres'
import { type ConnectionOptions, keysOf, SavedConnections } from '@deskbridge/servicenow'
import { startCapture } from '../capture/index.ts'
import { connectDesk, connectionRows, type Desk, type Desks, OperatorConnections } from '../connections/index.ts'
import {
  demoCredentials,
  type FirstSteps,
  firstStepsPath,
  type InstanceSteps,
  makeDemoCompany,
  readFirstSteps,
  setUpPracticeSignIn,
  writeFirstSteps,
} from '../first-start/index.ts'
import type { FrontPageFacts } from '../front-page.ts'
import { forgetOldMarks, rememberTime } from '../lost-time/index.ts'
import { readMapping } from '../mapping/index.ts'
import { isStillTheirs, referencesAlike } from '../ownership/index.ts'
import { callerAddress } from '../platform/caller-address.ts'
import { CannotStart, takeDataFolder } from '../platform/data-folder.ts'
import { type Database, type DatabaseOptions, openDatabase } from '../platform/database.ts'
import { ENVIRONMENTS, type Environment } from '../platform/environment.ts'
import { httpFace } from '../platform/http.ts'
import { type Log, openLog } from '../platform/log.ts'
import { openMetrics } from '../platform/metrics.ts'
import { migrate } from '../platform/migrations.ts'
import { openNotices } from '../platform/notices.ts'
import { outage } from '../platform/outage.ts'
import { Phase } from '../platform/phase.ts'
import { endEarlierSessions, sessionsOf } from '../platform/sessions.ts'
import { Silence } from '../platform/silence.ts'
import { foldersInUse, freeHoldsOf, openRecordedWrites } from '../recorded-writes/index.ts'
import { routes } from '../routes.ts'
import type { InstanceSettings, Settings } from '../settings.ts'
import { type Caller, forgetOldSignIns, openGuesses, openOperators, openPasswords, openQuota, openTokens } from '../sign-in/index.ts'
import { openSpool, readRequestBody } from '../spool/index.ts'
import { openUpdateQueue } from '../update-queue/index.ts'
import { listen } from './door.ts'

export interface RunningExchange {
  url: string
  firstSteps: FirstSteps
  firstStepsPath: string
  /**
   * Ends it in order, within 40 s: what was accepted is finished first, and what cannot be, with the next start. `drain`: after the time
   * in which it still takes calls.
   */
  close(how?: { drain: boolean }): Promise<void>
  /** Settles when something that everything needs has ended by itself. */
  readonly broken: Promise<string>
}

const HOUSEKEEPING_EVERY_MS = 3_600_000
const CLOSE_WITHIN_MS = 30_000
const CLOSE_IN_ALL_MS = 40_000

/**
 * Starts the exchange, its database and its practice instances.
 * @throws CannotStart with a sentence for the person who started it
 */
export async function startExchange(settings: Settings): Promise<RunningExchange> {
  /** What was opened, to be closed in the opposite order. */
  const opened: (() => Promise<void>)[] = []
  const close = async () => {
    for (const shut of opened.splice(0).reverse()) await shut()
  }
  try {
    return await open(settings, opened, close)
  } catch (error) {
    await close().catch(() => {})
    if (error instanceof PostgresUnavailable) throw new CannotStart(error.message)
    const away = outage(error)
    throw away ? new CannotStart(`The database went away while the exchange was starting: ${away}. Start it again.`) : error
  }
}

async function open(settings: Settings, opened: (() => Promise<void>)[], close: () => Promise<void>): Promise<RunningExchange> {
  const log = openLog(settings.logLevel)
  const broken = Promise.withResolvers<string>()
  const folder = await takeDataFolder(settings.dataFolder)
  opened.push(folder.release)
  const phase = new Phase()
  const door = await portOf('PORT', settings.port, () => listen(settings))
  opened.push(() => door.close(CLOSE_WITHIN_MS))
  const lostTime = rememberTime(folder)
  const silence = new Silence()
  opened.push(async () => silence.close())
  const database = await openStore(settings, folder.path, { examine: lostTime.examine, answered: silence.answered }, opened, broken.resolve)
  const notices = await openNotices(database, silence.answered)
  opened.push(notices.close)
  await lostTime.watch(database, notices, log)
  opened.push(lostTime.close)
  const metrics = openMetrics()
  const spool = await openSpool(join(folder.path, 'spool'), { limits: settings.spool })
  await endEarlierSessions(database, folder.id)
  await freeHoldsOf(database, folder.id)
  await spool.sweep(new Set((await foldersInUse(database)).map(row => row.folder)))
  const passwords = openPasswords(metrics.passwordChecked)
  opened.push(passwords.close)
  await makeDemoCompany(database)
  for (const { environment, partner, reference, number } of await referencesAlike(database))
    log.error('a reference differs from another one of its partner in its bytes only; each keeps its record', {
      environment,
      partner,
      reference,
      number,
    })

  const places = await openInstances(settings, sessionsOf(folder.id, database.url), database, opened)
  const desks = Object.fromEntries(ENVIRONMENTS.map(environment => [environment, places[environment].desk])) as Desks
  const writes = openRecordedWrites({
    database,
    desks,
    spool,
    log,
    lostTime,
    notices,
    holder: folder.id,
    isStillTheirs: (environment, ...record) => isStillTheirs(database, desks[environment], ...record),
    written: environment => capture.wake(environment),
  })
  const capture = await startCapture(
    {
      database,
      notices,
      log,
      metrics,
      holder: folder.id,
      onCarries: () => writes.wake(),
      lookBack: lostTime.lookBack,
      networkEveryMs: settings.serviceNow.captureEveryMs,
    },
    ENVIRONMENTS.map(environment => desks[environment]),
  )
  opened.push(capture.close, writes.close)
  for (const environment of ENVIRONMENTS) places[environment].instance?.onChange(() => capture.wake(environment))

  const quota = openQuota(database, error => log.error('quota not shared', { error: error as Error }))
  opened.push(quota.close)
  const guesses = openGuesses(database)
  const tokens = openTokens(database, notices, guesses)
  const operators = openOperators(database, guesses, passwords)
  const queue = openUpdateQueue(database, log)
  const connections = await openConnections(settings, folder.path, database, log)
  const housekeeping = setInterval(() => {
    Promise.all([queue.forgetOld(), capture.forgetOld(), writes.forgetOld(), forgetOldSignIns(database), forgetOldMarks(database)]).catch(
      error => log.error('housekeeping failed', { error }),
    )
  }, HOUSEKEEPING_EVERY_MS)
  housekeeping.unref()
  opened.push(async () => clearInterval(housekeeping))

  await capture.begun
  const urls = {} as Record<Environment, string>
  for (const environment of ENVIRONMENTS) urls[environment] = await places[environment].serve()
  const { host } = settings
  const url = reachable(`http://${host.includes(':') ? `[${host}]` : host}:${door.port}`)
  const firstSteps: FirstSteps = {
    exchange: url,
    portal: `${url}/`,
    tokenUrl: `${url}/oauth/client_credential/accesstoken`,
    connectBaseUrl: `${url}/network/kpn/servicenow`,
    ...(await demoCredentials(database, passwords, readFirstSteps(folder.path))),
    instances: {
      sandbox: { ...places.sandbox.steps, url: urls.sandbox },
      production: { ...places.production.steps, url: urls.production },
    },
  }
  writeFirstSteps(folder.path, firstSteps)
  const facts: FrontPageFacts = {
    exchange: url,
    instances: ENVIRONMENTS.map(environment => ({
      environment,
      url: urls[environment],
      practice: places[environment].instance !== undefined,
    })),
  }
  const answer = httpFace({
    routes: routes({ database, capture, notices, metrics, phase, desks, tokens, writes, queue, connections, facts: () => facts }),
    callerAddress: callerAddress(settings.trustedProxies),
    readBody: (body, caller) => readRequestBody(body, spool.of((caller as Partial<Caller>).projectId ?? 'operator')),
    log,
    metrics,
    phase,
    silence: () => silence.signal,
    preflight: PARTNER_HEADERS,
    doorkeepers: {
      anyone: async () => undefined,
      partner: async (authorization, header): Promise<Caller> => {
        for (const [name, value] of PARTNER_HEADERS) header(name, value)
        const caller = await tokens.whoHolds(authorization)
        quota.count(caller, header)
        return caller
      },
      operator: (authorization, _header, address) => operators.whoIs(authorization, address),
    },
  })
  phase.name = 'serving'
  door.open(answer)
  opened.push(async () => {
    await phase.close(CLOSE_WITHIN_MS)
    await door.close(CLOSE_WITHIN_MS)
  })
  const closeInOrder = async ({ drain } = { drain: true }) => {
    phase.name = 'draining'
    if (drain) await pause(settings.drainMs)
    await Promise.race([close(), pause(CLOSE_IN_ALL_MS, undefined, { ref: false })])
  }
  return { url, firstSteps, firstStepsPath: firstStepsPath(folder.path), close: closeInOrder, broken: broken.promise }
}

/**
 * Response headers of contract connect-api 3.4; the quota's come from the count. Any page may call with a token of its own: nothing
 * that a browser sends by itself opens anything here.
 */
const PARTNER_HEADERS = [
  ['sunset', 'n/a'],
  ['api-version', '1.0'],
  ['strict-transport-security', 'max-age=31536000; includeSubDomains; preload'],
  ['access-control-allow-origin', '*'],
  ['access-control-allow-methods', 'GET, POST, PATCH'],
  ['access-control-allow-headers', 'authorization, content-type, api-version, idempotency-key'],
  ['access-control-max-age', '86400'],
] as const

async function openStore(
  settings: Settings,
  folder: string,
  options: DatabaseOptions,
  opened: (() => Promise<void>)[],
  broken: (why: string) => void,
): Promise<Database> {
  let url = settings.databaseUrl
  if (!url) {
    const postgres = await startPostgres({ folder: join(folder, 'postgres') })
    let stopping = false
    opened.push(() => {
      stopping = true
      return postgres.stop()
    })
    postgres.ended.then(() => {
      if (!stopping) broken('PostgreSQL has ended by itself.')
    })
    url = postgres.url()
  }
  try {
    await migrate(url)
  } catch (error) {
    throw new CannotStart(`The database cannot be used: ${(error as Error).message}${settings.databaseUrl ? ' Check DATABASE_URL.' : ''}`)
  }
  const database = openDatabase(url, options)
  opened.push(database.close)
  return database
}

/** Credentials that cannot be opened stop nothing else: whoever uses them is told. */
async function openConnections({ key }: Settings, folder: string, database: Database, log: Log): Promise<OperatorConnections> {
  const keys = () => keysOf(folder, { DESKBRIDGE_KEY: key.current, DESKBRIDGE_OLD_KEY: key.old })
  const connections = new OperatorConnections(new SavedConnections(connectionRows(database), keys))
  await connections.sealAnew().catch(error => log.error('saved credentials cannot be sealed with the present key', { error }))
  return connections
}

interface Place {
  desk: Desk
  instance: Instance | undefined
  steps: Omit<InstanceSteps, 'url'>
  /** Lets the practice instance answer on its port; its address, or that of the ServiceNow instance. */
  serve(): Promise<string>
}

async function openInstances(
  settings: Settings,
  databaseUrl: string,
  database: Database,
  opened: (() => Promise<void>)[],
): Promise<Record<Environment, Place>> {
  const places = await Promise.all(
    ENVIRONMENTS.map(async environment => {
      const mapping = await readMapping(database, environment)
      const given = settings.instances[environment]
      if (given.url) {
        const desk = connectDesk({ environment, mapping, baseUrl: given.url, signIn: signInOf(given), network: settings.serviceNow })
        return [environment, { desk, instance: undefined, steps: {}, serve: async () => given.url }] as const
      }
      const instance = await createInstance({ databaseUrl, schema: environment, baseUrl: `http://localhost:${given.port}` })
      opened.push(instance.close)
      const { integrationPassword, desk: steps } = await setUpPracticeSignIn(database, environment, instance)
      const desk = connectDesk({
        environment,
        mapping,
        baseUrl: `http://localhost:${given.port || 80}`,
        signIn: { kind: 'basic', userName: DEMO.integration.userName, password: integrationPassword },
        inProcess: instance.fetch,
      })
      const serve = async () => {
        const server = await portOf(`INSTANCE_${environment.toUpperCase()}_PORT`, given.port, () =>
          serveInstance(instance, { port: given.port, host: settings.host, keepAliveMs: settings.keepAliveMs }),
        )
        opened.push(server.close)
        const url = reachable(server.url)
        instance.setBaseUrl(url)
        return url
      }
      return [environment, { desk, instance, steps, serve }] as const
    }),
  )
  return Object.fromEntries(places) as unknown as Record<Environment, Place>
}

function signInOf({ userName, password, clientId, clientSecret }: InstanceSettings): ConnectionOptions['signIn'] {
  if (!clientId) return { kind: 'basic', userName, password }
  return userName
    ? { kind: 'oauth', grant: 'password', clientId, clientSecret, userName, password }
    : { kind: 'oauth', grant: 'client_credentials', clientId, clientSecret }
}

/** An address that this machine itself can use, and that reads well. */
const reachable = (url: string) => url.replace(/\/\/(0\.0\.0\.0|127\.0\.0\.1|\[::\]|\[::1\])(?=:|$)/, '//localhost')

async function portOf<T>(variable: string, port: number, take: () => Promise<T>): Promise<T> {
  try {
    return await take()
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'EADDRINUSE') throw new CannotStart(`Port ${port} is taken by another program. Choose another with ${variable}.`)
    if (code === 'EACCES') throw new CannotStart(`Port ${port} may not be used by this user. Choose one above 1023 with ${variable}.`)
    throw new CannotStart(`Port ${port} cannot be used: ${message}. Choose another with ${variable}.`)
  }
}
