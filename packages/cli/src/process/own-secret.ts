import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { CannotStart } from './cannot-start.ts'

/** A secret that a command makes where nobody gives it one: kept in a file for its owner alone, and the same at every start. */
export function readOrMakeSecret(path: string): string {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    const made = randomBytes(24).toString('base64url')
    try {
      writeFileSync(path, `${made}\n`, { mode: 0o600, flag: 'wx' })
      return made
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      return readFileSync(path, 'utf8').trim()
    }
  } catch (error) {
    throw new CannotStart(`${path} cannot be used for a secret of its own: ${(error as Error).message}`)
  }
}

/** Where a secret is. It is shown to a person at a terminal who asked for it; other standard outputs end up in journals and logs. */
export function sayWhere(secret: string, path: string, { show }: { show: boolean }): string {
  return show && process.stdout.isTTY ? secret : `in ${path}${show ? ' (this is no terminal to show it on)' : ''}`
}
