import { chownSync, copyFileSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'

/** What belongs to the running server alone. */
const NOT_COPIED = /^(postmaster\.(pid|opts)|\.s\.PGSQL\..*|pg_wal)$/

/**
 * Copies a running server's folder as pg_basebackup would, which npm does not bring along: PostgreSQL's documentation,
 * "Making a base backup using the low level API". The write-ahead log comes last, so the copy is as the server was then.
 */
export async function takeBaseBackup({ url, folder, into }: { url: string; folder: string; into: string }): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    // The session that begins a backup must be there until it ends.
    await client.query(`select pg_backup_start('story', fast => true)`)
    copyFolder(folder, into, name => !NOT_COPIED.test(name))
    const { rows } = await client.query('select labelfile from pg_backup_stop(false)')
    copyFolder(join(folder, 'pg_wal'), join(into, 'pg_wal'))
    writeFileSync(join(into, 'backup_label'), rows[0].labelfile, { mode: 0o600 })
    likeOwnerOf(folder, join(into, 'backup_label'))
  } finally {
    await client.end()
  }
}

/** Puts a backup in the place of a stopped server's folder. */
export function putBack(backup: string, folder: string): void {
  rmSync(folder, { recursive: true })
  copyFolder(backup, folder)
}

/** With owners and modes: a server refuses a folder that is another user's. */
function copyFolder(from: string, to: string, wanted: (name: string) => boolean = () => true): void {
  mkdirSync(to, { recursive: true, mode: 0o700 })
  likeOwnerOf(from, to)
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    if (!wanted(entry.name)) continue
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isDirectory()) copyFolder(source, target)
    else copyUnlessGone(source, target)
  }
}

/** A running server removes files while we copy; what is in the log makes up for them. */
function copyUnlessGone(source: string, target: string): void {
  try {
    copyFileSync(source, target)
    likeOwnerOf(source, target)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}

/** Only root's copies would be somebody else's. */
function likeOwnerOf(model: string, copy: string): void {
  if (process.getuid?.() !== 0) return
  const { uid, gid } = statSync(model)
  chownSync(copy, uid, gid)
}
