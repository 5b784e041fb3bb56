import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { TEST_FILES } from '../import-map/map.ts'

/** What stays in the checkout: what only tests use, as the import map knows it, and programs to read. */
const STAYS = [...TEST_FILES, /\/examples\//]

/** Whether a file of a package, such as `./src/client.ts`, goes into its tarball. */
export const isPacked = (path: string): boolean => !STAYS.some(pattern => pattern.test(path))

/** A file of a package, and where it is in the tarball. */
export interface PackedFile {
  readonly path: string
  readonly packedAs: string
}

/** The files of a package that go into its tarball, sorted: sources, what lies beside them, programs, and documents. */
export function packedFiles(folder: string): PackedFile[] {
  const found = ['src', 'bin'].flatMap(name => filesBelow(folder, name)).filter(path => isPacked(`./${path}`))
  const documents = readdirSync(folder).filter(name => name.endsWith('.md'))
  return [...found, ...documents].sort().map(path => ({ path, packedAs: path.endsWith('.ts') ? path : besideWhatReadsIt(path) }))
}

/** A migration, say, is read by code that is compiled. */
const besideWhatReadsIt = (path: string) => path.replace(/^src\//, 'dist/')

function filesBelow(folder: string, name: string): string[] {
  try {
    return readdirSync(join(folder, name), { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => join(entry.parentPath, entry.name).slice(folder.length + 1))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
