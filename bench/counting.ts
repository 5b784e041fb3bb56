import type { Ground } from './ground.ts'

/** A backend may keep its counts to itself for 10 s (PostgreSQL, PGSTAT_IDLE_INTERVAL). */
const COUNTS_SHOW_AFTER_MS = 15_000
/** Only with this argument: it takes 45 s for each benchmark. */
export const COUNT = '--count'

/**
 * Checks that both sides do the same work: what PostgreSQL counts for the same number of requests. What the exchange does
 * meanwhile by itself (capture, quota) is measured without requests first, and taken off.
 */
export async function countWork({ sql }: Ground, sides: Record<string, () => Promise<{ requests: number }>>): Promise<void> {
  if (!process.argv.includes(COUNT)) return
  const counted = async () => {
    const [row] = await sql<{ commits: string; writing: string }>(
      `select (select xact_commit from pg_stat_database where datname = current_database())::text as commits,
         pg_snapshot_xmax(pg_current_snapshot())::text as writing`,
    )
    return { commits: Number(row!.commits), writing: Number(row!.writing) }
  }
  const during = async (work: () => Promise<unknown>) => {
    const before = await counted()
    await work()
    await new Promise(done => setTimeout(done, COUNTS_SHOW_AFTER_MS))
    const after = await counted()
    return { commits: after.commits - before.commits, writing: after.writing - before.writing }
  }
  const idle = await during(async () => {})
  for (const [name, side] of Object.entries(sides)) {
    let requests = 0
    const done = await during(async () => {
      requests = (await side()).requests
    })
    const each = (figure: 'commits' | 'writing') => ((done[figure] - idle[figure]) / requests).toFixed(2)
    console.log(`  ${name}: ${each('commits')} transactions a request, ${each('writing')} of them writing (${requests} requests)`)
  }
}
