import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { TEST_FILES } from '../import-map/map.ts'

/** What stays in the checkout: what only tests use, as the import map knows it, and programs to read. */
const STAYS = [...TEST_FILES, /\/examples\//]

/** Whether a file of a package, such as `./src/client.ts`, goes into its tarball. */
export const isPacked = (path: string): boolean => !STAYS.some(pattern => pattern.test(path))

/** The files of a package that go into its tarball as they are, sorted: sources, what lies beside them, programs, and documents. */
export function packedFiles(folder: string): string[] {
  const found = ['src', 'bin'].flatMap(name => filesBelow(folder, name))
  const documents = readdirSync(folder).filter(name => name.endsWith('.md'))
  return [...found.filter(path => isPacked(`./${path}`)), ...documents].sort()
}

function filesBelow(folder: string, name: string): string[] {
  try {
    return readdirSync(join(folder, name), { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => join(entry.parentPath, entry.name).slice(folder.length + 1))
  } catch {
    return []
  }
}
