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
/** After so many the process may live until it is done. */
const KILLS = 10
const LONGEST_LIFE_MS = 10_000
const PROCESS = join(import.meta.dirname, '..', 'testing', 'poller-process.ts')

interface Life {
  mode: 'from' | 'ack'
  compactBytes: number
  limit: number
}

/**
 * Lets a poller process live and die until it has handed everything over; returns what it wrote down and how often it died. Lives
 * end by what was done in them, give or take some milliseconds, so that a busy machine changes nothing but the time it takes.
 */
async function killedAgainAndAgain(server: QueueServer, folder: string, { mode, limit, compactBytes }: Life) {
  const log = join(folder, 'handled')
  const state = join(folder, 'poller')
  const handled = async () => (await readFile(log, 'utf8').catch(() => '')).split('\n').slice(0, -1)
  let kills = 0
  let child: ChildProcess | undefined
  try {
    for (let done = 0; done < COUNT; ) {
      child = spawn(process.execPath, [PROCESS, server.host, state, mode, log, String(limit), String(compactBytes), '2'], {
        stdio: ['ignore', 'pipe', 'inherit'],
        timeout: 20_000,
        // A process is born every tenth of a second instead of every third.
        env: { ...process.env, NODE_COMPILE_CACHE: join(folder, 'compiled') },
      })
      await once(child.stdout!, 'data')
      server.arrived = Math.min(COUNT, server.arrived + 40)
      // Every fourth dies young: while it signs in, reads for the first time, or hands over what its predecessor left.
      const until = kills % 4 === 3 ? 0 : done + Math.ceil(Math.random() * 50)
      await linesOf(handled, kills < KILLS ? Math.min(until, server.arrived) : COUNT, child)
      await pause(Math.random() * (until === 0 ? 60 : 8))
      child.kill('SIGKILL')
      await once(child, 'exit')
      kills++
      done = (await readJournal(state)).handed
    }
  } finally {
    child?.kill('SIGKILL')
  }
  return { lines: await handled(), kills, journal: await readJournal(state) }
}

/** Waits until so many different updates were written down. */
async function linesOf(handled: () => Promise<string[]>, count: number, child: ChildProcess): Promise<void> {
  for (const began = performance.now(); new Set(await handled()).size < count; ) {
    if (performance.now() - began > LONGEST_LIFE_MS) throw new Error(`${count} updates were due, ${(await handled()).length} lines came`)
    if (child.exitCode !== null || child.signalCode !== null) throw new Error('the poller ended by itself')
    await pause(3)
  }
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
  { mode: 'from', limit: 12, compactBytes: 3000 },
  { mode: 'ack', limit: 9, compactBytes: 6000 },
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
      expect(kills).toBeGreaterThanOrEqual(8)
      if (life.mode === 'from') expect(server.position).toBe(0)
    } finally {
      await rm(folder, { recursive: true })
    }
  },
  20_000,
)
