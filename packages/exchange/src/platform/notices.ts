import { Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { repeat } from './again.ts'
import { CLIENT_GONE, type Database, type Queries } from './database.ts'
import { sql } from './sql.ts'

const CHANNEL = 'deskbridge_exchange'
/** As the operator sees it in pg_stat_activity: one a process. */
export const NOTICES_SESSION = 'deskbridge notices'
/** Heartbeat: a half-open connection looks open; only asking shows it. */
const HEARTBEAT_EVERY_MS = 2_000
const ANSWER_WITHIN_MS = 3_000
const LASTED_MS = 1_000

export interface Notices {
  /** Tells all exchange processes on this database, this one included; within a transaction once that is committed, and never without. */
  tell(topic: string, text?: string, within?: Queries): Promise<void>
  on(topic: string, listener: (text: string) => void): void
  /** Called whenever notices arrive again after they did not: those sent meanwhile are lost. */
  onBack(listener: () => void): void
  /** Whether notices arrive now. While they do not, nothing may be remembered that a notice would have cleared. */
  readonly listening: boolean
  /** Since when notices arrive, or do not. */
  readonly since: Date
  close(): Promise<void>
}

const notify = sql`select pg_notify('deskbridge_exchange', $1)`

/**
 * Short messages between exchange processes, through PostgreSQL. They only wake or clear; the tables are the truth. One connection
 * listens, whatever happens: it is made again by a single loop, and its heartbeat notices when the other side has gone silently.
 */
export async function openNotices(database: Database, onAnswer: () => void = () => {}): Promise<Notices> {
  const listeners = new Map<string, ((text: string) => void)[]>()
  const whenBack: (() => void)[] = []
  const first = Promise.withResolvers<void>()
  let listening = false
  let since = new Date()
  const setListening = (now: boolean) => {
    if (now !== listening) since = new Date()
    listening = now
  }
  function hear(payload = ''): void {
    const space = payload.indexOf(' ')
    const topic = space < 0 ? payload : payload.slice(0, space)
    for (const listener of listeners.get(topic) ?? []) listener(space < 0 ? '' : payload.slice(space + 1))
  }

  /** Listens until the connection has ended or is silent; throws then. */
  async function listen(ending: AbortSignal): Promise<void> {
    const socket = new Socket()
    const client = new pg.Client({
      connectionString: database.url,
      application_name: NOTICES_SESSION,
      options: CLIENT_GONE,
      connectionTimeoutMillis: ANSWER_WITHIN_MS,
      query_timeout: ANSWER_WITHIN_MS,
      stream: () => socket,
    })
    const over = new AbortController()
    const end = () => over.abort()
    client.on('error', end).on('end', end)
    client.on('notification', ({ payload }) => hear(payload))
    ending.addEventListener('abort', end, { once: true })
    try {
      await client.connect()
      await client.query(`listen ${CHANNEL}`)
      onAnswer()
      setListening(true)
      const began = performance.now()
      first.resolve()
      for (const listener of whenBack) listener()
      while (!over.signal.aborted) {
        await pause(HEARTBEAT_EVERY_MS, undefined, { signal: over.signal, ref: false }).catch(() => {})
        if (over.signal.aborted) break
        await client.query('select')
        onAnswer()
      }
      // A connection that lasted is no failure: the next one is made at once.
      if (performance.now() - began > LASTED_MS) return
    } finally {
      setListening(false)
      ending.removeEventListener('abort', end)
      // Closed without a Terminate message (client.end()): it would wait for a server that may be gone.
      socket.destroy()
    }
    if (!ending.aborted) throw new Error('The listening connection has ended')
  }

  const listeningAgain = repeat(async ending => {
    try {
      await listen(ending)
    } catch (error) {
      first.reject(error)
      throw error
    }
  })
  await first.promise.catch(async error => {
    await listeningAgain.end()
    throw error
  })
  return {
    tell: async (topic, text = '', within = database) => {
      await within.rows(notify, [text ? `${topic} ${text}` : topic])
    },
    on: (topic, listener) => {
      listeners.set(topic, [...(listeners.get(topic) ?? []), listener])
    },
    onBack: listener => {
      whenBack.push(listener)
    },
    get listening() {
      return listening
    },
    get since() {
      return since
    },
    close: () => listeningAgain.end(),
  }
}
