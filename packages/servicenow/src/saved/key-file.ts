import { chmodSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { KeyProblem } from './key-problem.ts'
import { type Key, type Keys, newKey, readKey, writeKey } from './keys.ts'

/** The file of a folder that holds its keys. */
export const KEY_FILE = 'connections.key'

/** The variables that hold keys instead of the file. */
const KEY_VARIABLE = 'DESKBRIDGE_KEY'
const OLD_KEY_VARIABLE = 'DESKBRIDGE_OLD_KEY'

type EnvironmentVariables = Readonly<Record<string, string | undefined>>

/**
 * The keys of an installation: from the environment, else from the key file of its folder, which is made on first need.
 * @throws KeyProblem with a sentence for the person who runs it
 * @example
 * const [made] = readOrMakeKeys(folder, {})
 * readOrMakeKeys(folder, {})[0].id // → made.id
 */
export function readOrMakeKeys(folder: string, environment: EnvironmentVariables): Keys {
  const [current, old] = [KEY_VARIABLE, OLD_KEY_VARIABLE].map(name => fromVariable(name, environment[name]))
  // The file's key is an older one then: whoever moves to a key in the environment has only to start anew.
  if (current) return [current, ...(old ? [old] : []), ...(readKeyFile(folder) ?? [])]
  if (old) throw new KeyProblem(`${OLD_KEY_VARIABLE} is set, but ${KEY_VARIABLE} is not.`)
  return readKeyFile(folder) ?? makeKeyFile(folder)
}

/** Whether the key is in the environment, where a command cannot change it. */
export const keyIsGiven = (environment: EnvironmentVariables): boolean => Boolean(environment[KEY_VARIABLE])

/** Replaces the key file as a whole, or not at all. */
export function writeKeyFile(folder: string, keys: readonly Key[]): void {
  const temporary = writeNewFile(folder, keys)
  renameSync(temporary, join(folder, KEY_FILE))
}

function fromVariable(name: string, text: string | undefined): Key | undefined {
  if (!text) return undefined
  const key = readKey(text)
  if (!key) throw new KeyProblem(`${name} is not base64 of 32 bytes. Make one with: openssl rand -base64 32`)
  return key
}

function readKeyFile(folder: string): Keys | undefined {
  const path = join(folder, KEY_FILE)
  let text: string
  try {
    // A key that others could have read protects nothing any more, whatever is done to the file now.
    if ((statSync(path).mode & 0o077) !== 0)
      throw new KeyProblem(`Others may read the key file ${path}. Give it to its owner alone (chmod 600) and change the saved credentials.`)
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error instanceof KeyProblem ? error : new KeyProblem(`The key file ${path} cannot be read: ${(error as Error).message}`)
  }
  const keys = text.split('\n').filter(Boolean).map(readKey)
  if (keys.length === 0 || keys.includes(undefined)) throw new KeyProblem(`The key file ${path} is damaged. Bring it back from a backup.`)
  return keys as unknown as Keys
}

function makeKeyFile(folder: string): Keys {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const key = newKey()
  const temporary = writeNewFile(folder, [key])
  try {
    // Whoever is first has made it; the others read that one.
    linkSync(temporary, join(folder, KEY_FILE))
    return [key]
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw new KeyProblem(`No key file in ${folder}: ${(error as Error).message}`)
    return readKeyFile(folder)!
  } finally {
    rmSync(temporary, { force: true })
  }
}

function writeNewFile(folder: string, keys: readonly Key[]): string {
  const temporary = join(folder, `${KEY_FILE}.${newKey().id}`)
  writeFileSync(temporary, `${keys.map(writeKey).join('\n')}\n`, { mode: 0o600, flush: true, flag: 'wx' })
  chmodSync(temporary, 0o600)
  return temporary
}
