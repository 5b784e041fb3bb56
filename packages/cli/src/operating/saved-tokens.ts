import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CannotStart } from '../process/cannot-start.ts'
import { configurationFolder } from '../process/configuration-folder.ts'

const NAME = 'operator-tokens.json'

/** The token saved for an exchange, and the file it is in; undefined where there is none. @throws CannotStart for a file that others may read */
export function readSavedToken(url: string): { token: string; path: string } | undefined {
  const path = join(configurationFolder(process.env), NAME)
  const token = readAll(path)[url]
  return token === undefined ? undefined : { token, path }
}

/**
 * Saves the token of an exchange in a file for its owner alone, in the place of an earlier one; the file.
 * @throws CannotStart when it cannot be written
 */
export function rememberToken(url: string, token: string): string {
  const folder = configurationFolder(process.env)
  const path = join(folder, NAME)
  const all = { ...readAll(path), [url]: token }
  const aside = `${path}.${process.pid}`
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    writeFileSync(aside, `${JSON.stringify(all, null, 2)}\n`, { mode: 0o600, flag: 'wx' })
    renameSync(aside, path)
  } catch (error) {
    throw new CannotStart(`The token cannot be saved in ${path}: ${(error as Error).message}.`)
  }
  return path
}

function readAll(path: string): Record<string, string> {
  let text: string
  try {
    if ((statSync(path).mode & 0o077) !== 0) throw new CannotStart(`Others may read ${path}, which holds tokens. Run: chmod 600 ${path}`)
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw error instanceof CannotStart ? error : new CannotStart(`${path} cannot be read: ${(error as Error).message}`)
  }
  try {
    return JSON.parse(text) as Record<string, string>
  } catch {
    throw new CannotStart(`${path} is not JSON. Remove it, and save the token again.`)
  }
}
