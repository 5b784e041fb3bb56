import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { setImmediate as turn } from 'node:timers/promises'

/** How long an idle connection is kept. Proxies and load balancers keep theirs 60 to 75 s, and must be the first to close. */
export const KEEP_ALIVE_SECONDS = 90

/** What Node gives a caller for the head of a request; one that was opened and never used counts as such a head. */
const HEAD_WITHIN_MS = 60_000

/**
 * Keeps idle connections, used ones and those that wait for their first request, for so long. Slow heads are ended after the longer of
 * this and a minute, slow bodies after five (Node's own limit).
 */
export function keepIdleConnections(server: Server, ms = KEEP_ALIVE_SECONDS * 1_000): void {
  server.keepAliveTimeout = ms
  server.headersTimeout = Math.min(Math.max(HEAD_WITHIN_MS, ms), server.requestTimeout)
}

/** How long, and how much of, a body is read that was refused: 80 MiB of attachments in base64, and the text around them. */
const READ_ON = { ms: 15_000, bytes: 128 * 1024 * 1024 }

/** Whether the caller has more of its request on the way. */
export async function isStillSending(incoming: IncomingMessage): Promise<boolean> {
  if (incoming.complete) return false
  // A short body that came together with the head is there a turn later.
  await turn()
  return !incoming.complete && !incoming.destroyed
}

/**
 * Answers a caller who is still sending. Many clients listen only when they have sent everything, and a connection that is closed over
 * unread bytes is reset, its answer lost: so the answer goes out at once, what still comes is thrown away for a while, and then the
 * connection ends.
 */
export async function answerWhileSending(
  { incoming, outgoing }: { incoming: IncomingMessage; outgoing: ServerResponse },
  { status, headers, text }: { status: number; headers: Readonly<Record<string, string>>; text: string },
): Promise<void> {
  // With a length the answer is whole before the connection ends.
  outgoing.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(text), connection: 'close' })
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
  // Whoever began to read has given up; a queue that nobody empties would only hold the rest back.
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
