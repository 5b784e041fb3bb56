import type { House } from './house.ts'
import { HOUSES, PACKAGES } from './map.ts'

const MARKERS = ['<!-- import-map -->', '<!-- /import-map -->'] as const

/** The packages, in Mermaid. An arrow points at what is imported; what only tests import is left out. */
const packages = () =>
  ['The packages. A dotted arrow: only the named file or folder imports it.', '', mermaid('flowchart TD', packageLines())].join('\n')

/** The rooms of one package. */
const roomsOf = (name: string, house: House) =>
  [`The rooms of ${name}. ${leftOut(house)}`, '', mermaid('flowchart TD', roomLines(house))].join('\n')

function leftOut({ rooms, ground }: House): string {
  const free = Object.keys(rooms).filter(room => rooms[room]?.may === 'anything below')
  return [
    ...(free.length ? [`\`${free.join('` and `')}\` may import every room below; those arrows are left out.`] : []),
    ...(ground ? [`Every room may import \`${ground}\`; so are these.`] : []),
    'An arrow is left out, too, where a longer way leads to the same room.',
  ].join(' ')
}

/** The text with pictures between its markers, the packages and the exchange; undefined where it has none. */
export function withPictures(text: string): string | undefined {
  const [begin, end] = MARKERS.map(marker => text.indexOf(marker)) as [number, number]
  if (begin < 0 || end < begin) return undefined
  const pictures = [packages(), roomsOf('the exchange', HOUSES.exchange!)].join('\n\n')
  return `${text.slice(0, begin + MARKERS[0].length)}\n${pictures}\n${text.slice(end)}`
}

/** docs/reference/import-map.md: all pictures, and the tables in words. */
export function importMapPage(): string {
  return [
    '# What may import what',
    '',
    'Drawn from `tools/import-map/`; `npm run check` holds the code to it, and asks that no file imports itself round about, types counted.',
    '',
    packages(),
    '',
    '| package or folder | is | may import |',
    '|---|---|---|',
    ...Object.entries(PACKAGES).map(([name, row]) => `| ${name} | ${row.about} | ${mayOf(row)} |`),
    '',
    ...Object.entries(HOUSES).flatMap(([name, house]) => housePart(name, house)),
  ].join('\n')
}

function housePart(name: string, house: House): string[] {
  const may = (room: House['rooms'][string]) =>
    [...(room.may === 'anything below' ? [room.may] : room.may), ...(room.beside ?? [])].join(', ') || 'nothing'
  return [
    `## ${name}`,
    '',
    roomsOf(name, house),
    '',
    `| room | floor | is for | may import${house.ground ? `, besides the ${house.ground}` : ''} |`,
    '|---|---|---|---|',
    ...Object.entries(house.rooms).map(([room, row]) => `| ${room} | ${row.floor} | ${row.about} | ${may(row)} |`),
    '',
  ]
}

function mayOf({ may, only = {}, tests = [] }: (typeof PACKAGES)[string]): string {
  return [
    typeof may === 'string' ? may : may.join(', ') || 'nothing of ours',
    ...Object.entries(only).map(([where, names]) => `\`${where}\`: ${names.join(', ')}`),
    ...(tests.length ? [`tests: ${tests.join(', ')}`] : []),
  ].join('; ')
}

const mermaid = (kind: string, lines: readonly string[]) => ['```mermaid', kind, ...lines.map(line => `  ${line}`), '```'].join('\n')

function packageLines(): string[] {
  const drawn = Object.entries(PACKAGES).filter(([, { may }]) => may !== 'anything')
  return [
    ...drawn.map(([name, { about }]) => `${name}["<b>${name}</b><br>${about.replaceAll('`', '')}"]`),
    ...drawn.flatMap(([name, { may, only = {} }]) => [
      ...(may as readonly string[]).filter(to => drawn.some(([other]) => other === to)).map(to => `${name} --> ${to}`),
      ...Object.entries(only).flatMap(([where, names]) => names.map(to => `${name} -.->|${where}| ${to}`)),
    ]),
  ]
}

function roomLines({ floors, rooms }: House): string[] {
  const nextOf = (name: string): readonly string[] => {
    const { may = [], beside = [] } = rooms[name] ?? {}
    return may === 'anything below' ? beside : may
  }
  /** The map has no circle (a test holds it), so this ends. */
  const reaches = (from: string, to: string): boolean => nextOf(from).some(room => room === to || reaches(room, to))
  return [
    ...floors.flatMap((floor, at) => [
      `subgraph floor${at}["${floor}"]`,
      ...Object.keys(rooms)
        .filter(name => rooms[name]?.floor === floor)
        .map(name => `  ${name}["${name}"]`),
      'end',
    ]),
    ...floors.slice(1).map((_, at) => `floor${at} ~~~ floor${at + 1}`),
    ...Object.keys(rooms).flatMap(name => {
      const next = nextOf(name)
      return next.filter(to => !next.some(other => other !== to && reaches(other, to))).map(to => `${name} --> ${to}`)
    }),
  ]
}
