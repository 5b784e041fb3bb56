import { hostname } from 'node:os'
import {
  type Addresses,
  firstStepsPath,
  makeDemoCredentials,
  readFirstSteps,
  readRemarks,
  writeFirstSteps,
} from '../../first-start/index.ts'
import type { FrontPageFacts } from '../../front-page.ts'
import { openFigures } from '../../operator/index.ts'
import { callerAddress } from '../../platform/caller-address.ts'
import { ENVIRONMENTS } from '../../platform/environment.ts'
import { httpFace } from '../../platform/http.ts'
import { Phase } from '../../platform/phase.ts'
import { routes } from '../../routes.ts'
import type { Caller } from '../../sign-in/index.ts'
import { readRequestBody } from '../../spool/index.ts'
import { listen } from '../door.ts'
import { startPart } from '../part.ts'
import { reachableUrl, takePort } from '../ports.ts'

const CLOSE_WITHIN_MS = 30_000

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

export const phase = startPart('phase', [], { open: () => new Phase() })

export const door = startPart('door', ['settings'], {
  open: ({ settings }) => takePort('PORT', settings.port, () => listen(settings)),
  close: own => own.close(CLOSE_WITHIN_MS),
})

export const firstSteps = startPart('firstSteps', ['settings', 'folder', 'door', 'database', 'passwords', 'instances', 'addresses'], {
  async open({ settings: { host, demo }, folder: { path, id }, door: { port }, database, passwords, instances, addresses: { urls } }) {
    const url = reachableUrl(`http://${host.includes(':') ? `[${host}]` : host}:${port}`)
    const addresses: Addresses = {
      exchange: url,
      portal: `${url}/`,
      tokenUrl: `${url}/oauth/client_credential/accesstoken`,
      connectBaseUrl: `${url}/network/kpn/servicenow`,
      instances: {
        sandbox: { ...(demo && instances.sandbox.steps), url: urls.sandbox },
        production: { ...(demo && instances.production.steps), url: urls.production },
      },
    }
    const us = { folderId: id, file: firstStepsPath(path), host: hostname() }
    const steps = demo ? { ...addresses, ...(await makeDemoCredentials(database, passwords, us, readFirstSteps(path))) } : addresses
    writeFirstSteps(path, steps)
    return steps
  },
})

/** What whoever started it should know or do next. */
export const remarks = startPart('remarks', ['settings', 'database', 'firstSteps'], {
  open: ({ settings, database, firstSteps: steps }) => readRemarks(database, { demo: settings.demo, steps }),
})

/** Callers are answered by the routes from now on. */
export const front = startPart(
  'front',
  [
    'settings',
    'log',
    'calls',
    'metrics',
    'phase',
    'door',
    'silence',
    'database',
    'notices',
    'spool',
    'instances',
    'desks',
    'capture',
    'recordedWrites',
    'quota',
    'tokens',
    'operators',
    'passwords',
    'queue',
    'connections',
    'addresses',
    'firstSteps',
  ],
  {
    open({ settings, log, metrics, silence, spool, quota, tokens, operators, instances, addresses, recordedWrites: writes, ...given }) {
      const facts: FrontPageFacts = {
        exchange: given.firstSteps.exchange,
        demo: settings.demo,
        instances: ENVIRONMENTS.map(environment => ({
          environment,
          url: addresses.urls[environment],
          practice: instances[environment].practice !== undefined,
        })),
      }
      const answer = httpFace({
        routes: routes({ ...given, metrics, figures: openFigures({ ...given, spool }), operators, tokens, writes, facts: () => facts }),
        callerAddress: callerAddress(settings.trustedProxies),
        readBody: (body, caller) => readRequestBody(body, spool.of((caller as Partial<Caller>).projectId ?? 'operator')),
        log,
        calls: given.calls,
        metrics,
        phase: given.phase,
        silence: () => silence.signal,
        preflight: PARTNER_HEADERS,
        findCaller: {
          anyone: async () => undefined,
          partner: async ({ authorization, setHeader, found }): Promise<Caller> => {
            for (const [name, value] of PARTNER_HEADERS) setHeader(name, value)
            const caller = await tokens.findHolder(authorization)
            found(caller)
            quota.count(caller, setHeader)
            return caller
          },
          operator: operators.findOperator,
          person: operators.findPerson,
        },
      })
      given.phase.name = 'serving'
      given.door.open(answer)
    },
    async close(_, given) {
      await given.phase.close(CLOSE_WITHIN_MS)
      await given.door.close(CLOSE_WITHIN_MS)
    },
  },
)
