import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { createInstance, type Instance, type InstanceOptions } from './instance.ts'
import type { Refusal } from './refusals/refusal.ts'
import { refusalAnswer } from './wire/answer.ts'
import { compress } from './wire/compression.ts'
import { isStillSending, keepIdleConnections, refuseWhileSending } from './wire/connections.ts'
import { answerBrokenHeads, LONGEST_HEAD } from './wire/long-address.ts'
import { assertPlainPath } from './wire/request-path.ts'
import { textOfAnswer } from './wire/text-answer.ts'

/** Tells the adaptor that there is nothing left to send. */
const ALREADY_SENT = new Response(null, { headers: { 'x-hono-already-sent': 'true' } })

interface ListenOptions {
  port: number
  /** Default `127.0.0.1`. */
  host?: string | undefined
  /** How long idle connections are kept. Default 90 s. */
  keepAliveMs?: number | undefined
}

/** Lets an instance answer on a port of this machine. */
export async function serveInstance(
  instance: Instance,
  { port, host = '127.0.0.1', keepAliveMs }: ListenOptions,
): Promise<{ url: string; close(): Promise<void> }> {
  const server = createAdaptorServer({
    // The default replaces `Request` and `Response` for the whole process, which is not ours.
    overrideGlobalObjects: false,
    serverOptions: { maxHeaderSize: LONGEST_HEAD },
    fetch: async (request, env) => {
      const { incoming, outgoing } = env as { incoming: IncomingMessage; outgoing: ServerResponse }
      try {
        const answer = refusePath(incoming.url) ?? (await compress(request, await instance.fetch(request)))
        if (answer.status >= 400 && (await isStillSending(incoming))) {
          void refuseWhileSending(incoming, outgoing, answer, await answer.text())
          return ALREADY_SENT
        }
        const text = textOfAnswer(answer)
        if (text === undefined) return answer
        outgoing.writeHead(answer.status, { ...Object.fromEntries(answer.headers), 'content-length': Buffer.byteLength(text) }).end(text)
      } catch {
        // A fault broke the connection, or the caller went away.
        incoming.socket.destroy()
      }
      return ALREADY_SENT
    },
  }) as Server
  answerBrokenHeads(server, instance.now)
  keepIdleConnections(server, keepAliveMs)
  await new Promise<void>((done, failed) => {
    server.once('error', failed)
    server.listen(port, host, done)
  })
  // A connection that cannot be taken (no more file descriptors) is one caller's trouble, not the end of the process.
  server.on('error', () => {})
  const { port: chosen } = server.address() as AddressInfo
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${chosen}`,
    close: () =>
      new Promise(done => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}

function refusePath(target = '/'): Response | undefined {
  try {
    assertPlainPath(target)
  } catch (error) {
    return refusalAnswer(error as Refusal)
  }
}

/** A practice instance with its own server: what `deskbridge instance` starts. */
export async function startInstance(
  options: InstanceOptions & ListenOptions,
): Promise<{ url: string; instance: Instance; close(): Promise<void> }> {
  const instance = await createInstance(options)
  try {
    const served = await serveInstance(instance, options)
    if (options.baseUrl === undefined) instance.setBaseUrl(served.url)
    return {
      url: served.url,
      instance,
      close: async () => {
        await served.close()
        await instance.close()
      },
    }
  } catch (error) {
    await instance.close()
    throw error
  }
}
