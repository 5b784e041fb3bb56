import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

type Address = ipaddr.IPv4 | ipaddr.IPv6

interface Range {
  base: Address
  bits: number
}

/** The address a call came from, told by the connection and, where a trusted proxy made that, by what the proxy wrote down. */
export type CallerAddress = (peer: string, forwardedFor: string | null) => string

/**
 * Of a call through trusted proxies the caller is the right-most address of X-Forwarded-For that is none of them: each proxy adds on the
 * right whom it was called by, and what stands left of that anybody can have written. Any other connection speaks for itself,
 * whatever its headers say.
 * @param proxies addresses and ranges as `TRUSTED_PROXIES` has them
 */
export function callerAddress(proxies: string): CallerAddress {
  const ranges = entriesOf(proxies).map(rangeOf)
  const trusted = (address: Address) =>
    ranges.some(range => range?.base.kind() === address.kind() && (address as ipaddr.IPv4).match(range.base as ipaddr.IPv4, range.bits))
  return (peer, forwardedFor) => {
    let caller = addressOf(peer)
    if (!caller) return peer
    for (const hop of entriesOf(forwardedFor ?? '').reverse()) {
      if (!trusted(caller)) break
      const before = addressOf(withoutPort(hop))
      // A proxy that hides whom it speaks for speaks for itself.
      if (!before) break
      caller = before
    }
    return caller.toString()
  }
}

/** What is wrong with a list of proxies, in a sentence; undefined when nothing is. */
export function wrongProxies(text: string): string | undefined {
  const wrong = entriesOf(text).find(entry => !rangeOf(entry))
  if (wrong === undefined) return undefined
  return /\/0+$/.test(wrong)
    ? `"${wrong}" would trust everybody; name the proxies`
    : `"${wrong}" is not an address or a range such as 10.0.0.5, 10.0.0.0/8 or fd00::/8`
}

/**
 * Whose guesses count together: an IPv4 address, or the /64 of an IPv6 address, in which one machine may have any number of addresses. What
 * is no address stands for itself.
 */
export function networkOf(text: string): string {
  const address = addressOf(text)
  if (!address || address.kind() === 'ipv4') return address?.toString() ?? text
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${(address as ipaddr.IPv6).toNormalizedString()}/64`).toString()}/64`
}

const entriesOf = (text: string): string[] =>
  text
    .split(',')
    .map(entry => entry.trim())
    .filter(entry => entry !== '')

/** An IPv4 address in an IPv6 one (::ffff:…) is that IPv4 address; the name of a network card (%eth0) says nothing. */
function addressOf(text: string): Address | undefined {
  const [bare = ''] = text.split('%', 1)
  return isIP(bare) ? ipaddr.process(bare) : undefined
}

/** Some proxies add the port: 203.0.113.7:4711, [2001:db8::1]:4711. */
const withoutPort = (hop: string): string => /^\[(.*)\](?::\d+)?$/.exec(hop)?.[1] ?? /^([\d.]+):\d+$/.exec(hop)?.[1] ?? hop

function rangeOf(entry: string): Range | undefined {
  const [text = '', length, ...more] = entry.split('/')
  const base = addressOf(text)
  if (!base || more.length) return undefined
  const longest = base.kind() === 'ipv4' ? 32 : 128
  // ::ffff:10.0.0.0/104 is 10.0.0.0/8.
  const mapped = isIP(text) === 6 && longest === 32 ? 96 : 0
  const bits = length === undefined ? longest : /^\d{1,3}$/.test(length) ? Number(length) - mapped : 0
  return bits >= 1 && bits <= longest ? { base, bits } : undefined
}
