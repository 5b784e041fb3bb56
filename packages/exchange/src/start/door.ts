import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer, type HttpBindings } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { answerWhileSending, isStillSending, keepIdleConnections } from '../platform/listening.ts'
import { whileStarting } from './starting.ts'

type Fetch = (request: Request, env: HttpBindings) => Response | Promise<Response>

export interface Door {
  port: number
  /** From now on this answers; until then every call hears that the exchange is starting. */
  open(fetch: Fetch): void
  /** No new calls; those under way get their answer, within so many milliseconds. A second call does nothing. */
  close(withinMs: number): Promise<void>
}

/** Listens for the exchange's callers. */
export async function listen({ port, host, keepAliveMs }: { port: number; host: string; keepAliveMs: number }): Promise<Door> {
  let answering: Fetch = whileStarting
  const server = createAdaptorServer({
    overrideGlobalObjects: false,
    fetch: async (request, env) => answerEarly(await answering(request, env as HttpBindings), env as HttpBindings),
  }) as Server
  keepIdleConnections(server, keepAliveMs)
  await new Promise<void>((done, failed) => {
    server.once('error', failed)
    server.listen(port, host, done)
  })
  // A connection that cannot be taken (no more file descriptors) is one caller's trouble, not the end of the process.
  server.on('error', () => {})
  let ending: Promise<void> | undefined
  return {
    port: (server.address() as AddressInfo).port,
    open: fetch => {
      answering = fetch
    },
    close: withinMs => (ending ??= endServer(server, withinMs)),
  }
}

/** A refusal reaches also the caller who is still sending what is refused. */
async function answerEarly(answer: Response, exchanged: HttpBindings): Promise<Response> {
  if (answer.status < 400 || exchanged.outgoing.headersSent || !(await isStillSending(exchanged.incoming))) return answer
  const { status, headers } = answer
  void answerWhileSending(exchanged, { status, headers: Object.fromEntries(headers), text: await answer.text() })
  return RESPONSE_ALREADY_SENT
}

async function endServer(server: Server, withinMs: number): Promise<void> {
  const late = setTimeout(() => server.closeAllConnections(), withinMs)
  // A connection that has had its answer becomes idle only now.
  const idle = setInterval(() => server.closeIdleConnections(), 50)
  await new Promise<void>(done => {
    server.close(() => done())
    server.closeIdleConnections()
  })
  clearTimeout(late)
  clearInterval(idle)
}
