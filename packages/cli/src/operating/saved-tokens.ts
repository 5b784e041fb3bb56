import { readFileSync, statSync } from 'node:fs'
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
