import { chmodSync, linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { newKey } from './keys.ts'
import type { ConnectionStore, SavedConnection } from './saved-connection.ts'
import { ConnectionProblem } from './saved-connections.ts'

/** Connections in a folder, a file each, by names that `SavedConnections` has checked: two commands at once that save different ones do not undo each other's work. */
export function folderStore(folder: string): ConnectionStore {
  const pathOf = (name: string) => join(folder, `${name}.json`)

  const read = (name: string): SavedConnection | undefined => {
    let text: string
    try {
      text = readFileSync(pathOf(name), 'utf8')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
      throw new ConnectionProblem('invalid', `${pathOf(name)} cannot be read: ${(error as Error).message}`)
    }
    try {
      const row = JSON.parse(text) as SavedConnection
      if (row.name === name && typeof row.url === 'string' && typeof row.inUse.sealed === 'string') return row
    } catch {}
    throw new ConnectionProblem('invalid', `${pathOf(name)} is damaged. Remove it, or bring it back from a backup.`)
  }

  const list = () => namesIn(folder).flatMap(name => read(name) ?? [])

  /** The file appears whole: first beside its place, then under its name. */
  const write = (row: SavedConnection, put: (from: string, to: string) => void) => {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    chmodSync(folder, 0o700)
    const temporary = join(folder, `${row.name}.${newKey().id}`)
    writeFileSync(temporary, `${JSON.stringify(row, null, 2)}\n`, { mode: 0o600, flush: true, flag: 'wx' })
    try {
      put(temporary, pathOf(row.name))
    } finally {
      rmSync(temporary, { force: true })
    }
  }

  return {
    list: async () => list(),
    find: async name => read(name),
    add: async row => {
      try {
        // Unlike a rename, a link takes nobody's place.
        write(row, linkSync)
        return true
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
        throw error
      }
    },
    change: async (name, change) => {
      const row = read(name)
      if (!row) return undefined
      const changed = change(row)
      write(changed, renameSync)
      return changed
    },
    changeAll: async change => {
      // All are made before the first is written, so that one that cannot be opened stops it with nothing changed.
      const changed = list().map(change)
      for (const row of changed) write(row, renameSync)
      return changed.length
    },
    remove: async name => {
      if (!namesIn(folder).includes(name)) return false
      rmSync(pathOf(name), { force: true })
      return true
    },
  }
}

/** The names of the connections in a folder; none where it is not there. */
export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter(file => file.endsWith('.json'))
      .map(file => file.slice(0, -'.json'.length))
      .sort()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
