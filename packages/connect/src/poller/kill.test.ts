import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { breaksOff, cutsShort, hangsUp, refuses } from '../testing/contract-server.ts'
import { type QueueServer, queueServer } from '../testing/queue-server.ts'
import { readJournal } from './journal.ts'

const COUNT = 300
const LONGEST_MS = 18_000
const PROCESS = join(import.meta.dirname, '..', 'testing', 'poller-process.ts')

interface Life {
  mode: 'from' | 'ack'
  compactBytes: number
  limit: number
}

/** Lets a poller process live and die until it has handed everything over; returns what it wrote down and how often it died. */
async function killedAgainAndAgain(server: QueueServer, folder: string, { mode, limit, compactBytes }: Life) {
  const log = join(folder, 'handled')
  const state = join(folder, 'poller')
  let kills = 0
  let child: ChildProcess | undefined
  const handled = async () => (await readFile(log, 'utf8').catch(() => '')).split('\n').slice(0, -1)
  const begin = async () => {
    const process_ = spawn(process.execPath, [PROCESS, server.host, state, mode, log, String(limit), String(compactBytes), '2'], {
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: LONGEST_MS,
      // A process is born every tenth of a second instead of every third.
      env: { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), 'connect-kill-compiled') },
    })
    child = process_
    await once(process_.stdout!, 'data')
  }
  try {
    for (const began = performance.now(); ; ) {
      if (performance.now() - began > LONGEST_MS) throw new Error(`after ${kills} kills only ${(await handled()).length} lines`)
      await begin()
      await pause(Math.random() * (Math.random() < 0.3 ? 40 : 300))
      server.arrived = Math.min(COUNT, server.arrived + Math.ceil(Math.random() * 40))
      const lines = await handled()
      if (lines.at(-1) === server.updates[COUNT - 1]?.transaction_id && (await readJournal(state)).handed === COUNT) break
      child?.kill('SIGKILL')
      await once(child!, 'exit')
      kills++
    }
  } finally {
    child?.kill('SIGKILL')
  }
  return { lines: await handled(), kills, journal: await readJournal(state) }
}

/** Each is the one after the last or the last once more: then none was skipped and none came early. */
function repeatedOnes(lines: string[], expected: string[]): number {
  let next = 0
  let repeats = 0
  for (const line of lines) {
    if (line === expected[next]) next++
    else if (line === expected[next - 1]) repeats++
    else throw new Error(`${line} came where ${expected[next]} was due`)
  }
  expect(next).toBe(expected.length)
  return repeats
}

test.each<Life>([
  { mode: 'from', limit: 40, compactBytes: 3000 },
  { mode: 'ack', limit: 25, compactBytes: 6000 },
])(
  'killed at any moment, a poller hands every update over, in order, skipping none: %o',
  async life => {
    const folder = await mkdtemp(join(tmpdir(), 'connect-kill-'))
    await using server = await queueServer(COUNT, { acknowledge: life.mode === 'ack' })
    server.arrived = 10
    const lost = [hangsUp, refuses(503, 'not_known', { 'retry-after': '0' }), breaksOff, cutsShort]
    server.misfortune = (_read, text) => {
      const kind = lost[Math.floor(Math.random() * lost.length * 6)]
      if (kind === breaksOff || kind === cutsShort) return kind(JSON.parse(text))
      return kind as ReturnType<typeof refuses> | undefined
    }
    try {
      const { lines, kills, journal } = await killedAgainAndAgain(server, folder, life)
      const expected = server.updates.map(({ transaction_id }) => transaction_id)
      const repeats = repeatedOnes(lines, expected)
      expect([...journal.remembered]).toEqual(expected)
      expect(journal).toMatchObject({ stored: COUNT, handed: COUNT, waiting: [] })
      if (process.env.SHOW_FIGURES) console.log(JSON.stringify({ ...life, kills, repeats, reads: server.seen.length }))
      expect(kills).toBeGreaterThan(4)
      if (life.mode === 'from') expect(server.position).toBe(0)
    } finally {
      await rm(folder, { recursive: true })
    }
  },
  20_000,
)
