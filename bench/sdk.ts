/**
 * What does the SDK cost beside bare `fetch`? Lists 10,000 records and creates 1,000 on the same practice instance over HTTP, in
 * alternating rounds of one run. Run: npm run bench -- sdk
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPostgres } from '@deskbridge/postgres'
import pg from 'pg'
import { report } from './compare.ts'
import { fillPractice } from './practice-rows.ts'
import type { SdkJob, SdkResult } from './sdk-caller.ts'

const RECORDS = 10_000
const CREATED = 1_000
const ROUNDS = 7
const AIM = 1.15
const PASSWORD = 'of the benchmarks'

const folder = mkdtempSync(join(tmpdir(), 'deskbridge-bench-'))
// PostgreSQL, which runs as another user when we are root, must get through.
chmodSync(folder, 0o711)
const postgres = await startPostgres({ folder: join(folder, 'postgres') })
const children: ChildProcess[] = []
const started = (file: string, values: string[]) => {
  const child = fork(join(import.meta.dirname, file), values, {
    execArgv: ['--expose-gc'],
    env: { ...process.env, DATABASE_URL: postgres.url() },
  })
  children.push(child)
  return child
}
try {
  const instance = started('practice-server.ts', ['sdk', PASSWORD])
  const [{ url }] = (await once(instance, 'message')) as [{ url: string }]
  const client = new pg.Client({ connectionString: postgres.url() })
  await client.connect()
  await fillPractice(client, 'sdk', RECORDS)
  await client.end()
  await compared(`list ${RECORDS} records, all fields, page by page`, url, { kind: 'list', pageSize: 1_000 })
  await compared(`list ${RECORDS} records, five fields`, url, {
    kind: 'list',
    pageSize: 1_000,
    fields: ['number', 'short_description', 'state', 'priority', 'sys_updated_on'],
  })
  await compared(`create ${CREATED}, 8 at once`, url, { kind: 'create', times: CREATED, atOnce: 8 })
} finally {
  for (const child of children) {
    child.kill('SIGTERM')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  }
  await postgres.stop()
  rmSync(folder, { recursive: true, force: true })
}

/** Each side in a process of its own, so that neither pays for the other's memory; the first round warms up and does not count. */
async function compared(title: string, url: string, job: SdkJob): Promise<void> {
  const sides = { sdk: started('sdk-caller.ts', [url, PASSWORD, 'sdk']), bare: started('sdk-caller.ts', [url, PASSWORD, 'bare']) }
  const rounds: Record<keyof typeof sides, SdkResult>[] = []
  for (let round = 0; round <= ROUNDS; round++) {
    const order = round % 2 ? (['sdk', 'bare'] as const) : (['bare', 'sdk'] as const)
    const one = {} as Record<keyof typeof sides, SdkResult>
    for (const side of order) one[side] = await asked(sides[side], job)
    if (one.sdk.records !== one.bare.records) throw new Error(`${title}: ${one.sdk.records} records beside ${one.bare.records}`)
    if (round > 0) rounds.push(one)
  }
  console.log(`\n${title} (median of ${ROUNDS} rounds, ${rounds[0]!.sdk.records} records)`)
  for (const side of ['sdk', 'bare'] as const) {
    const all = rounds.map(round => round[side])
    console.log(
      `  ${side.padEnd(4)} ${median(all.map(({ ms }) => ms)).toFixed(0)} ms, processor ${median(all.map(({ cpuMs }) => cpuMs)).toFixed(0)} ms, ` +
        `heap at most ${Math.max(...all.map(({ heapMb }) => heapMb)).toFixed(0)} MB above idle`,
    )
  }
  const times = median(rounds.map(({ sdk, bare }) => sdk.ms / bare.ms))
  report('time beside bare fetch', times, `<= ${AIM}`, times <= AIM)
}

async function asked(child: ChildProcess, job: SdkJob): Promise<SdkResult> {
  child.send(job)
  const [result] = (await once(child, 'message')) as [SdkResult | { error: string }]
  if ('error' in result) throw new Error(result.error)
  return result
}

function median(figures: number[]): number {
  return [...figures].sort((a, b) => a - b)[figures.length >> 1]!
}
