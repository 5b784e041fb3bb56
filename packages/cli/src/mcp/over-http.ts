import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answerWhileSending, keepIdleConnections } from '@deskbridge/exchange/listening'
import type { Server as ToolServer } from '@modelcontextprotocol/sdk/server/index.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { CannotStart } from '../process/cannot-start.ts'
import { guard } from './guard.ts'

/**
 * The tools over streamable HTTP, on this machine only. No call knows of another one, so there are no sessions to lose: each is answered
 * by a server of its own, and only POST is of use.
 */
export async function serveTools(
  makeServer: () => ToolServer,
  port: number,
  token: string,
  keepAliveMs?: number,
): Promise<{ url: string; close(): Promise<void> }> {
  const http = createServer()
  keepIdleConnections(http, keepAliveMs)
  await new Promise<void>((done, failed) => {
    http.once('error', error => failed(new CannotStart(`Port ${port} cannot be used: ${error.message}`)))
    http.listen(port, '127.0.0.1', done)
  })
  http.on('error', () => {})
  const { port: chosen } = http.address() as AddressInfo
  const turnedAway = guard(chosen, token)
  http.on('request', (request, response) => {
    const refusal = turnedAway(request) ?? (request.method === 'POST' ? undefined : { status: 405, problem: 'Only POST.' })
    if (refusal) return void refuseRequest(request, response, refusal)
    answerRequest(makeServer(), request, response).catch(() => response.destroy())
  })
  return {
    url: `http://127.0.0.1:${chosen}/mcp`,
    close: () =>
      new Promise(done => {
        http.close(() => done())
        http.closeAllConnections()
      }),
  }
}

async function answerRequest(server: ToolServer, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const transport = new StreamableHTTPServerTransport({})
  // Who goes away ends what is still being read for it.
  response.once('close', () => void server.close())
  await server.connect(transport as Parameters<ToolServer['connect']>[0])
  await transport.handleRequest(request, response)
}

function refuseRequest(incoming: IncomingMessage, outgoing: ServerResponse, { status, problem }: { status: number; problem: string }) {
  const challenge: Record<string, string> = { 401: { 'www-authenticate': 'Bearer' }, 405: { allow: 'POST' } }[status] ?? {}
  const text = JSON.stringify({ jsonrpc: '2.0', error: { code: -32000, message: problem }, id: null })
  return answerWhileSending({ incoming, outgoing }, { status, headers: { ...challenge, 'content-type': 'application/json' }, text })
}
