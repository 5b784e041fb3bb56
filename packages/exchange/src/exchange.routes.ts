import { z } from 'zod'
import type { Capture } from './capture/index.ts'
import { type FrontPageFacts, frontPage } from './front-page.ts'
import { type Figures, publicTroubles, readTroubles, TROUBLES, type TroubleKind } from './operator/index.ts'
import type { Database } from './platform/database.ts'
import { ENVIRONMENTS } from './platform/environment.ts'
import type { Metrics } from './platform/metrics.ts'
import type { Notices } from './platform/notices.ts'
import { openApiDocument } from './platform/openapi.ts'
import { DatabaseAway } from './platform/outage.ts'
import type { Phase } from './platform/phase.ts'
import { Raw, type Route, route } from './platform/route.ts'
import type { Operators } from './sign-in/index.ts'

export interface ExchangeParts {
  database: Database
  capture: Capture
  notices: Pick<Notices, 'listening' | 'since'>
  metrics: Metrics
  figures: Figures
  operators: Operators
  phase: Phase
  facts: () => FrontPageFacts
}

const anyone = { method: 'GET', tag: 'Exchange', access: 'anyone', always: true } as const
const TRY_AGAIN_SECONDS = '2'

const readiness = z.object({
  status: z.enum(['ready', 'troubled', 'starting', 'draining', 'unavailable']).meta({
    description:
      '`ready` and `troubled` come with 200, the others with 503: nothing is to be sent here now. With `troubled` the Connect API serves as before, and a balancer that took the process away would make one troubled instance an outage for all; whom to call is said by `deskbridge_troubles` and `deskbridge_capture_lag_seconds` at /metrics',
  }),
  database: z.enum(['ok', 'away']),
  capture: z.record(z.string(), z.enum(['ok', 'failing'])),
  troubles: z.array(
    z.object({
      kind: z.enum(Object.keys(TROUBLES) as [TroubleKind, ...TroubleKind[]]),
      environment: z.string().nullable(),
      count: z.number(),
      since: z.string(),
    }),
  ),
})

/** What the exchange says of itself. `all` are the rows that the OpenAPI document describes. */
export const exchangeRoutes = (
  { database, capture, notices, metrics, figures, operators, phase, facts }: ExchangeParts,
  all: () => readonly Route[],
): Route[] => [
  route({
    ...anyone,
    path: '/',
    operationId: 'front-page',
    summary: 'A page that says what runs and where',
    errors: [],
    handle: async () => new Raw(frontPage(facts()), 'text/html; charset=utf-8'),
  }),
  route({
    ...anyone,
    path: '/openapi.json',
    operationId: 'openapi',
    summary: 'This description',
    errors: [],
    handle: async () => new Raw(JSON.stringify(openApiDocument(all(), facts().exchange), null, 2)),
  }),
  route({
    ...anyone,
    path: '/healthz',
    operationId: 'health',
    summary: 'Whether the process runs',
    output: z.object({ status: z.literal('ok') }),
    errors: [],
    handle: async () => ({ status: 'ok' as const }),
  }),
  route({
    ...anyone,
    path: '/readyz',
    operationId: 'readiness',
    summary: 'Whether it can do its work, and what needs attention; 503 while it starts, drains, or has no database',
    output: readiness,
    errors: ['internal', 'exchange_unavailable'],
    handle: async call => {
      const not = (answer: z.input<typeof readiness>) => {
        call.header('retry-after', TRY_AGAIN_SECONDS)
        return new Raw(JSON.stringify(answer), undefined, 503)
      }
      const captureStates = (failing: readonly string[]) =>
        Object.fromEntries(
          ENVIRONMENTS.map(environment => [environment, failing.includes(environment) ? ('failing' as const) : ('ok' as const)]),
        )
      try {
        const now = await readTroubles({ database, capture, notices })
        if (phase.name !== 'serving') return not({ status: 'draining', database: 'ok', capture: captureStates([]), troubles: [] })
        const failing = now.flatMap(({ kind, environment }) => (kind.startsWith('capture-') && environment ? [environment] : []))
        return {
          status: now.length ? ('troubled' as const) : ('ready' as const),
          database: 'ok' as const,
          capture: captureStates(failing),
          troubles: publicTroubles(now).map(one => ({ ...one, since: one.since.toISOString() })),
        }
      } catch (error) {
        if (!(error instanceof DatabaseAway)) throw error
        const status = phase.name === 'serving' ? 'unavailable' : 'draining'
        return not({ status, database: 'away', capture: captureStates(ENVIRONMENTS), troubles: [] })
      }
    },
  }),
  route({
    ...anyone,
    path: '/metrics',
    operationId: 'metrics',
    summary: 'Figures in the text format of Prometheus; those by partner with a credential of the operator’s, a token that may read',
    errors: [],
    handle: async call => {
      const authorization = call.requestHeader('authorization')
      const { address, header: setHeader } = call
      const asOperator = async () =>
        authorization !== null &&
        (await operators.findOperator({ authorization, address, reads: true, setHeader, found() {} })) !== undefined
      // Whoever is not known to be the operator's hears what anyone hears: a token that has ended must not blind those who watch.
      const known = asOperator().catch(() => false)
      const shown = await figures.read(known)
      return new Raw(await metrics.text(shown.figures, shown), 'text/plain; version=0.0.4; charset=utf-8')
    },
  }),
]
