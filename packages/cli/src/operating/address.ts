import { isIP } from 'node:net'
import { WrongUse } from '../process/wrong-use.ts'

const DEFAULT = 'http://127.0.0.1:8080'

/**
 * The address of the exchange: what was given, else DESKBRIDGE_EXCHANGE, else http://127.0.0.1:8080; without a slash at its end.
 * @throws WrongUse for what is none, and for one over which a token could be read on its way
 */
export function exchangeAddress(
  given: string | undefined,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): string {
  const source = given === undefined ? 'DESKBRIDGE_EXCHANGE' : '--exchange'
  const text = (given ?? environment.DESKBRIDGE_EXCHANGE) || DEFAULT
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^https?:$/.test(url.protocol))
    throw new WrongUse(`${source} is an address such as https://exchange.example.com or ${DEFAULT}.`)
  if (url.username || url.password || url.search || url.hash)
    throw new WrongUse(`${source} is the address alone, without a name, a password, a query or a fragment.`)
  if (url.protocol === 'http:' && !isThisMachine(url.hostname))
    throw new WrongUse(`${source}: over http:// to another machine anybody on the way could read the credential. Use https://.`)
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`
}

/** Of `localhost` and what ends so, a resolver never says another machine (RFC 6761). */
function isThisMachine(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '')
  return bare === 'localhost' || bare.endsWith('.localhost') || bare === '::1' || (isIP(bare) === 4 && bare.startsWith('127.'))
}
