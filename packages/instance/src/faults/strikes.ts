import { setTimeout as pause } from 'node:timers/promises'
import { newSysId } from '../sys-id.ts'
import type { Clock } from '../time/clock.ts'
import { json } from '../wire/answer.ts'
import type { FaultEffect } from './request.ts'

/** A connection that breaks. In process it is what `fetch` rejects with; the server destroys the socket. */
class ConnectionReset extends TypeError {
  constructor() {
    super('fetch failed')
  }
}

/** Whether an error is such a connection; `fetch` may have made it, or we. */
export function isReset(error: unknown): error is ConnectionReset {
  return error instanceof TypeError && error.message === 'fetch failed'
}

/** Nobody waits longer than this for an answer that never comes. */
const NEVER_MS = 120_000

/** What happens before a request is worked on; an answer here means that nothing was done. */
export async function strikeBefore(faults: readonly FaultEffect[], signal: AbortSignal, clock: Clock): Promise<Response | undefined> {
  for (const fault of faults) {
    switch (fault.kind) {
      case 'latency':
        await wait(fault.delayMs ?? 1_000, signal)
        break
      case 'timeout-before-write':
        await waitForever(signal)
        break
      case 'reset-before-write':
        throw new ConnectionReset()
      case 'too-many-requests':
        return tooManyRequests(fault, clock)
      case 'server-error':
        return serverError()
      case 'asleep':
        return new Response(
          '<html><head><title>Instance Hibernating page</title></head><body>Your instance is hibernating.</body></html>',
          {
            headers: { 'Content-Type': 'text/html;charset=UTF-8' },
          },
        )
      default:
    }
  }
  return undefined
}

/** What happens to an answer after everything was done. */
export async function strikeAfter(faults: readonly FaultEffect[], answer: Response, signal: AbortSignal): Promise<Response> {
  let now = answer
  for (const fault of faults) {
    switch (fault.kind) {
      case 'timeout-after-write':
        await waitForever(signal)
        break
      case 'reset-after-write':
        throw new ConnectionReset()
      case 'server-error-after-write':
        now = serverError()
        break
      case 'error-in-200':
        now = await cancelHalfway(now)
        break
      default:
    }
  }
  return now
}

async function wait(milliseconds: number, signal: AbortSignal, ref = true): Promise<void> {
  await pause(milliseconds, undefined, { signal, ref }).catch(() => {
    throw signal.reason
  })
}

async function waitForever(signal: AbortSignal): Promise<never> {
  // An answer that never comes must not keep the process from ending.
  await wait(NEVER_MS, signal, false)
  throw new ConnectionReset()
}

/** Contract servicenow-core.md 2.7: three headers, and Retry-After. */
function tooManyRequests({ retryAfter }: FaultEffect, clock: Clock): Response {
  const limit = 1_000
  const headers: Record<string, string> =
    retryAfter === undefined
      ? {}
      : {
          'X-RateLimit-Limit': String(limit),
          'X-RateLimit-Reset': String(Math.floor(clock.now() / 1000) + retryAfter),
          'X-RateLimit-Rule': newSysId(),
          'Retry-After': String(retryAfter),
        }
  const error = { message: 'Rate limit exceeded', detail: `Rate limit of ${limit} requests per hour for Table API exceeded` }
  return json(429, { error, status: 'failure' }, headers)
}

function serverError(): Response {
  return json(500, {
    error: { message: 'Internal Server Error', detail: 'Switched on as a fault of the practice instance' },
    status: 'failure',
  })
}

/**
 * A transaction that the quota cancelled: 200 all the same. A list comes with half of its rows and an error, anything else
 * as an error alone (contract servicenow-core.md 2.5).
 */
async function cancelHalfway(answer: Response): Promise<Response> {
  if (!answer.ok || !answer.headers.get('content-type')?.startsWith('application/json')) return answer
  const { result } = (await answer.json()) as { result?: unknown }
  const error = {
    detail:
      'Transaction cancelled: maximum execution time exceeded Check logs for error trace or enable glide.rest.debug property to verify REST request processing',
    message: 'Transaction cancelled: maximum execution time exceeded',
  }
  const rows = Array.isArray(result) ? { result: result.slice(0, Math.floor(result.length / 2)) } : {}
  const headers = Object.fromEntries([...answer.headers].filter(([name]) => !name.startsWith('content-')))
  return json(200, { ...rows, error, status: 'failure' }, headers)
}
