import { readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { ROOT } from '../files.ts'
import { type Export, readExports } from './exports.ts'

/** A name that a door passes on, where it is defined, and whether its definition has a docstring. */
export interface DoorName {
  readonly door: string
  readonly name: string
  readonly file: string
  readonly line: number
  readonly documented: boolean
}

/** What the exports of these files are read from: the text of a file of the repository. */
export type ReadText = (file: string) => string

export const readRepositoryText: ReadText = file => readFileSync(join(ROOT, file), 'utf8')

/** The doors of the house: what each package's package.json exports, and the index.ts of each room. */
export function findDoors(files: readonly string[]): string[] {
  const packages = files.filter(file => /^packages\/[^/]+\/package\.json$/.test(file))
  const published = packages.flatMap(file => {
    const { exports = {} } = JSON.parse(readRepositoryText(file)) as { exports?: Record<string, unknown> }
    return sourcesIn(exports).map(path => join(dirname(file), path))
  })
  const rooms = files.filter(file => /^packages\/[^/]+\/src\/[^/]+\/index\.ts$/.test(file))
  return [...new Set([...published, ...rooms])].sort()
}

/** The TypeScript files of a package's `exports`, in whatever conditions; of a built file its source. */
function sourcesIn(exported: unknown): string[] {
  if (typeof exported === 'object' && exported !== null) return [...new Set(Object.values(exported).flatMap(sourcesIn))]
  if (typeof exported !== 'string') return []
  const source = exported.replace(/^\.\/dist\//, './src/').replace(/\.(?:d\.ts|js)$/, '.ts')
  return source.endsWith('.ts') ? [source] : []
}

/** Every name of a door with its definition, however many files pass it on. */
export function namesOfDoor(door: string, read: ReadText = readRepositoryText): DoorName[] {
  return readExports(read(door)).flatMap(one => follow(door, one, read).map(found => ({ door, ...found })))
}

type Found = Omit<DoorName, 'door'>

function follow(file: string, { name, line, documented, from }: Export, read: ReadText): Found[] {
  if (!from) return [{ name, file, line, documented }]
  // What comes from another package is that one's to describe.
  if (!from.specifier.startsWith('.')) return []
  const source = normalize(join(dirname(file), from.specifier))
  const there = readExports(read(source)).filter(one => from.name === '*' || one.name === from.name)
  return there.flatMap(one => follow(source, one, read).map(found => (from.name === '*' ? found : { ...found, name })))
}
