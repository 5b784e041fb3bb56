import { type Capture, type CaptureTrouble, readCapturesBehind, readParkedRecords } from '../capture/index.ts'
import type { Database } from '../platform/database.ts'
import type { Environment } from '../platform/environment.ts'
import type { Notices } from '../platform/notices.ts'
import { readParkedWrites } from '../recorded-writes/index.ts'

/** Every kind of trouble there is, and what it means for a person. */
export const TROUBLES = {
  'capture-failing': 'The instance could not be asked what has changed; it is asked again.',
  'capture-blind':
    'The instance shows that a record has entries and hides them; nothing of it is told until the integration user may read them.',
  'rows-ahead': 'Records carry a time that the instance has not reached. They are told as they are, and hold nobody up.',
  'clock-odd': 'Nobody can tell what time the instance has; what happens is noticed, some of it more than once.',
  'capture-behind': 'Records wait for longer than a minute for their updates.',
  'notices-away': 'The connection that listens for other processes is away; nothing is lost, and what they change is seen later.',
  'record-parked': 'Something of a record cannot be understood; it is not told, all others are.',
  'write-parked':
    'What a partner asked for may be one of two records; a person has to say which, by taking the correlation id off the other.',
} as const satisfies Record<CaptureTrouble['kind'] | 'record-parked' | 'capture-behind' | 'notices-away' | 'write-parked', string>

/** One of TROUBLES. */
export type TroubleKind = keyof typeof TROUBLES

/** Something that needs a person's attention, as the operator reads it. */
export interface Trouble {
  kind: TroubleKind
  /** Null: it is about both. */
  environment: Environment | null
  count: number
  since: Date
  /** Numbers and causes: for the operator and the log only. */
  cause: string
  records: readonly string[]
}

export interface Troubled {
  database: Database
  capture: Capture
  notices: Pick<Notices, 'listening' | 'since'>
}

/** A connection that is made again at once is nobody's trouble. */
const AWAY_FOR_MS = 5_000

/** What needs attention now. @throws DatabaseAway */
export async function readTroubles({ database, capture, notices }: Troubled): Promise<Trouble[]> {
  const { listening, since: noticesSince } = notices
  const silent = !listening && Date.now() - noticesSince.getTime() > AWAY_FOR_MS
  const [behind, records, parked] = await Promise.all([
    readCapturesBehind(database),
    readParkedRecords(database),
    readParkedWrites(database),
  ])
  return [
    ...capture.troubles().map(trouble => ({ ...trouble, records: [] })),
    ...records,
    ...behind.map(one => ({ ...one, kind: 'capture-behind' as const, cause: TROUBLES['capture-behind'], records: [] })),
    ...(silent
      ? [{ kind: 'notices-away' as const, environment: null, count: 1, since: noticesSince, cause: TROUBLES['notices-away'], records: [] }]
      : []),
    ...parked.map(({ environment, since, why, reference, number, partner }) => ({
      kind: 'write-parked' as const,
      environment,
      count: 1,
      since,
      cause: `${partner ?? 'The exchange itself'}, ${number ?? reference ?? 'without a number yet'}: ${why}`,
      records: [],
    })),
  ]
}

type ToldToAnyone = Pick<Trouble, 'kind' | 'environment' | 'count' | 'since'>

/** What anybody may know of it: how much of which kind, where and since when. */
export function publicTroubles(troubles: readonly Trouble[]): ToldToAnyone[] {
  const kinds = new Map<string, ToldToAnyone>()
  for (const { kind, environment, count, since } of troubles) {
    const same = kinds.get(`${kind} ${environment}`)
    const earliest = same && same.since < since ? same.since : since
    kinds.set(`${kind} ${environment}`, { kind, environment, count: count + (same?.count ?? 0), since: earliest })
  }
  return [...kinds.values()]
}
