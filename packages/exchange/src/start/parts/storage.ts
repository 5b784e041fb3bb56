import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { startPostgres } from '@deskbridge/postgres'
import { rememberTime } from '../../lost-time/index.ts'
import { CannotStart, takeDataFolder } from '../../platform/data-folder.ts'
import { openDatabase } from '../../platform/database.ts'
import { migrate } from '../../platform/migrations.ts'
import { openNotices } from '../../platform/notices.ts'
import { endEarlierSessions } from '../../platform/sessions.ts'
import { freeHoldsBy, readFoldersInUse } from '../../recorded-writes/index.ts'
import { openSpool } from '../../spool/index.ts'
import type { DatabaseServer } from '../opened.ts'
import { startPart } from '../part.ts'

export const folder = startPart('folder', ['settings'], {
  open: ({ settings }) => takeDataFolder(settings.dataFolder),
  close: own => own.release(),
})

export const lostTime = startPart('lostTime', ['folder'], { open: given => rememberTime(given.folder) })

export const databaseServer = startPart('databaseServer', ['settings', 'folder', 'broken'], {
  says({ settings, folder: { path } }) {
    if (settings.databaseUrl) return undefined
    const own = join(path, 'postgres')
    return existsSync(own) ? `Starting the database in ${own} …` : `Making the database in ${own} (first start) …`
  },
  open: ({ settings, folder: { path }, broken }) =>
    settings.databaseUrl ? { url: settings.databaseUrl, stop: async () => {} } : startOwnPostgres(path, broken.resolve),
  close: own => own.stop(),
})

async function startOwnPostgres(dataFolder: string, endedByItself: (why: string) => void): Promise<DatabaseServer> {
  const postgres = await startPostgres({ folder: join(dataFolder, 'postgres') })
  let stopping = false
  postgres.ended.then(() => {
    if (!stopping) endedByItself('PostgreSQL has ended by itself.')
  })
  return {
    url: postgres.url(),
    stop() {
      stopping = true
      return postgres.stop()
    },
  }
}

export const database = startPart('database', ['settings', 'databaseServer', 'lostTime', 'silence'], {
  says: ({ settings: { databaseUrl } }) =>
    databaseUrl
      ? `Asking the database at ${new URL(databaseUrl).host}, and bringing its tables up to date …`
      : 'Bringing its tables up to date …',
  async open({ settings, databaseServer: { url }, lostTime: { examine }, silence }) {
    try {
      await migrate(url)
    } catch (error) {
      if (error instanceof CannotStart) throw error
      throw new CannotStart(`The database cannot be used: ${(error as Error).message}${settings.databaseUrl ? ' Check DATABASE_URL.' : ''}`)
    }
    return openDatabase(url, { examine, onAnswer: silence.recordAnswer })
  },
  close: own => own.close(),
})

export const notices = startPart('notices', ['database', 'silence'], {
  open: given => openNotices(given.database, given.silence.recordAnswer),
  close: own => own.close(),
})

export const lostTimeWatch = startPart('lostTimeWatch', ['lostTime', 'database', 'notices', 'log'], {
  open: given => given.lostTime.watch(given.database, given.notices, given.log),
  close: (_, given) => given.lostTime.close(),
})

export const spool = startPart('spool', ['settings', 'folder'], {
  open: ({ settings, folder: { path } }) => openSpool(join(path, 'spool'), { limits: settings.spool }),
})

/** What the last process on this data folder left behind: sessions, holds and files are freed. */
export const leftBehind = startPart('leftBehind', ['database', 'folder', 'spool'], {
  async open(given) {
    await endEarlierSessions(given.database, given.folder.id)
    await freeHoldsBy(given.database, given.folder.id)
    await given.spool.sweep(new Set((await readFoldersInUse(given.database)).map(row => row.folder)))
  },
})
