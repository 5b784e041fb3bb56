import { randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { CannotStart } from '../process/cannot-start.ts'
import { configurationFolder } from '../process/configuration-folder.ts'
import { openWaitingFile, type SecretPlace } from './waiting-file.ts'

const folder = () => join(configurationFolder(process.env), 'operator-tokens')
/** A file for each exchange: two commands that save at once take nothing from each other. */
const fileOf = (url: string) => join(folder(), encodeURIComponent(url))

/** The token saved for an exchange, and the file it is in; undefined where there is none. @throws CannotStart for a file that others may read */
export function readSavedToken(url: string): { token: string; path: string } | undefined {
  const path = fileOf(url)
  try {
    if ((statSync(path).mode & 0o077) !== 0) throw new CannotStart(`Others may read ${path}, which holds a token. Run: chmod 600 ${path}`)
    return { token: readFileSync(path, 'utf8').trim(), path }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error instanceof CannotStart ? error : new CannotStart(`${path} cannot be read: ${(error as Error).message}`)
  }
}

/**
 * The place of the token of an exchange: a file for its owner alone, which takes the place of an earlier one once the token is in it.
 * @throws CannotStart when it cannot be written. Nothing was made then
 */
export function placeOfSavedToken(url: string): SecretPlace {
  const path = fileOf(url)
  const aside = `${path}.${randomUUID()}`
  try {
    mkdirSync(folder(), { recursive: true, mode: 0o700 })
    const { fill, remove } = openWaitingFile(aside)
    return {
      handOver(token) {
        fill(token)
        renameSync(aside, path)
        return { text: `This command line uses it for ${url}; it is in ${path}, for its owner alone.\n`, json: { secret_file: path } }
      },
      abandon: remove,
    }
  } catch (error) {
    throw new CannotStart(`The token cannot be saved in ${path}: ${(error as Error).message}. Nothing was made.`)
  }
}
