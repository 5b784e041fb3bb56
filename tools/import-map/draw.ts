import { FLOORS, PACKAGES, ROOMS } from './map.ts'

const MARKERS = ['<!-- import-map -->', '<!-- /import-map -->'] as const

/** Both pictures, in Mermaid. An arrow points at what is imported; what only tests import is left out. */
function pictures(): string {
  return [
    'The packages. A dotted arrow: only the named file or folder imports it.',
    '',
    mermaid('flowchart TD', packageLines()),
    '',
    'The rooms of the exchange. `start` and `routes` may import every room, and every room the `platform`; those arrows are left out,',
    'and so is an arrow where a longer way leads to the same room.',
    '',
    mermaid('flowchart TD', roomLines()),
  ].join('\n')
}

/** The text with the pictures between its markers; undefined where it has none. */
export function withPictures(text: string): string | undefined {
  const [begin, end] = MARKERS.map(marker => text.indexOf(marker)) as [number, number]
  if (begin < 0 || end < begin) return undefined
  return `${text.slice(0, begin + MARKERS[0].length)}\n${pictures()}\n${text.slice(end)}`
}

/** docs/reference/import-map.md: the pictures, and the table in words. */
export function importMapPage(): string {
  return [
    '# What may import what',
    '',
    'Drawn from `tools/import-map/map.ts`; `npm run check` holds the code to it.',
    '',
    pictures(),
    '',
    '| package or folder | is | may import |',
    '|---|---|---|',
    ...Object.entries(PACKAGES).map(([name, row]) => `| ${name} | ${row.about} | ${mayOf(row)} |`),
    '',
    '| room of the exchange | floor | is for | may import, besides the platform |',
    '|---|---|---|---|',
    ...Object.entries(ROOMS).map(
      ([name, { floor, about, may }]) =>
        `| ${name} | ${floor} | ${about} | ${typeof may === 'string' ? may : may.join(', ') || 'nothing'} |`,
    ),
    '',
  ].join('\n')
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

function roomLines(): string[] {
  const rooms = Object.entries(ROOMS)
  return [
    ...FLOORS.flatMap((floor, at) => [
      `subgraph floor${at}["${floor}"]`,
      ...rooms.filter(([, room]) => room.floor === floor).map(([name]) => `  ${name}["${name}"]`),
      'end',
    ]),
    ...FLOORS.slice(1).map((_, at) => `floor${at} ~~~ floor${at + 1}`),
    ...rooms.flatMap(([name]) => {
      const next = nextOf(name)
      return next.filter(to => !next.some(other => other !== to && reaches(other, to))).map(to => `${name} --> ${to}`)
    }),
  ]
}

function nextOf(room: string): readonly string[] {
  const may = ROOMS[room]?.may ?? []
  return typeof may === 'string' ? [] : may
}

/** The map has no circle (a test holds it), so this ends. */
const reaches = (from: string, to: string): boolean => nextOf(from).some(room => room === to || reaches(room, to))
