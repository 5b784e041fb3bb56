import { connect, fetchFor, serviceNow } from '@deskbridge/servicenow'
import type { Mapping } from '../mapping/index.ts'
import { lastCheck } from '../platform/before-writing.ts'
import { noteCall } from '../platform/counted-calls.ts'
import { assertNoTransactionHeld } from '../platform/database.ts'
import type { Environment } from '../platform/environment.ts'
import type { Log } from '../platform/log.ts'
import type { Metrics } from '../platform/metrics.ts'
import type { Access } from './access.ts'
import { ChangingConnection } from './changing-connection.ts'
import { declaredHtml } from './declared-html.ts'
import type { Desk } from './desk.ts'
import { InstanceWatch } from './instance-watch.ts'

export interface DeskSettings {
  environment: Environment
  mapping: Mapping
  access: Access
  log: Log
  metrics: Pick<Metrics, 'countInstanceCall'>
  /** The practice instance's handler, when it runs in this process. */
  inProcess?: (request: Request) => Promise<Response>
  /** Over a network: how long one call may take, and how long a write whose answer was lost may still arrive. */
  network?: { timeoutMs: number; settleMs: number }
}

/**
 * What a call in this process leaves behind when its database connection breaks ends within a second (`platform/sessions.ts`); until
 * then it may still write.
 */
const IN_PROCESS_SETTLE_MS = 2_000

/** Connects an environment to its instance. */
export function connectDesk({ environment, mapping, access, log, metrics, inProcess, network }: DeskSettings): Desk {
  const givenUp = new Set<Promise<Response>>()
  const connection = new ChangingConnection(access, new InstanceWatch(environment, log), ({ baseUrl, signIn, tls }) => {
    const reach = inProcess ?? fetchFor({ tls })
    return connect({
      baseUrl,
      signIn,
      fetch: async request => {
        assertNoTransactionHeld('A ServiceNow instance')
        noteCall()
        if (request.method !== 'GET') await lastCheck()
        const answer = counted(Promise.resolve(reach(request)), environment, metrics)
        if (inProcess) rememberWhenGivenUp(request, answer, givenUp)
        return answer
      },
      ...(inProcess ? { settleMs: IN_PROCESS_SETTLE_MS, maxConcurrent: 64 } : network),
    })
  })
  const sdk = serviceNow(connection)
  return {
    environment,
    mapping,
    connection,
    serviceNow: sdk,
    inProcess: inProcess !== undefined,
    declaredHtml: declaredHtml(sdk, mapping),
    mayStillWrite: () => givenUp.size > 0,
    writers: () => connection.userNames(),
  }
}

/** Counts a call when it has its answer, by status, or `none`. */
function counted(answer: Promise<Response>, environment: Environment, metrics: DeskSettings['metrics']): Promise<Response> {
  const begun = performance.now()
  const count = (status: number | 'none') => metrics.countInstanceCall(environment, status, performance.now() - begun)
  answer.then(
    ({ status }) => count(status),
    () => count('none'),
  )
  return answer
}

/** A call that is given up at its time limit goes on in the database: it may be looked for in vain and write a moment later. */
function rememberWhenGivenUp({ signal }: Request, answer: Promise<Response>, givenUp: Set<Promise<Response>>): void {
  const remember = () => givenUp.add(answer)
  signal.addEventListener('abort', remember, { once: true })
  const over = () => {
    signal.removeEventListener('abort', remember)
    givenUp.delete(answer)
  }
  answer.then(over, over)
}
