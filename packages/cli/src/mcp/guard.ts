import { hash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** Why a request is not let in. */
export interface TurnedAway {
  status: number
  problem: string
}

/**
 * Who may call the tools over HTTP. A web page that a person has open can reach 127.0.0.1, also under a name of its own (DNS rebinding):
 * so the name that was called and the page that calls must both be of this machine, and every call carries the token.
 */
export function guard(port: number, token: string): (request: IncomingMessage) => TurnedAway | undefined {
  const hosts = ['127.0.0.1', 'localhost'].map(name => `${name}:${port}`)
  const origins = hosts.map(host => `http://${host}`)
  return ({ url, headers: { host = '', origin, authorization = '' } }) => {
    if (!hosts.includes(host.toLowerCase())) return { status: 403, problem: `The host "${host}" is not this server.` }
    if (origin !== undefined && !origins.includes(origin.toLowerCase()))
      return { status: 403, problem: 'Pages of other origins may not call.' }
    if (!equal(authorization, `Bearer ${token}`))
      return { status: 401, problem: 'The bearer token is needed; this server said at its start where it is.' }
    return url === '/mcp' ? undefined : { status: 404, problem: 'The tools are at /mcp.' }
  }
}

/** In the same time whatever is given, also where only the length is wrong. */
function equal(given: string, wanted: string): boolean {
  const [one, other] = [given, wanted].map(text => hash('sha256', text, 'buffer')) as [Buffer, Buffer]
  return timingSafeEqual(one, other)
}
