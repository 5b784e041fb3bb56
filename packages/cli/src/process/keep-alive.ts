import { CannotStart } from './cannot-start.ts'

/** KEEP_ALIVE_SECONDS, which the exchange reads too: how long an idle connection is kept, in milliseconds; undefined leaves it to the server. */
export function keepAliveMs(environment: Readonly<Record<string, string | undefined>> = process.env): number | undefined {
  const given = environment.KEEP_ALIVE_SECONDS
  if (!given) return undefined
  if (!/^\d{1,4}(\.\d{1,3})?$/.test(given) || Number(given) < 0.1)
    throw new CannotStart(`KEEP_ALIVE_SECONDS: "${given}" is not a number of seconds (0.1 to 9999)`)
  return Number(given) * 1_000
}
