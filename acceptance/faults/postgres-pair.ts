import { appendFileSync, chownSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { takeBaseBackup } from './base-backup.ts'
import { type OwnPostgres, startOwnPostgres } from './own-postgres.ts'
import { until } from './socket-system.ts'

const STANDBY = 'standby'

/** A primary, and a standby that has every commit before it is confirmed, or (asynchronous) soon after. */
export interface PostgresPair extends AsyncDisposable {
  readonly primary: OwnPostgres
  readonly standby: OwnPostgres
  /** The standby becomes a primary. */
  promote(): Promise<void>
  /** From now on what is committed does not reach the standby. Only for an asynchronous one: a synchronous one lets nobody commit. */
  fallBehind(): Promise<void>
}

export async function startPair(kind: 'synchronous' | 'asynchronous'): Promise<PostgresPair> {
  const primary = await startOwnPostgres()
  let standby: OwnPostgres
  try {
    standby = await startOwnPostgres(folder => fillStandby(primary, folder))
    if (kind === 'synchronous') await ask(primary, `alter system set synchronous_standby_names = '${STANDBY}'`, 'select pg_reload_conf()')
    await until('the standby follows', async () => {
      const [row] = await ask(primary, 'select state, sync_state from pg_stat_replication')
      return row?.state === 'streaming' && row.sync_state === (kind === 'synchronous' ? 'sync' : 'async')
    })
  } catch (error) {
    await primary.end()
    throw error
  }
  return {
    primary,
    standby,
    promote: async () => void (await ask(standby, 'select pg_promote()')),
    fallBehind: async () => {
      await ask(standby, `alter system set primary_conninfo = ''`, 'select pg_reload_conf()')
      await until('the standby stands alone', async () => !(await ask(standby, 'select from pg_stat_wal_receiver')).length)
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([primary.end(), standby.end()])
    },
  }
}

async function fillStandby(primary: OwnPostgres, folder: string): Promise<void> {
  await takeBaseBackup({ url: primary.url('postgres'), folder: primary.folder, into: folder })
  const { searchParams, username, password, port } = new URL(primary.url())
  const conninfo = `host=${searchParams.get('host')} port=${port} user=${username} password=${password} application_name=${STANDBY}`
  appendFileSync(join(folder, 'postgresql.auto.conf'), `primary_conninfo = '${conninfo}'\n`)
  const signal = join(folder, 'standby.signal')
  writeFileSync(signal, '')
  const { uid, gid } = statSync(folder)
  chownSync(signal, uid, gid)
}

/** Runs these one after the other; the rows of the last one. */
async function ask(server: OwnPostgres, ...statements: string[]): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: server.url('postgres') })
  await client.connect()
  try {
    let rows: Record<string, unknown>[] = []
    for (const statement of statements) rows = (await client.query(statement)).rows
    return rows
  } finally {
    await client.end()
  }
}
