import { rmdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ServiceNowError } from '../error.ts'
import { folderStore, namesIn } from './folder-store.ts'
import { KEY_FILE, readOrMakeKeys } from './key-file.ts'
import { KeyProblem } from './key-problem.ts'
import type { Keys } from './keys.ts'
import type { ConnectionStore, SavedConnection, SealedCredentials } from './saved-connection.ts'
import { ConnectionProblem, placeOf } from './saved-connections.ts'
import { open, seal } from './sealing.ts'

type EnvironmentVariables = Readonly<Record<string, string | undefined>>

/** What became of one connection: under which name it is now, or why it stays where it was. */
export type MovedConnection = { readonly name: string } & ({ readonly as: string } | { readonly problem: string })

/** A name is at most 60 characters; the rest is for the number. */
const ROOM_FOR_NUMBER = 56

/**
 * Moves all connections of a folder into another one: each is opened with the key of the one and sealed with that of the other. Where its
 * name is another connection's there, it gets the next free one (`desk-2`); where the very same is there already, none is added. One that
 * cannot be opened stays. The key is removed with the last connection. Broken off, it goes on the next time.
 * What is wrong with a single connection is in the answer, and stops no other.
 * @example
 * const earlier = `${folder}/earlier`
 * const place = { environment: 'sandbox', url: baseUrl, values: { userName, password } }
 * await savedInFolder(earlier, {}).add({ name: 'desk', ...place })
 * await moveConnections(earlier, folder, {}) // → [{ name: 'desk', as: 'desk' }]
 */
export async function moveConnections(from: string, to: string, environment: EnvironmentVariables): Promise<MovedConnection[]> {
  const names = namesIn(from)
  const moved: MovedConnection[] = []
  for (const name of names) moved.push(await moveOne(name, roomOf(from, environment), roomOf(to, environment)))
  if (names.length > 0 && namesIn(from).length === 0) removeEmpty(from)
  return moved
}

interface Room {
  readonly store: ConnectionStore
  readonly keys: () => Keys
}

const roomOf = (folder: string, environment: EnvironmentVariables): Room => ({
  store: folderStore(folder),
  keys: () => readOrMakeKeys(folder, environment),
})

async function moveOne(name: string, from: Room, to: Room): Promise<MovedConnection> {
  try {
    const row = await from.store.find(name)
    const as = row ? await addUnderFreeName(opened(row, from.keys()), to) : name
    await from.store.remove(name)
    return { name, as }
  } catch (error) {
    if (error instanceof KeyProblem || error instanceof ConnectionProblem || error instanceof ServiceNowError || isOfFiles(error))
      return { name, problem: (error as Error).message }
    throw error
  }
}

const isOfFiles = (error: unknown) => typeof (error as NodeJS.ErrnoException).syscall === 'string'

async function addUnderFreeName(row: SavedConnection, to: Room): Promise<string> {
  for (let nth = 1; ; nth++) {
    const name = nth === 1 ? row.name : `${row.name.slice(0, ROOM_FOR_NUMBER)}-${nth}`
    const named = { ...row, name }
    if (await to.store.add(sealed(named, to.keys()))) return name
    const there = await to.store.find(name)
    if (there && isSame(there, named, to.keys())) return name
  }
}

/** The same connection: address, environment and all credentials. */
function isSame(there: SavedConnection, { url, environment, inUse, previous }: SavedConnection, keys: Keys): boolean {
  if (there.url !== url || there.environment !== environment) return false
  try {
    const known = opened(there, keys)
    return known.inUse.sealed === inUse.sealed && known.previous?.sealed === previous?.sealed
  } catch (error) {
    if (error instanceof KeyProblem) return false
    throw error
  }
}

/** With its credentials readable in the place of their seal: for the moment between two seals. */
const opened = (row: SavedConnection, keys: Keys) => withCredentials(row, one => open(keys, one.sealed, placeOf(row)))
const sealed = (row: SavedConnection, keys: Keys) => withCredentials(row, one => seal(keys, one.sealed, placeOf(row)))

function withCredentials(row: SavedConnection, change: (one: SealedCredentials) => string): SavedConnection {
  const anew = (one: SealedCredentials): SealedCredentials => ({ ...one, sealed: change(one) })
  return { ...row, inUse: anew(row.inUse), previous: row.previous && anew(row.previous) }
}

function removeEmpty(folder: string): void {
  rmSync(join(folder, KEY_FILE), { force: true })
  try {
    rmdirSync(folder)
  } catch {
    // Something of somebody else's is in it.
  }
}
