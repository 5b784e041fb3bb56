import type { Amiss } from '../concurrency/told-history.ts'
import { ask } from '../system/answer.ts'
import type { Asked } from './both-exchanges.ts'
import type { Exchanges } from './exchanges.ts'

/** What is promised; where an exchange takes longer its caller does not wait. */
const ANSWERED_WITHIN_MS = 30_000
/** A process that has just gone on, or just started, is not blamed for what waited in between. */
const AROUND_MS = 1_500

/** `GET /Ticket` → the statuses that the OpenAPI document of this exchange names. */
export type Documented = ReadonlyMap<string, ReadonlySet<number>>

export async function documentedStatuses(exchange: string): Promise<Documented> {
  const { body } = await ask(`${exchange}/openapi.json`, { method: 'GET' })
  const paths = body.paths as Record<string, Record<string, { responses: Record<string, unknown> }>>
  return new Map(
    Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { responses }]) => [
        operationOf(method, path.replace('/network/kpn/servicenow', '')),
        new Set(Object.keys(responses).map(Number)),
      ]),
    ),
  )
}

/** `GET /GetAttachment`: an operation without what stands in for a parameter. */
const operationOf = (method: string, path: string) => `${method.toUpperCase()} ${path.replace(/^(\/GetAttachment)\/.*/, '$1')}`

/**
 * What is wrong with how a request was answered: not in time, with a status that is not documented, with 500, or a 503 or 429 that does
 * not say when to come again. Nobody answers for an exchange that was killed, ended or stopped meanwhile.
 */
export function answerAmiss(asked: Asked, documented: Documented, exchanges: Exchanges): Amiss[] {
  const { method, path, exchange, beganAt, endedAt, answer, trouble } = asked
  const operation = operationOf(method, path)
  const wrong = (says: string): Amiss[] => [
    { count: 'never answered', says: `${aboutOf(asked)}: ${operation} of ${asked.actor} at exchange ${exchange}: ${says}` },
  ]
  if (!answer) return exchanges.wasAway(exchange, beganAt - AROUND_MS, endedAt) ? [] : wrong(`no answer, ${trouble}`)
  const tookMs = endedAt - beganAt
  if (tookMs > ANSWERED_WITHIN_MS && !exchanges.wasAway(exchange, beganAt, endedAt)) return wrong(`after ${tookMs} ms`)
  const { status, headers, body } = answer
  if (status === 500 || !documented.get(operation)?.has(status)) return wrong(`${status} ${JSON.stringify(body)}`)
  if ((status === 503 || status === 429) && !headers.get('retry-after')) return wrong(`${status} without Retry-After`)
  return []
}

/** The ticket, or the reference under which it is filed. */
export const aboutOf = ({ body, query }: Asked): string =>
  String(body?.kpn_ticket_number ?? body?.customer_reference_number ?? query?.kpn_ticket_number ?? 'queue')
