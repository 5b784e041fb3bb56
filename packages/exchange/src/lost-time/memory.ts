import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What a data folder remembers of its database, wherever that runs. */
export interface Memory {
  /** Which server it was: its system identifier and timeline; '' where it does not say. */
  server: string
  /** How far the folder's mark had been counted, and when, by the database's clock. */
  counter: number
  at: string
}

const NOTHING: Memory = { server: '', counter: 0, at: '' }
const fileOf = (folder: string) => join(folder, 'database-seen.json')

/** What the folder remembers; nothing where it is new or its file cannot be read. */
export function recall(folder: string): Memory {
  try {
    const { server, counter, at } = JSON.parse(readFileSync(fileOf(folder), 'utf8')) as Memory
    return typeof server === 'string' && Number.isSafeInteger(counter) && typeof at === 'string' ? { server, counter, at } : NOTHING
  } catch {
    return NOTHING
  }
}

/** Replaces what the folder remembers, whole or not at all. */
export function remember(folder: string, memory: Memory): void {
  const fresh = `${fileOf(folder)}.new`
  writeFileSync(fresh, `${JSON.stringify(memory)}\n`, { mode: 0o600 })
  renameSync(fresh, fileOf(folder))
}
