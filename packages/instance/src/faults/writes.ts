import { setTimeout as pause } from 'node:timers/promises'
import type { Database } from '../storage/database.ts'
import type { FaultEffect } from './request.ts'

/** What faults change of a call: its request, the database that it writes to, and the announcement of that. */
export interface StruckCall {
  readonly request: Request
  readonly method: string
  readonly practice: { readonly database: Database; announce(changes: readonly unknown[]): void }
}

type Step<C> = (call: C) => Promise<Response>

/** Does a write under the faults that strike while it is done; with none of them it is simply done. */
export async function strikeDuring<C extends StruckCall>(faults: readonly FaultEffect[], call: C, step: Step<C>): Promise<Response> {
  if (call.method === 'GET' || call.method === 'HEAD') return step(call)
  let done = step
  for (const fault of faults) {
    const inner = done
    if (fault.kind === 'undone-write') done = now => rollBack(now, inner)
    if (fault.kind === 'late-write') done = now => delayWrite(now, inner, fault.delayMs)
    if (fault.kind === 'wrong-clock')
      done = now => inner({ ...now, practice: { ...now.practice, database: now.practice.database.wrongBy(fault.seconds) } })
    if (fault.kind === 'unwritable-field') done = async now => inner({ ...now, request: await dropFields(now.request, fault.fields) })
  }
  return done(call)
}

/** Runs the write in one transaction that ends in a rollback, and announces nothing. */
function rollBack<C extends StruckCall>(call: C, step: Step<C>): Promise<Response> {
  const { practice } = call
  return practice.database.runAndRollBack(database => step({ ...call, practice: { ...practice, database, announce: () => {} } }))
}

/** Runs the write later, whether or not its caller still waits. */
async function delayWrite<C extends StruckCall>(call: C, step: Step<C>, delayMs = 1_000): Promise<Response> {
  const { url, method, headers, body, signal } = call.request
  const sent = body ? await call.request.arrayBuffer() : null
  const done = pause(delayMs, undefined, { ref: false }).then(() =>
    step({ ...call, request: new Request(url, { method, headers, body: sent }) }),
  )
  const given = new Promise<never>((_, up) => signal.addEventListener('abort', () => up(signal.reason), { once: true }))
  return Promise.race([done, given])
}

/** The request without some fields of its JSON object; anything else stays as it is, and its reader refuses it. */
async function dropFields(request: Request, fields: readonly string[] | undefined): Promise<Request> {
  if (!/json/i.test(request.headers.get('content-type') ?? '')) return request
  const text = await request.text()
  const { url, method, headers, signal } = request
  return new Request(url, { method, headers: withoutLength(headers), signal, body: withoutFields(text, fields) })
}

function withoutFields(text: string, fields: readonly string[] | undefined): string {
  try {
    const sent: unknown = JSON.parse(text)
    if (typeof sent !== 'object' || sent === null || Array.isArray(sent)) return text
    return JSON.stringify(Object.fromEntries(Object.entries(sent).filter(([name]) => fields !== undefined && !fields.includes(name))))
  } catch {
    return text
  }
}

function withoutLength(headers: Headers): Headers {
  const kept = new Headers(headers)
  kept.delete('content-length')
  return kept
}
