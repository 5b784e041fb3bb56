import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What a test server got, in the order of arrival. */
interface Received {
  method: string
  path: string
  parameters: URLSearchParams
  headers: IncomingHttpHeaders
  body: string
}

export type Behaviour = (response: ServerResponse, received: Received, nth: number) => unknown

export interface RecordingServer {
  url: string
  received: Received[]
  /** How the server answers from now on; `nth` counts from 1. */
  behave(behaviour: Behaviour): void
  close(): Promise<void>
}

/** A real HTTP server that writes down what it gets and behaves as badly as a test wants. */
export async function recordingServer(behaviour: Behaviour = response => json(response, 200, { result: [] })): Promise<RecordingServer> {
  const received: Received[] = []
  let behave = behaviour
  let nth = 0
  const server = createServer(async (request, response) => {
    const one = await read(request).catch(() => undefined)
    if (!one) return
    received.push(one)
    await behave(response, one, ++nth)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    behave: next => {
      behave = next
      nth = 0
      received.length = 0
    },
    close: () => {
      server.closeAllConnections()
      return new Promise(resolve => server.close(() => resolve()))
    },
  }
}

async function read(request: IncomingMessage): Promise<Received> {
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(piece as Buffer)
  const url = new URL(request.url ?? '/', 'http://x')
  const { method = '', headers } = request
  return { method, path: url.pathname, parameters: url.searchParams, headers, body: Buffer.concat(pieces).toString('utf8') }
}

/** Answers as ServiceNow does. */
export function json(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json;charset=UTF-8', ...headers })
  response.end(JSON.stringify(body))
}

/** The error envelope (servicenow-core 2.4). */
export function refuse(
  response: ServerResponse,
  status: number,
  message: string,
  detail: string | null = null,
  headers: Record<string, string> = {},
): void {
  json(response, status, { error: { message, detail }, status: 'failure' }, headers)
}

export function page(response: ServerResponse, status: number, html: string): void {
  response.writeHead(status, { 'content-type': 'text/html;charset=UTF-8' })
  response.end(html)
}
