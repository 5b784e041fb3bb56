import { closeSync, openSync, rmSync, writeSync } from 'node:fs'
import { CannotStart } from '../process/cannot-start.ts'
import { WrongUse } from '../process/wrong-use.ts'
import type { Flags } from './flags.ts'

/** The flag of every sub-command that makes a secret. */
export const OUT_FLAG = {
  out: { value: 'FILE', about: 'write the secret into this new file, for its owner alone, instead of showing it' },
} as const satisfies Flags

/** Where a secret goes that is shown once. */
export interface SecretPlace {
  /** Hands the secret over: a line for people, and members for JSON. */
  handOver(secret: string): { text: string; json: { secret: string } | { secret_file: string } }
  /** Nothing was made: the file that was opened for it goes. */
  abandon(): void
}

/**
 * Where a new secret will go: into the file of `--out`, else onto the terminal. Opened before the secret is made, so that none is made that
 * nobody gets.
 * @throws WrongUse where standard output is no terminal and no file is named: journals keep what is printed; CannotStart for a file that is there
 */
function openSecretPlace(out: string | undefined): SecretPlace {
  if (out !== undefined) return intoFile(out)
  if (!process.stdout.isTTY)
    throw new WrongUse(
      'The secret is shown once, and standard output is no terminal to show it on. Name a new file for it with --out FILE.',
    )
  return { handOver: secret => ({ text: `Shown once, now: ${secret}\n`, json: { secret } }), abandon: () => {} }
}

function intoFile(path: string): SecretPlace {
  let file: number
  try {
    file = openSync(path, 'wx', 0o600)
  } catch (error) {
    const why =
      (error as NodeJS.ErrnoException).code === 'EEXIST' ? 'it is there already, and is not written over' : (error as Error).message
    throw new CannotStart(`The secret cannot be written into ${path}: ${why}. Nothing was made.`)
  }
  return {
    handOver(secret) {
      // Without a line end: `curl --data-urlencode client_secret@FILE` would send it too.
      writeSync(file, secret)
      closeSync(file)
      return { text: `The secret is in ${path}, for its owner alone.\n`, json: { secret_file: path } }
    },
    abandon() {
      closeSync(file)
      rmSync(path, { force: true })
    },
  }
}

/** Makes something with a secret and hands it over; what was opened for it goes again where nothing is made. */
export async function withSecretPlace<T>(out: string | undefined, make: (place: SecretPlace) => Promise<T>): Promise<T> {
  const place = openSecretPlace(out)
  try {
    return await make(place)
  } catch (error) {
    place.abandon()
    throw error
  }
}
