import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { setImmediate as turn } from 'node:timers/promises'

/** Proxies and clients keep an idle connection for 60 to 75 s, and must be the first to close it. */
const KEPT_MS = 90_000

/** What Node gives a caller for the head of a request. */
const HEAD_WITHIN_MS = 60_000

/** Keeps idle connections open for some time. */
export function keepIdleConnections(server: Server, ms = KEPT_MS): void {
  server.keepAliveTimeout = ms
  // A connection that waits for its first request is idle too, and ends by this limit.
  server.headersTimeout = Math.min(Math.max(HEAD_WITHIN_MS, ms), server.requestTimeout)
}

/** How long a refused body is read on for, and how much of it. */
const READ_ON = { ms: 15_000, bytes: 256 * 1024 * 1024 }

/** Whether the caller is still sending its body. */
export async function isStillSending(incoming: IncomingMessage): Promise<boolean> {
  if (incoming.complete) return false
  // A short body that came together with the head is there a turn later.
  await turn()
  return !incoming.complete && !incoming.destroyed
}

/**
 * A refusal for a caller who is still sending: it goes out at once, and the rest of the body is read and thrown away, since a
 * connection that is closed over unread bytes is reset and its answer lost.
 */
export async function refuseWhileSending(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { status, headers }: Response,
  text: string,
): Promise<void> {
  outgoing.writeHead(status, { ...Object.fromEntries(headers), 'content-length': Buffer.byteLength(text), connection: 'close' })
  outgoing.flushHeaders()
  outgoing.write(text)
  await readOn(incoming)
  outgoing.end()
}

async function readOn(incoming: IncomingMessage): Promise<void> {
  if (incoming.readableEnded || incoming.destroyed) return
  const { promise, resolve } = Promise.withResolvers<void>()
  const late = setTimeout(resolve, READ_ON.ms)
  let bytes = 0
  // A reader that gave up has left a queue behind, which would pause the rest.
  for (const event of ['data', 'readable']) incoming.removeAllListeners(event)
  incoming.on('data', (piece: Uint8Array) => {
    bytes += piece.byteLength
    if (bytes > READ_ON.bytes) resolve()
  })
  for (const event of ['end', 'close', 'error']) incoming.once(event, () => resolve())
  incoming.resume()
  await promise
  clearTimeout(late)
}
