import { Refusal } from './refusal.ts'

/** What only the practice instance refuses: a clock that cannot be set so. */

export const notAClock = () =>
  new Refusal(
    400,
    'Not a time',
    'Send {"now":"2026-01-01 00:00:00"} (UTC, 1971 to 8999), {"advance":"2d"} (s, m, h, d or w; "-2d" goes back) or {"reset":true}',
  )
