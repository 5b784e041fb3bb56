import { z } from 'zod'
import type { Capture } from './capture/index.ts'
import { type FrontPageFacts, frontPage } from './front-page.ts'
import type { Database } from './platform/database.ts'
import type { Metrics } from './platform/metrics.ts'
import { openApiDocument } from './platform/openapi.ts'
import { Raw, type Route, route } from './platform/route.ts'
import { sql } from './platform/sql.ts'

export interface ExchangeParts {
  database: Database
  capture: Capture
  metrics: Metrics
  facts: () => FrontPageFacts
}

const alive = sql`select 1 as alive`
const anyone = { method: 'GET', tag: 'Exchange', access: 'anyone' } as const

/** What the exchange says of itself. `all` are the rows that the OpenAPI document describes. */
export const exchangeRoutes = ({ database, capture, metrics, facts }: ExchangeParts, all: () => readonly Route[]): Route[] => [
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
    summary: 'Whether it can do its work: the database, and capture in each environment',
    output: z.object({ status: z.enum(['ready', 'troubled']), database: z.literal('ok'), capture: z.record(z.string(), z.string()) }),
    errors: ['internal'],
    handle: async () => {
      await database.rows(alive)
      const trouble = capture.trouble()
      const states = Object.fromEntries(
        facts().instances.map(({ environment }) => [environment, environment in trouble ? 'failing' : 'ok']),
      )
      return { status: Object.keys(trouble).length ? ('troubled' as const) : ('ready' as const), database: 'ok' as const, capture: states }
    },
  }),
  route({
    ...anyone,
    path: '/metrics',
    operationId: 'metrics',
    summary: 'Figures in the text format of Prometheus',
    errors: [],
    handle: async () => new Raw(await metrics.text(), 'text/plain; version=0.0.4; charset=utf-8'),
  }),
]
