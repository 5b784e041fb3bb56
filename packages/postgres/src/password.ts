import { randomBytes } from 'node:crypto'
import { chownSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { clientOf } from './client.ts'
import type { OwnUser } from './own-user.ts'

export const PASSWORD_FILE = 'deskbridge.password'
const RULES_FILE = 'pg_hba.conf'
const RULES = `# Written by Deskbridge, and written anew when it was changed. The password is in ${PASSWORD_FILE}.
local all all scram-sha-256
local replication all scram-sha-256
`
/** While the password is set nobody has one. Then as always only the server's own user and root get to the socket. */
const OPEN_RULES = 'local all all trust\n'
const INVALID_PASSWORD = '28P01'
const RELOADED_WITHIN_MS = 10_000

/** How one gets into the database of a folder. */
export interface Entrance {
  password: string
  /** To be called once the server answers: from then on nobody gets in without the password. */
  close(server: { url: string; user: string }): Promise<void>
}

/**
 * Reads the password of a database, from a file that only its owner may read. One that has none yet, because it is new, was made when
 * its owner was trusted, or has lost it, gets one: to be called before its server starts.
 */
export function openEntrance(data: string, owner: OwnUser | undefined): Entrance {
  const known = readTextIfThere(join(data, PASSWORD_FILE))
  if (known && readTextIfThere(join(data, RULES_FILE)) === RULES) return { password: known, close: async () => {} }
  const password = known || randomBytes(32).toString('base64url')
  if (!known) writePrivateFile(join(data, PASSWORD_FILE), password)
  writePrivateFile(join(data, RULES_FILE), OPEN_RULES, owner)
  return {
    password,
    async close({ url, user }) {
      await runStatement(url, `alter role ${pg.escapeIdentifier(user)} password ${pg.escapeLiteral(password)}`)
      writePrivateFile(join(data, RULES_FILE), RULES, owner)
      await runStatement(url, 'select pg_reload_conf()')
      await waitForRefusal(url)
    },
  }
}

export const isWrongPassword = (error: unknown): boolean => (error as { code?: string }).code === INVALID_PASSWORD

/** A reload takes effect a moment after it was asked for: waits until a wrong password is refused. */
async function waitForRefusal(url: string): Promise<void> {
  const wrong = new URL(url)
  wrong.password = 'wrong'
  for (const limit = Date.now() + RELOADED_WITHIN_MS; ; await pause(5)) {
    try {
      await runStatement(wrong.href, 'select')
    } catch (error) {
      if (isWrongPassword(error)) return
      throw error
    }
    if (Date.now() > limit) throw new Error('PostgreSQL goes on letting people in without a password')
  }
}

async function runStatement(url: string, statement: string): Promise<void> {
  const client = clientOf(url)
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

function readTextIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw error
  }
}

/** Whole or not at all, and never through a link that is there. */
function writePrivateFile(path: string, text: string, owner?: OwnUser): void {
  const fresh = `${path}.new`
  rmSync(fresh, { force: true })
  writeFileSync(fresh, text, { mode: 0o600, flag: 'wx', flush: true })
  if (owner) chownSync(fresh, owner.uid, owner.gid)
  renameSync(fresh, path)
}
