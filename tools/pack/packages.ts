import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../files.ts'

/** A package.json of ours, as far as packing reads it. */
export interface Manifest {
  readonly name: string
  readonly version: string
  readonly private?: boolean
  readonly bin?: Readonly<Record<string, string>>
  readonly exports?: Readonly<Record<string, string>>
  readonly imports?: Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly [field: string]: unknown
}

/** A folder of `packages/`, with what its package.json says. */
export interface PackageOfOurs {
  readonly folder: string
  readonly manifest: Manifest
}

/** All packages of ours, each after those that it depends on. */
export function readPackages(above: string = join(ROOT, 'packages')): PackageOfOurs[] {
  const all = readdirSync(above)
    .map(name => join(above, name))
    .filter(folder => existsSync(join(folder, 'package.json')))
    .map(folder => ({ folder, manifest: JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest }))
  const ordered = new Set<PackageOfOurs>()
  const take = (one: PackageOfOurs) => {
    for (const name of Object.keys(one.manifest.dependencies ?? {})) all.filter(({ manifest }) => manifest.name === name).forEach(take)
    ordered.add(one)
  }
  all.forEach(take)
  return [...ordered]
}
