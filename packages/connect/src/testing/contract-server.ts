import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A request as the server saw it. */
export interface Seen {
  method: string
  url: URL
  headers: IncomingMessage['headers']
  body: string
}

export type Answer = (response: ServerResponse, request: Seen) => void | Promise<void>

/** A server that speaks the wire contract, as far as a test says how; sign-in works by itself. */
export interface ContractServer extends AsyncDisposable {
  host: string
  /** All calls but those for a token, in order. */
  seen: Seen[]
  tokensGiven: number
  /** What the token service answers instead of a token. */
  signIn: Answer | undefined
  /** Seconds, as the string that KPN sends. */
  tokenLife: string
  close(): Promise<void>
}

const API = '/network/kpn/servicenow'

/**
 * @param answers one for each call in turn; the last one stays.
 */
export async function contractServer(...answers: Answer[]): Promise<ContractServer> {
  const http = createServer({ keepAliveTimeout: 1000 }, async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://server')
    const parts: Buffer[] = []
    try {
      for await (const part of request) parts.push(part as Buffer)
    } catch {
      return // The client went away in the middle of its request.
    }
    const body = Buffer.concat(parts).toString('utf8')
    const seen = { method: request.method ?? '', url, headers: request.headers, body }
    if (url.pathname === '/oauth/client_credential/accesstoken') {
      if (server.signIn !== undefined) return await server.signIn(response, seen)
      server.tokensGiven++
      return json(response, 200, { access_token: `token-${server.tokensGiven}`, expires_in: server.tokenLife, token_type: 'Bearer' })
    }
    seen.url = new URL(url.href.replace(API, ''))
    server.seen.push(seen)
    const answer = answers[Math.min(server.seen.length, answers.length) - 1]
    await answer?.(response, seen)
  })
  await new Promise<void>(resolve => http.listen(0, '127.0.0.1', resolve))
  const close = async () => {
    http.closeAllConnections()
    await new Promise(resolve => http.close(resolve))
  }
  const server: ContractServer = {
    host: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    seen: [],
    tokensGiven: 0,
    signIn: undefined,
    tokenLife: '3599',
    close,
    [Symbol.asyncDispose]: close,
  }
  return server
}

export function json(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
}

/** An answer that is always the same. */
export function answers(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return response => json(response, status, body, headers)
}

export function refuses(status: number, code: string, headers: Record<string, string> = {}): Answer {
  return answers(status, { error: { code, message: `refused with ${status}`, hint: 'try this' } }, headers)
}

/** The connection goes away after the request was read. */
export const hangsUp: Answer = response => {
  response.socket?.destroy()
}

/** Promises all of an answer, sends half of it, and goes away. */
export function breaksOff(body: unknown): Answer {
  return response => {
    const text = JSON.stringify(body)
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': String(text.length) })
    response.write(text.slice(0, text.length / 2), () => response.socket?.destroy())
  }
}

/** A proxy that cut the answer and repaired its length: only the JSON shows it. */
export function cutsShort(body: unknown): Answer {
  return response => {
    const text = JSON.stringify(body)
    response.writeHead(200, { 'content-type': 'application/json' }).end(text.slice(0, text.length / 2))
  }
}
