import { closeSync, fsyncSync, ftruncateSync, openSync, rmSync, writeSync } from 'node:fs'

/** Hands a secret over: a line for people, and members for JSON. */
export type HandOver = (secret: string) => { text: string; json: { secret: string } | { secret_file: string } }

/** Where a secret goes that is shown once. */
export interface SecretPlace {
  readonly handOver: HandOver
  /** Nothing came: the file that was opened for it goes. */
  abandon(): void
}

/** A new file that waits for a secret. */
export interface WaitingFile {
  /** Puts the secret into it, and closes it. */
  fill(secret: string): void
  /** Nothing comes: it goes again. */
  remove(): void
}

/** More than any secret of an exchange has. */
const ROOM = 256

/**
 * Makes a new file for its owner alone, with room on the disk for the secret that is still to come: what could stand in the way is met before
 * the secret is made. Throws what node:fs throws, `EEXIST` for a file that is there.
 */
export function openWaitingFile(path: string): WaitingFile {
  const file = openSync(path, 'wx', 0o600)
  let isOpen = true
  const close = () => {
    if (isOpen) closeSync(file)
    isOpen = false
  }
  const remove = () => {
    close()
    rmSync(path, { force: true })
  }
  try {
    writeSync(file, ' '.repeat(ROOM), 0)
    fsyncSync(file)
  } catch (error) {
    remove()
    throw error
  }
  return {
    fill(secret) {
      // Without a line end: `curl --data-urlencode client_secret@FILE` would send it too.
      writeSync(file, secret, 0)
      ftruncateSync(file, Buffer.byteLength(secret))
      fsyncSync(file)
      close()
    },
    remove,
  }
}
