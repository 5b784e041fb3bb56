import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPostgres } from '@deskbridge/postgres'
import pg from 'pg'
import type { Load, LoadResult } from './load.ts'
import { fillPractice } from './practice-rows.ts'

export const SIZES = { small: 10_000, large: 1_000_000 } as const
export type Size = keyof typeof SIZES

export interface Served {
  url: string
  pid: number
}

/** One PostgreSQL with two practice instances of very different sizes, and beside each a bare server on the same tables. */
export interface PracticeGround {
  instance: Record<Size, Served>
  bare: Record<Size, Served>
  authorization: string
  sql<Row extends object>(text: string, values?: unknown[]): Promise<Row[]>
  load(load: Load): Promise<LoadResult>
  close(): Promise<void>
}

const PASSWORD = 'of the benchmarks'

/**
 * BENCH_PRACTICE_FOLDER keeps the filled database between runs; filling it takes minutes.
 * BENCH_PRACTICE_NODE_OPTIONS goes to the instances alone.
 */
export async function openPracticeGround(): Promise<PracticeGround> {
  const kept = process.env.BENCH_PRACTICE_FOLDER
  const folder = kept ?? mkdtempSync(join(tmpdir(), 'deskbridge-bench-'))
  if (!existsSync(folder)) mkdirSync(folder)
  // PostgreSQL, which runs as another user when we are root, must get through.
  chmodSync(folder, 0o711)
  const postgres = await startPostgres({ folder: join(folder, 'postgres'), settings: { max_wal_size: '4GB' } })
  const client = new pg.Client({ connectionString: postgres.url() })
  await client.connect()
  const children: ChildProcess[] = []
  const started = async (file: string, size: Size, nodeOptions = ''): Promise<Served> => {
    const child = fork(join(import.meta.dirname, file), [size, PASSWORD], {
      env: { ...process.env, NODE_OPTIONS: nodeOptions, DATABASE_URL: postgres.url() },
    })
    children.push(child)
    const [{ url }] = (await once(child, 'message')) as [{ url: string }]
    return { url, pid: child.pid! }
  }
  const instances = async (size: Size) => {
    const served = await started('practice-server.ts', size, process.env.BENCH_PRACTICE_NODE_OPTIONS)
    await fillPractice(client, size, SIZES[size])
    return served
  }
  const instance = { small: await instances('small'), large: await instances('large') }
  const bare = { small: await started('practice-bare.ts', 'small'), large: await started('practice-bare.ts', 'large') }
  const load = fork(join(import.meta.dirname, 'load.ts'))
  children.push(load)
  return {
    instance,
    bare,
    authorization: `Basic ${Buffer.from(`admin:${PASSWORD}`).toString('base64')}`,
    sql: async (text, values) => (await client.query(text, values)).rows,
    async load(order) {
      load.send(order)
      const [result] = (await once(load, 'message')) as [LoadResult | { error: string }]
      if ('error' in result) throw new Error(result.error)
      return result
    },
    async close() {
      for (const child of children) {
        child.kill('SIGTERM')
        if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
      }
      await client.end()
      await postgres.stop()
      if (kept === undefined) rmSync(folder, { recursive: true, force: true })
    },
  }
}
