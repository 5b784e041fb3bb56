import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import type { Database } from './database.ts'
import { sql } from './sql.ts'

const CHANNEL = 'deskbridge_exchange'

export interface Notices {
  /** Tells all exchange processes on this database, this one included. */
  tell(topic: string, text?: string): Promise<void>
  on(topic: string, listener: (text: string) => void): void
  /** Whether notices arrive now. While they do not, nothing may be remembered that a notice would have cleared. */
  readonly listening: boolean
  close(): Promise<void>
}

const notify = sql`select pg_notify('deskbridge_exchange', $1)`

/** Short messages between exchange processes, through PostgreSQL. They only wake or clear; the tables are the truth. */
export async function openNotices(database: Database): Promise<Notices> {
  const listeners = new Map<string, ((text: string) => void)[]>()
  let client: pg.Client | undefined
  let listening = false
  let closed = false

  async function listen(): Promise<void> {
    const fresh = new pg.Client({ connectionString: database.url })
    client = fresh
    fresh.on('error', () => {})
    fresh.on('notification', ({ payload = '' }) => {
      const space = payload.indexOf(' ')
      const topic = space < 0 ? payload : payload.slice(0, space)
      for (const listener of listeners.get(topic) ?? []) listener(space < 0 ? '' : payload.slice(space + 1))
    })
    fresh.on('end', () => {
      listening = false
      if (!closed) void again()
    })
    await fresh.connect()
    await fresh.query(`listen ${CHANNEL}`)
    listening = true
  }

  async function again(): Promise<void> {
    while (!closed) {
      await pause(500, undefined, { ref: false })
      try {
        return await listen()
      } catch {
        // The database is away; every request says so too.
      }
    }
  }

  await listen()
  return {
    tell: async (topic, text = '') => {
      await database.rows(notify, [text ? `${topic} ${text}` : topic])
    },
    on: (topic, listener) => {
      listeners.set(topic, [...(listeners.get(topic) ?? []), listener])
    },
    get listening() {
      return listening
    },
    close: async () => {
      closed = true
      await client?.end()
    },
  }
}
