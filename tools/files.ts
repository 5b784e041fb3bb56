import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'

export const ROOT = join(import.meta.dirname, '..')

/** Never part of the repository; the same folders as in .gitignore. */
const NOT_OURS = new Set(['.git', 'node_modules', 'data', 'dist', 'coverage'])

/** Every file of the repository as `packages/exchange/src/start/start.ts`, sorted; those that are not committed yet too. */
export function repositoryFiles(root: string = ROOT): string[] {
  return (gitFiles(root) ?? walk(root, '')).sort()
}

/** Undefined where there is no git or no checkout, such as in an unpacked archive. */
function gitFiles(root: string): string[] | undefined {
  try {
    const list = (...flags: string[]) =>
      execFileSync('git', ['ls-files', '-z', ...flags], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
        .split('\0')
        .filter(Boolean)
    const gone = new Set(list('--deleted'))
    return [...new Set(list('--cached', '--others', '--exclude-standard'))].filter(file => !gone.has(file))
  } catch {
    return undefined
  }
}

function walk(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap(entry => {
    if (NOT_OURS.has(entry.name)) return []
    const path = folder ? `${folder}/${entry.name}` : entry.name
    return entry.isDirectory() ? walk(root, path) : [path]
  })
}
