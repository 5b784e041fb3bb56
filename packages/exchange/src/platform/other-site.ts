import { ExchangeError } from './errors.ts'

/**
 * Refuses what a page of another site makes a browser do with the credentials that it remembers: it says so in Sec-Fetch-Site, an older
 * one in Origin. Programs send neither (the same rule as `http.CrossOriginProtection` of Go's standard library).
 * @throws ExchangeError other_site
 */
export function assertSameSite(header: (name: string) => string | null): void {
  const site = header('sec-fetch-site')
  const origin = header('origin')
  if (site ? site === 'same-origin' || site === 'none' : origin === null || hostOf(origin) === header('host')?.toLowerCase()) return
  throw new ExchangeError('other_site', `A page of ${origin ?? 'another site'} may not do this.`.slice(0, 300))
}

const hostOf = (origin: string) => (URL.canParse(origin) ? new URL(origin).host : undefined)
