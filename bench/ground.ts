import { type ChildProcess, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPostgres } from '@deskbridge/postgres'
import pg from 'pg'
import type { Load, LoadResult } from './load.ts'

/** What a benchmark stands on: one PostgreSQL, and on it the exchange and the bare server, each with an address. */
export interface Ground {
  folder: string
  ours: string
  bare: string
  service: string
  /** The Authorization header of the demo customer's project, which has no quota here. */
  authorization: string
  pids: { ours: number; bare: number }
  sql<Row extends object>(text: string, values?: unknown[]): Promise<Row[]>
  /** Has the load process do something. */
  load(load: Load): Promise<LoadResult>
  close(): Promise<void>
}

interface FirstSteps {
  tokenUrl: string
  connectBaseUrl: string
  customer: { clientId: string; clientSecret: string; service: string }
}

const START_LIMIT_MS = 60_000

export async function openGround(): Promise<Ground> {
  const folder = mkdtempSync(join(tmpdir(), 'deskbridge-bench-'))
  // PostgreSQL, which runs as another user when we are root, must get through.
  chmodSync(folder, 0o711)
  const postgres = await startPostgres({ folder: join(folder, 'postgres') })
  const client = new pg.Client({ connectionString: postgres.url() })
  await client.connect()
  const exchange = startExchange(folder, postgres.url())
  await said(exchange, /Deskbridge runs/)
  const { tokenUrl, connectBaseUrl, customer } = JSON.parse(readFileSync(join(folder, 'data', 'first-steps.json'), 'utf8')) as FirstSteps
  await client.query(`update exchange.agreement set terms = jsonb_set(terms, '{callsPerMinute}', '1000000000')`)
  const bare = fork(join(import.meta.dirname, 'bare-server.ts'), { env: { ...process.env, DATABASE_URL: postgres.url() } })
  const [{ url }] = (await once(bare, 'message')) as [{ url: string }]
  const load = fork(join(import.meta.dirname, 'load.ts'))
  return {
    folder,
    ours: connectBaseUrl,
    bare: url,
    service: customer.service,
    authorization: `Bearer ${await token(tokenUrl, customer)}`,
    pids: { ours: exchange.pid!, bare: bare.pid! },
    sql: async (text, values) => (await client.query(text, values)).rows,
    async load(order) {
      load.send(order)
      const [result] = (await once(load, 'message')) as [LoadResult | { error: string }]
      if ('error' in result) throw new Error(result.error)
      return result
    },
    async close() {
      for (const child of [load, bare, exchange]) {
        child.kill('SIGTERM')
        if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
      }
      await client.end()
      await postgres.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** BENCH_EXCHANGE_NODE_OPTIONS goes to the exchange alone, for instance "--cpu-prof --cpu-prof-dir=/tmp/profiles". */
function startExchange(folder: string, databaseUrl: string): ChildProcess {
  return spawn(process.execPath, [join(import.meta.dirname, '..', 'packages', 'cli', 'bin', 'deskbridge.mjs'), 'start'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      NODE_OPTIONS: process.env.BENCH_EXCHANGE_NODE_OPTIONS ?? '',
      DATABASE_URL: databaseUrl,
      DESKBRIDGE_DEMO: 'yes',
      DESKBRIDGE_DATA: join(folder, 'data'),
      PORT: '0',
      INSTANCE_SANDBOX_PORT: '0',
      INSTANCE_PRODUCTION_PORT: '0',
    },
  })
}

async function said(child: ChildProcess, words: RegExp): Promise<void> {
  let text = ''
  const signal = AbortSignal.timeout(START_LIMIT_MS)
  while (!words.test(text)) text += String(((await once(child.stdout!, 'data', { signal })) as [Buffer])[0])
  child.stdout!.resume()
}

async function token(url: string, { clientId, clientSecret }: FirstSteps['customer']): Promise<string> {
  const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret })
  const response = await fetch(url, { method: 'POST', body })
  return ((await response.json()) as { access_token: string }).access_token
}
