import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { ROOT } from '../files.ts'

/** A path of ours in a string, as an import has it, or the address of a worker. */
const SOURCE_PATH = /(?<=(['"])\.{1,2}\/[^'"\n]*)\.ts(?=\1)/g

/**
 * Compiles `src/` of a package that is laid out for packing to `dist/`, with declarations and maps that lead to the sources beside it.
 * @param laidOut the folder of the package; those that it depends on are found by their names, in `node_modules` above it
 * @param folder the package in the checkout, for packages of others that npm put there
 * @throws Error with what the compiler says
 */
export function compile(laidOut: string, folder: string): void {
  const settings = `${laidOut}.tsconfig.json`
  const compilerOptions = {
    noEmit: false,
    allowImportingTsExtensions: false,
    rewriteRelativeImportExtensions: true,
    declaration: true,
    declarationMap: true,
    sourceMap: true,
    rootDir: join(laidOut, 'src'),
    outDir: join(laidOut, 'dist'),
    typeRoots: [join(ROOT, 'node_modules', '@types')],
  }
  writeFileSync(
    settings,
    JSON.stringify({
      extends: relative(join(laidOut, '..'), join(ROOT, 'tsconfig.json')),
      compilerOptions,
      include: [join(laidOut, 'src')],
    }),
  )
  const others = join(laidOut, 'node_modules')
  if (existsSync(join(folder, 'node_modules'))) symlinkSync(join(folder, 'node_modules'), others)
  const { status, stdout, error } = spawnSync(join(ROOT, 'node_modules', '.bin', 'tsc'), ['-p', settings], { encoding: 'utf8' })
  if (existsSync(others)) unlinkSync(others)
  if (status !== 0) throw new Error(`${folder} cannot be compiled: ${error?.message ?? stdout}`)
  renamePaths(join(laidOut, 'dist'))
}

/** The compiler renames what is imported in JavaScript; this does it for declarations, and for files that are started by their address. */
function renamePaths(dist: string): void {
  for (const entry of readdirSync(dist, { recursive: true, encoding: 'utf8' })) {
    if (!/\.(?:js|d\.ts)$/.test(entry)) continue
    const text = readFileSync(join(dist, entry), 'utf8')
    const renamed = text.replace(SOURCE_PATH, '.js')
    if (renamed !== text) writeFileSync(join(dist, entry), renamed)
  }
}
