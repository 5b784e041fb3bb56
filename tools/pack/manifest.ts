import { isPacked } from './files.ts'
import type { Manifest } from './packages.ts'

/** The oldest Node on which the packages are tried. */
export const OLDEST_NODE = '22.18'

/** `./src/room/door.ts` as it is called once it is compiled. */
export const compiledName = (source: string): string => source.replace(/^\.\/src\//, './dist/').replace(/\.ts$/, '.js')

/** What a package exports to others: by name, the source and the door that stands before it. Doors for tests stay in the checkout. */
export function exportedBy({ exports = {} }: Manifest): { name: string; source: string; door: string }[] {
  return Object.entries(exports)
    .filter(([, source]) => isPacked(source))
    .map(([name, source]) => ({ name, source, door: `./doors/${name.replace(/^\.\/?/, '') || 'index'}` }))
}

/**
 * The package.json of a tarball: what leads into the sources leads into what was compiled of them, and what counts only in the checkout is
 * left out.
 */
export function packedManifest(manifest: Manifest): Manifest {
  const { private: _, devDependencies, exports, imports, ...kept } = manifest
  const doors = exportedBy(manifest).map(({ name, door }) => [name, { types: `${door}.d.ts`, default: `${door}.js` }] as const)
  return {
    ...kept,
    engines: { node: `>=${OLDEST_NODE}` },
    ...(imports && { imports: Object.fromEntries(Object.entries(imports).map(([name, source]) => [name, compiledName(source)])) }),
    exports: { ...Object.fromEntries(doors), './package.json': './package.json' } as never,
  }
}
