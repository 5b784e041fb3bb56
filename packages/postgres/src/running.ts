import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PORT, SUPERUSER } from './initialise.ts'
import { isOldServerRunning } from './old-server.ts'
import { PASSWORD_FILE } from './password.ts'
import { makeSocketFolder } from './socket-folder.ts'
import { PostgresUnavailable } from './unavailable.ts'

/** A server that another process has started in a folder. */
export interface RunningElsewhere {
  /** Its address with the password, for the database made for Deskbridge. */
  url: string
  /** To be called when nobody connects any more. */
  leave(): void
}

/**
 * The server that runs in this folder, started by another process of its owner (or of root); undefined where none runs. Whoever may not
 * read the folder's password is refused.
 * @throws PostgresUnavailable with a sentence
 */
export function findRunningPostgres(folder: string): RunningElsewhere | undefined {
  if (!isOldServerRunning(folder)) return undefined
  let password: string
  try {
    password = readFileSync(join(folder, PASSWORD_FILE), 'utf8')
  } catch (error) {
    throw new PostgresUnavailable(`The password of the database in ${folder} cannot be read: ${(error as Error).message}`)
  }
  const { forClients, leave } = makeSocketFolder(folder)
  return { url: `postgresql://${SUPERUSER}:${password}@localhost:${PORT}/${SUPERUSER}?host=${encodeURIComponent(forClients)}`, leave }
}
