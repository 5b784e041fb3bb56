import { readCaptureLags } from '../capture/index.ts'
import { ENVIRONMENTS } from '../platform/environment.ts'
import type { Figure } from '../platform/metrics.ts'
import { countUnfinishedWrites } from '../recorded-writes/index.ts'
import { countUnansweredNews } from '../responses/index.ts'
import type { OpenSpool } from '../spool/index.ts'
import { readUnread } from '../update-queue/index.ts'
import { publicTroubles, readTroubles, type Troubled } from './troubles.ts'

/** Whoever reads /metrics gives up after some seconds; a database that says nothing must not keep it waiting. */
const WITHIN_MS = 1_000
/** Several who read at once, or shortly after one another, cost the database one look. */
const KEPT_MS = 2_000
/** As many partners have a figure of their own, however many there are. */
const MOST_PARTNERS = 20

export type FigureParts = Troubled & { spool: Pick<OpenSpool, 'use'> }

/** What the gauges at /metrics say. */
export interface Figures {
  /**
   * As they were within the last 2 s. Settles within a second; while the database does not answer, without what is read from it.
   * @param known whether it is the operator who asks; what takes longer than that second is a no
   */
  read(known: Promise<boolean>): Promise<{ figures: Figure[]; toOperator: boolean }>
}

/** The figures that show how an exchange does its work. */
export function openFigures(parts: FigureParts): Figures {
  let asked: { at: number; answer: Promise<Figure[] | undefined> } | undefined
  const readKept = () => {
    if (!asked || performance.now() - asked.at > KEPT_MS)
      asked = {
        at: performance.now(),
        answer: readShared(parts).catch(() => {
          asked = undefined
          return undefined
        }),
      }
    return asked.answer
  }
  return {
    async read(known) {
      const late = new Promise<undefined>(done => setTimeout(done, WITHIN_MS, undefined).unref())
      const [shared, isKnown] = await Promise.all([Promise.race([readKept(), late]), Promise.race([known, late])])
      const toOperator = isKnown === true
      const figures: Figure[] = [
        ...(shared ?? []),
        { name: 'deskbridge_database_up', value: shared ? 1 : 0 },
        { name: 'deskbridge_partners_told', value: toOperator ? 1 : 0 },
        ...ofSpool(parts.spool),
      ]
      return { figures, toOperator }
    },
  }
}

/** A series that comes and goes is none that anybody can see grow: where there is nothing to count, zero is said. */
const NOTHING: readonly Figure[] = ENVIRONMENTS.flatMap(environment => [
  ...(
    [
      'deskbridge_unread_updates',
      'deskbridge_oldest_unread_update_seconds',
      'deskbridge_oldest_open_write_seconds',
      'deskbridge_unanswered_news',
      'deskbridge_oldest_unanswered_new_seconds',
    ] as const
  ).map(name => ({ name, labels: { environment }, value: 0 })),
  ...['open', 'halted'].map(state => ({ name: 'deskbridge_writes' as const, labels: { environment, state }, value: 0 })),
])

async function readShared({ database, ...parts }: FigureParts): Promise<Figure[]> {
  const [troubles, lags, unread, writes, news] = await Promise.all([
    readTroubles({ database, ...parts }),
    readCaptureLags(database),
    readUnread(database, MOST_PARTNERS),
    countUnfinishedWrites(database),
    countUnansweredNews(database),
  ])
  return [
    ...NOTHING,
    ...publicTroubles(troubles).map(
      ({ kind, environment, count }): Figure => ({
        name: 'deskbridge_troubles',
        labels: { kind, environment: environment ?? '' },
        value: count,
      }),
    ),
    ...lags.flatMap(({ environment, lagSeconds, due }): Figure[] => [
      { name: 'deskbridge_capture_due', labels: { environment }, value: due },
      { name: 'deskbridge_capture_lag_seconds', labels: { environment }, value: lagSeconds ?? process.uptime() },
    ]),
    ...unread.flatMap(({ environment, partner, updates, oldestSeconds }): Figure[] =>
      partner === null
        ? [
            { name: 'deskbridge_unread_updates', labels: { environment }, value: updates },
            { name: 'deskbridge_oldest_unread_update_seconds', labels: { environment }, value: oldestSeconds },
          ]
        : [
            { name: 'deskbridge_partner_unread_updates', labels: { partner, environment }, value: updates },
            { name: 'deskbridge_partner_oldest_unread_update_seconds', labels: { partner, environment }, value: oldestSeconds },
          ],
    ),
    ...writes.flatMap(({ environment, state, count, oldestSeconds }): Figure[] => [
      { name: 'deskbridge_writes', labels: { environment, state }, value: count },
      ...(state === 'open'
        ? [{ name: 'deskbridge_oldest_open_write_seconds', labels: { environment }, value: oldestSeconds } as const]
        : []),
    ]),
    ...news.flatMap(({ environment, count, oldestSeconds }): Figure[] => [
      { name: 'deskbridge_unanswered_news', labels: { environment }, value: count },
      { name: 'deskbridge_oldest_unanswered_new_seconds', labels: { environment }, value: oldestSeconds },
    ]),
  ]
}

function ofSpool(spool: FigureParts['spool']): Figure[] {
  const { used, limits } = spool.use()
  return [
    { name: 'deskbridge_spool_bytes', value: used.bytes },
    { name: 'deskbridge_spool_files', value: used.files },
    { name: 'deskbridge_spool_limit_bytes', value: limits.bytes },
  ]
}
