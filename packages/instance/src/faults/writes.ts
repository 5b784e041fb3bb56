import { setTimeout as pause } from 'node:timers/promises'
import type { OpenCall } from '../call/call.ts'
import type { FaultEffect } from './request.ts'

type Work<C> = (call: C) => Promise<Response>

/** Does a write under the faults that strike while it is done; with none of them it is simply done. */
export async function during<C extends Pick<OpenCall, 'request' | 'method' | 'practice'>>(
  faults: readonly FaultEffect[],
  call: C,
  work: Work<C>,
): Promise<Response> {
  if (call.method === 'GET' || call.method === 'HEAD') return work(call)
  let done = work
  for (const fault of faults) {
    const inner = done
    if (fault.kind === 'undone-write') done = now => undone(now, inner)
    if (fault.kind === 'late-write') done = now => late(now, inner, fault.delayMs)
    if (fault.kind === 'wrong-clock')
      done = now => inner({ ...now, practice: { ...now.practice, database: now.practice.database.wrongBy(fault.seconds) } })
    if (fault.kind === 'unwritable-field') done = async now => inner({ ...now, request: await without(now.request, fault.fields) })
  }
  return done(call)
}

/** Everything happens in one transaction that ends in a rollback, and nobody is told of it. */
function undone<C extends Pick<OpenCall, 'practice'>>(call: C, work: Work<C>): Promise<Response> {
  const { practice } = call
  return practice.database.undone(database => work({ ...call, practice: { ...practice, database, announce: () => {} } }))
}

/** Nobody takes back what is on its way: it is done whether or not its caller still waits. */
async function late<C extends Pick<OpenCall, 'request'>>(call: C, work: Work<C>, delayMs = 1_000): Promise<Response> {
  const { url, method, headers, body, signal } = call.request
  const sent = body ? await call.request.arrayBuffer() : null
  const done = pause(delayMs, undefined, { ref: false }).then(() =>
    work({ ...call, request: new Request(url, { method, headers, body: sent }) }),
  )
  const given = new Promise<never>((_, up) => signal.addEventListener('abort', () => up(signal.reason), { once: true }))
  return Promise.race([done, given])
}

/** The request without some fields of its JSON object; what is none is left for its reader to refuse. */
async function without(request: Request, fields: readonly string[] | undefined): Promise<Request> {
  if (!/json/i.test(request.headers.get('content-type') ?? '')) return request
  const text = await request.text()
  const { url, method, headers, signal } = request
  return new Request(url, { method, headers: withoutLength(headers), signal, body: dropped(text, fields) })
}

function dropped(text: string, fields: readonly string[] | undefined): string {
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
