import { oneAtATime } from '../platform/again.ts'
import type { Database } from '../platform/database.ts'
import { ExchangeError } from '../platform/errors.ts'
import { sql } from '../platform/sql.ts'
import type { Caller } from './caller.ts'

const WINDOW_MS = 60_000
const SHARED_EVERY_MS = 250

const addUp = sql`
  insert into exchange.quota_window (project_id, starts_at, used)
  select * from unnest($1::uuid[], $2::timestamptz[], $3::integer[])
  on conflict (project_id, starts_at) do update set used = exchange.quota_window.used + excluded.used
  returning project_id as "projectId", starts_at as "startsAt", used`

interface Window {
  startsAt: number
  /** Calls of all processes, as far as shared. */
  shared: number
  /** Calls of this process that are not shared yet. */
  own: number
  /** The end of the minute, as a header has it. */
  resetText: string
}

/** Calls a minute of each project, counted over all processes of a database. */
export interface Quota {
  /** Counts a call, sets the quota headers, and refuses it when the project's calls for this minute are used up. */
  count(caller: Caller, header: (name: string, value: string) => void): void
  close(): Promise<void>
}

/**
 * Calls per project and minute (headers: contract connect-api 3.4). Each process counts exactly and adds its count to the
 * database four times a second, so several processes together may let through what they get within a quarter of a second.
 */
export function openQuota(database: Database, failed: (error: unknown) => void): Quota {
  const windows = new Map<string, Window>()

  async function shareCounts(): Promise<void> {
    const due = [...windows].filter(([, window]) => window.own > 0)
    if (!due.length) return
    const counted = due.map(([projectId, window]) => ({ projectId, window, own: window.own }))
    const rows = await database.rows<{ projectId: string; startsAt: Date; used: number }>(addUp, [
      counted.map(({ projectId }) => projectId),
      counted.map(({ window }) => new Date(window.startsAt)),
      counted.map(({ own }) => own),
    ])
    for (const { projectId, window, own } of counted) {
      const row = rows.find(candidate => candidate.projectId === projectId && candidate.startsAt.getTime() === window.startsAt)
      window.own -= own
      window.shared = row?.used ?? window.shared + own
    }
  }

  const share = oneAtATime(() => shareCounts().catch(failed))
  const timer = setInterval(share, SHARED_EVERY_MS)
  timer.unref()

  return {
    count({ projectId, terms }, header) {
      const now = Date.now()
      const startsAt = now - (now % WINDOW_MS)
      let window = windows.get(projectId)
      if (window?.startsAt !== startsAt) {
        window = { startsAt, shared: 0, own: 0, resetText: new Date(startsAt + WINDOW_MS).toISOString().replace('.000Z', 'Z') }
        windows.set(projectId, window)
      }
      const limit = terms.callsPerMinute
      const used = window.shared + window.own
      const resetAt = startsAt + WINDOW_MS
      header('quota-limit', String(limit))
      header('quota-interval', '1')
      header('quota-time-unit', 'minute')
      header('quota-used', String(Math.min(used + 1, limit)))
      header('quota-reset-UTC', window.resetText)
      if (used >= limit)
        throw new ExchangeError('quota_exceeded', `Your project has used its ${limit} calls for this minute.`, {
          retryAfter: (resetAt - now) / 1_000,
        })
      window.own += 1
    },
    async close() {
      clearInterval(timer)
      await share.settled()
      await shareCounts().catch(failed)
    },
  }
}
