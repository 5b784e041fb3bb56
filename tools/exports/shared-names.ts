import { TEST_FILES } from '../import-map/map.ts'
import { type ReadText, readRepositoryText } from './doors.ts'
import { readExports } from './exports.ts'

/** One row of the glossary's table: a name that several packages export, and why it may. */
export interface SharedName {
  readonly name: string
  readonly packages: readonly string[]
  readonly why: string
}

const HEADING = '## Names in several packages'
export const GLOSSARY = 'docs/glossary.md'

/** The table "Names in several packages" of docs/glossary.md. */
export function readSharedNames(glossary: string): SharedName[] {
  const [, after = ''] = glossary.split(`${HEADING}\n`)
  const [section = ''] = after.split('\n## ')
  return section
    .split('\n')
    .filter(line => line.startsWith('| `'))
    .flatMap(line => {
      const [, names = '', packages = '', why = ''] = line.split('|').map(cell => cell.trim())
      return names.split(', ').map(name => ({ name: name.replaceAll('`', ''), packages: packages.split(', ').sort(), why }))
    })
}

/** Every name that files of two or more packages export, tests aside, with the files. */
export function namesInSeveral(files: readonly string[], read: ReadText = readRepositoryText): Map<string, Map<string, string[]>> {
  const places = new Map<string, Map<string, string[]>>()
  for (const file of files) {
    const [top, name = ''] = file.split('/')
    if (top !== 'packages' || !file.endsWith('.ts') || TEST_FILES.some(pattern => pattern.test(file))) continue
    for (const exported of readExports(read(file))) {
      if (exported.from || exported.name === 'default') continue
      const packages = places.get(exported.name) ?? new Map<string, string[]>()
      places.set(exported.name, packages.set(name, [...(packages.get(name) ?? []), `${file}:${exported.line}`]))
    }
  }
  return new Map([...places].filter(([, packages]) => packages.size > 1).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Names that mean two things, and rows of the glossary that are out of date. */
export function sharedNameProblems(
  found: ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>,
  allowed: readonly SharedName[],
): string[] {
  const rows = new Map(allowed.map(row => [row.name, row]))
  return [
    ...[...found].flatMap(([name, packages]) => {
      const row = rows.get(name)
      const where = [...packages.values()].flat().join(', ')
      if (row?.packages.join() === [...packages.keys()].sort().join()) return []
      if (row) return [`${GLOSSARY}  \`${name}\` stands there for ${row.packages.join(', ')}, and is exported by ${where}`]
      return [`${name} is exported by several packages: ${where}. Rename one, or say in ${GLOSSARY}, "${HEADING.slice(3)}", why both`]
    }),
    ...allowed.flatMap(({ name, why }) => {
      if (!found.has(name)) return [`${GLOSSARY}  take away \`${name}\`: no two packages export it`]
      return why ? [] : [`${GLOSSARY}  \`${name}\` does not say why several packages export it`]
    }),
  ]
}
