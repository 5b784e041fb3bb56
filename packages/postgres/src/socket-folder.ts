import { closeSync, constants, openSync } from 'node:fs'
import { PostgresUnavailable } from './unavailable.ts'

/** A Unix socket's path may have at most 107 bytes (Linux, unix(7)); `.s.PGSQL.5432` takes 14 of them. */
const LONGEST = 92

export interface SocketFolder {
  /** As the server names it, whose working folder is the database's. */
  forServer: string
  /** As clients name it; it holds while this process runs. */
  forClients: string
  leave(): void
}

/**
 * The folder of a server's socket is that of its database, which only its owner may enter. Where its path is too long it is reached
 * through an open file of ours, so nothing is ever made in a folder that others share.
 * @throws PostgresUnavailable where there is no /proc
 */
export function makeSocketFolder(data: string): SocketFolder {
  if (Buffer.byteLength(data) <= LONGEST) return { forServer: data, forClients: data, leave: () => {} }
  if (process.platform !== 'linux')
    throw new PostgresUnavailable(
      `The path ${data} is too long for a socket: it may have ${LONGEST} bytes. Choose a shorter one with DESKBRIDGE_DATA.`,
    )
  const open = openSync(data, constants.O_RDONLY | constants.O_DIRECTORY)
  return { forServer: '.', forClients: `/proc/${process.pid}/fd/${open}`, leave: () => closeSync(open) }
}
