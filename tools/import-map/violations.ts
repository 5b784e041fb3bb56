import { readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { ROOT, repositoryFiles } from '../files.ts'
import type { House } from './house.ts'
import { importsOf } from './imports.ts'
import { HOUSES, PACKAGES, TEST_FILES } from './map.ts'

export interface Violation {
  file: string
  line: number
  /** `instance -> servicenow` */
  edge: string
  /** What is allowed, or what to do. */
  allowed: string
}

/** One import between two files of ours, or from a file to a package of ours by its name. */
export interface Edge {
  file: string
  line: number
  /** A path in the repository, or `@deskbridge/…`. */
  target: string
}

const OURS = '@deskbridge/'

/** Every import of ours in these files; those of npm and of Node are somebody else's business (knip's). */
export function edgesOf(files: readonly string[], read: (file: string) => string = readRepositoryFile): Edge[] {
  return files.filter(isSource).flatMap(file =>
    importsOf(read(file)).flatMap(({ line, specifier }) => {
      if (specifier.startsWith(OURS)) return [{ file, line, target: specifier }]
      if (specifier.startsWith('#') && file.startsWith('packages/')) return [{ file, line, target: ownName(file, specifier, read) }]
      return specifier.startsWith('.') ? [{ file, line, target: normalize(join(dirname(file), specifier)) }] : []
    }),
  )
}

/** The file that a package calls `#name` in the `imports` of its package.json. */
function ownName(file: string, name: string, read: (file: string) => string): string {
  const folder = file.split('/').slice(0, 2).join('/')
  const { imports = {} } = JSON.parse(read(`${folder}/package.json`)) as { imports?: Record<string, string> }
  return normalize(join(folder, imports[name] ?? name))
}

const readRepositoryFile = (file: string) => readFileSync(join(ROOT, file), 'utf8')
const isSource = (file: string) => /\.m?[jt]s$/.test(file)
const isTest = (file: string) => TEST_FILES.some(pattern => pattern.test(file))

/** The package or the folder at the top that a path lies in, and its path inside that one's sources. */
function placeOf(path: string): { name: string; inside: string } {
  const [top = '', second = '', ...rest] = path.split('/')
  if (top !== 'packages') return { name: path.includes('/') ? top : '', inside: [second, ...rest].join('/') }
  return { name: second, inside: (rest[0] === 'src' ? rest.slice(1) : rest).join('/') }
}

/** The room that a path inside a package belongs to. */
function roomOf({ rooms }: House, inside: string): string {
  const [first = '', ...rest] = inside.split('/')
  if (rest.length) return first
  return Object.keys(rooms).find(room => rooms[room]?.files?.includes(first)) ?? first
}

/** Everything that the map does not allow, in the order of the files. */
export function violations(edges: readonly Edge[] = edgesOf(repositoryFiles())): Violation[] {
  return edges.flatMap(edge => {
    const problem = betweenPackages(edge) ?? betweenRooms(edge)
    return problem ? [{ file: edge.file, line: edge.line, ...problem }] : []
  })
}

type Problem = Pick<Violation, 'edge' | 'allowed'>

function betweenPackages({ file, target }: Edge): Problem | undefined {
  const { name: from, inside } = placeOf(file)
  if (from === '') return undefined
  const row = PACKAGES[from]
  if (!row) return { edge: `${from} is not on the map`, allowed: 'Add it to tools/import-map/map.ts.' }
  const byName = target.startsWith(OURS)
  const to = byName ? target.slice(OURS.length) : placeOf(target).name
  if (!byName && !isTest(file) && isTest(target) && row.may !== 'anything')
    return { edge: `${inside} -> ${target}`, allowed: 'What only tests use is imported by tests only.' }
  if (to === from || row.may === 'anything') return undefined
  const may = [
    ...row.may,
    ...Object.entries(row.only ?? {}).flatMap(([where, names]) =>
      inside === where || (where.endsWith('/') && inside.startsWith(where)) ? names : [],
    ),
    ...(isTest(file) ? (row.tests ?? []) : []),
  ]
  if (!may.includes(to)) return { edge: `${from} -> ${to}`, allowed: allowedFrom(from, isTest(file)) }
  if (!byName && PACKAGES[to]?.may !== 'anything')
    return { edge: `${from} -> ${target}`, allowed: `A package is entered by its name: ${OURS}${to}.` }
  return undefined
}

function allowedFrom(from: string, test: boolean): string {
  const { may, only = {}, tests = [] } = PACKAGES[from]!
  const parts = [
    may.length ? `${from} may import ${[...may].join(', ')}` : `${from} may import nothing of ours`,
    ...Object.entries(only).map(([where, names]) => `${where} also ${names.join(', ')}`),
    ...(tests.length ? [`its tests${test ? ', such as this one,' : ''} also ${tests.join(', ')}`] : []),
  ]
  return `${parts.join('; ')}.`
}

function betweenRooms({ file, target }: Edge): Problem | undefined {
  const [source, goal] = [placeOf(file), placeOf(target)]
  const house = HOUSES[source.name]
  if (target.startsWith(OURS) || !house || source.name !== goal.name) return undefined
  const [from, to] = [roomOf(house, source.inside), roomOf(house, goal.inside)]
  if (from === to) return undefined
  // A test may use every room, and start them all: it goes through the front door.
  const problem = isTest(file) ? undefined : edgeProblem(house, from, to)
  if (problem) return problem
  const door = `${to}/index.ts`
  if (house.hasDoors && goal.inside.includes('/') && to !== house.ground && to !== 'testing' && goal.inside !== door)
    return { edge: `${from} -> ${goal.inside}`, allowed: `A room is entered through its door: ${door}.` }
  return undefined
}

function edgeProblem(house: House, from: string, to: string): Problem | undefined {
  const edge = `${from} -> ${to}`
  const [row, other] = [house.rooms[from], house.rooms[to]]
  if (!row || !other) return { edge, allowed: `${row ? to : from} is not on the map: add it to its package in tools/import-map/houses/.` }
  const below = house.floors.indexOf(other.floor) > house.floors.indexOf(row.floor)
  const may = row.may === 'anything below' ? below || row.beside?.includes(to) : row.may.includes(to) || (to === house.ground && below)
  return may ? undefined : { edge, allowed: allowedRooms(house, from) }
}

function allowedRooms({ rooms, ground }: House, from: string): string {
  const { floor, may, beside = [] } = rooms[from]!
  if (may === 'anything below') return `${[`${from} may import what lies below ${floor}`, ...beside].join(', and ')}.`
  return `${from} may import ${[...may, ...(ground ? [ground] : [])].join(', ') || 'no other room'}.`
}

/** What the map allows and nothing does, besides tests: a map that says more than there is leads astray. */
export function unusedEdges(edges: readonly Edge[] = edgesOf(repositoryFiles())): string[] {
  const used = new Set(
    edges
      .filter(({ file }) => !isTest(file))
      .flatMap(({ file, target }) => {
        const [source, goal] = [placeOf(file), placeOf(target)]
        const house = HOUSES[source.name]
        return house && source.name === goal.name
          ? [`${source.name}: ${roomOf(house, source.inside)} -> ${roomOf(house, goal.inside)}`]
          : []
      }),
  )
  return Object.entries(HOUSES).flatMap(([name, { rooms }]) =>
    Object.entries(rooms).flatMap(([room, { may, beside = [] }]) =>
      [...(may === 'anything below' ? [] : may), ...beside].map(to => `${name}: ${room} -> ${to}`).filter(edge => !used.has(edge)),
    ),
  )
}
