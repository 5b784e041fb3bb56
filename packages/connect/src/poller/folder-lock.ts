import { join } from 'node:path'
import { ConnectError } from '../calling/connect-error.ts'

/** SQLITE_BUSY. */
const BUSY = 5

/**
 * Holds a folder for one poller. The lock is the operating system's own, on a file, and ends with the process however that ends:
 * so there is no stale lock to judge, which a file with a process number in it always leaves (numbers are used again, and mean
 * nothing in another container). Node has no call for such a lock; its SQLite takes one.
 * @returns what gives the folder free again.
 * @throws ConnectError `folder_in_use`.
 */
export async function lockFolder(folder: string): Promise<() => void> {
  // An old Node has none, and is to be told so by our own sentence.
  const { DatabaseSync } = await import('node:sqlite')
  const database = new DatabaseSync(join(folder, 'lock'))
  try {
    // No journal of its own: nothing is ever written to this database.
    database.exec('pragma journal_mode = memory; begin exclusive')
  } catch (cause) {
    database.close()
    if ((cause as { errcode?: number }).errcode !== BUSY) throw cause
    throw new ConnectError({
      status: 0,
      code: 'folder_in_use',
      message: `Another poller is using the folder ${folder}`,
      hint: 'One folder belongs to one running poller. Stop the other one, or give this one a folder of its own.',
      retryable: false,
      cause,
    })
  }
  return () => database.close()
}
