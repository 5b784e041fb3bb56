import { describe, expect, test } from 'vitest'
import { circlesOf } from './circles.ts'
import { importMapPage, withPictures } from './draw.ts'
import type { Room } from './house.ts'
import { importsOf } from './imports.ts'
import { HOUSES, PACKAGES } from './map.ts'
import { edgesOf, unusedEdges, violations } from './violations.ts'

/** What the map says of one file with these lines. */
const judge = (file: string, ...lines: string[]) => violations(edgesOf([file], () => lines.join('\n')))
const imports = (specifier: string) => `import { x } from '${specifier}'`

describe('an import is found', () => {
  const seen = (...lines: string[]) => importsOf(lines.join('\n')).map(({ line, specifier }) => `${line} ${specifier}`)

  test.each([
    ['with names', "import { a } from './a.ts'"],
    ['of types', "import type { A } from './a.ts'"],
    ['without names', "import './a.ts'"],
    ['passed on', "export { a } from './a.ts'"],
    ['passed on whole', "export * from './a.ts'"],
    ['at run time', "const a = await import('./a.ts')"],
    ['in a type', "type A = import('./a.ts').A"],
    ['of a child process', "fork(new URL('./a.ts', import.meta.url))"],
  ])('%s', (_, line) => expect(seen('', line)).toEqual(['2 ./a.ts']))

  test('over several lines, at the line of its name', () => {
    expect(seen('import {', '  a,', '  type B,', "} from './a.ts'", "import { c } from './c.ts'")).toEqual(['4 ./a.ts', '5 ./c.ts'])
  })

  test('after a text that looks like the beginning of a comment', () => {
    expect(seen("const all = ['packages/*/src']", "import { a } from './a.ts'", "const more = ['x/*/y']")).toEqual(['2 ./a.ts'])
  })

  test('but not in a comment', () => {
    expect(seen("// import { a } from './a.ts'", '/*', "import { b } from './b.ts'", '*/', "  // import('./c.ts')")).toEqual([])
  })
})

test('a name of the package’s own is the file that its package.json says', () => {
  const texts: Record<string, string> = {
    'packages/cli/bin/deskbridge.mjs': "await import('#command')",
    'packages/cli/package.json': '{ "imports": { "#command": "./src/command.ts" } }',
  }
  expect(edgesOf(['packages/cli/bin/deskbridge.mjs'], file => texts[file]!).map(({ target }) => target)).toEqual([
    'packages/cli/src/command.ts',
  ])
})

describe('refused', () => {
  test.each([
    ['the practice instance asks ServiceNow', 'packages/instance/src/apis/table.ts', '@deskbridge/servicenow', 'instance -> servicenow'],
    ['its tests neither', 'packages/instance/src/conformance/table.test.ts', '@deskbridge/servicenow', 'instance -> servicenow'],
    ['servicenow knows the practice instance', 'packages/servicenow/src/sdk/sdk.ts', '@deskbridge/instance', 'servicenow -> instance'],
    ['the client drags the exchange along', 'packages/connect/src/client.ts', '@deskbridge/exchange', 'connect -> exchange'],
    ['postgres imports anything', 'packages/postgres/src/embedded.ts', '@deskbridge/instance', 'postgres -> instance'],
    ['a room opens a practice instance', 'packages/exchange/src/tickets/people.ts', '@deskbridge/instance', 'exchange -> instance'],
    ['first-start opens a database', 'packages/exchange/src/first-start/demo-company.ts', '@deskbridge/postgres', 'exchange -> postgres'],
    ['test databases in what ships', 'packages/instance/src/serve.ts', '@deskbridge/postgres/testing', 'instance -> postgres/testing'],
    [
      'a package through the window',
      'packages/exchange/src/start/start.ts',
      '../../../servicenow/src/sdk/sdk.ts',
      'servicenow/src/sdk/sdk.ts',
    ],
    ['something that is not on the map', 'packages/novelty/src/index.ts', '@deskbridge/exchange', 'novelty is not on the map'],
    [
      'a room through the window',
      'packages/exchange/src/tickets/file-ticket.ts',
      '../ownership/bonds.store.ts',
      'tickets -> ownership/bonds.store.ts',
    ],
    [
      'so in a test',
      'packages/exchange/src/tickets/file-ticket.test.ts',
      '../ownership/bonds.store.ts',
      'tickets -> ownership/bonds.store.ts',
    ],
    ['platform knows a room', 'packages/exchange/src/platform/http.ts', '../sign-in/index.ts', 'platform -> sign-in'],
    ['platform knows the routes', 'packages/exchange/src/platform/http.ts', '../routes.ts', 'platform -> routes'],
    ['a low room looks up', 'packages/exchange/src/mapping/mapping.ts', '../tickets/index.ts', 'mapping -> tickets'],
    ['a room starts the exchange', 'packages/exchange/src/tickets/people.ts', '../start/start.ts', 'tickets -> start'],
    ['the routes start the exchange', 'packages/exchange/src/routes.ts', './first-start/index.ts', 'routes -> first-start'],
    ['rooms of one floor without an edge', 'packages/exchange/src/tickets/people.ts', '../tasks/index.ts', 'tickets -> tasks'],
    ['a new room', 'packages/exchange/src/tickets/people.ts', '../moods/index.ts', 'tickets -> moods'],
    ['test parts in what ships', 'packages/connect/src/client.ts', './testing/queue-server.ts', 'client.ts -> '],
  ])('%s', (_, file, specifier, edge) => {
    const found = judge(file, '', imports(specifier))
    expect(found).toHaveLength(1)
    expect(found[0]).toMatchObject({ file, line: 2 })
    expect(found[0]?.edge).toContain(edge)
    expect(found[0]?.allowed).toMatch(/\w.*\.$/)
  })

  test('every one of several', () => {
    expect(judge('packages/postgres/src/embedded.ts', imports('@deskbridge/instance'), imports('@deskbridge/servicenow'))).toHaveLength(2)
  })
})

describe('allowed', () => {
  test.each([
    ['the start opens it all', 'packages/exchange/src/start/start.ts', '@deskbridge/instance'],
    ['the first start names the demo company', 'packages/exchange/src/first-start/demo-company.ts', '@deskbridge/instance'],
    ['a room asks the service desk', 'packages/exchange/src/tickets/people.ts', '@deskbridge/servicenow'],
    ['a test on a fresh database', 'packages/instance/src/conformance/table.test.ts', '@deskbridge/postgres/testing'],
    ['a room through its door', 'packages/exchange/src/tickets/file-ticket.ts', '../ownership/index.ts'],
    ['a room of the platform', 'packages/exchange/src/mapping/mapping.ts', '../platform/sql.ts'],
    ['a test through the front door', 'packages/exchange/src/mapping/mapping.test.ts', '../index.ts'],
    ['a room its own files', 'packages/exchange/src/spool/intake/read-body.ts', '../spool.ts'],
    ['the command tells a story with the partners’ client', 'packages/cli/src/smoke/scene.ts', '@deskbridge/connect'],
    ['a story looks inside', 'acceptance/the-whole-story.test.ts', '../packages/exchange/src/start/start.ts'],
  ])('%s', (_, file, specifier) => expect(judge(file, imports(specifier))).toEqual([]))
})

describe('the map itself', () => {
  const mayOf = ({ may, beside = [] }: Room) => [...(may === 'anything below' ? [] : may), ...beside]

  test('names only packages that are on it', () => {
    for (const { may, only = {}, tests = [] } of Object.values(PACKAGES))
      for (const to of [...(typeof may === 'string' ? [] : may), ...Object.values(only).flat(), ...tests])
        expect(Object.keys(PACKAGES)).toContain(to.split('/')[0])
  })

  describe.each(Object.entries(HOUSES))('%s', (_, { floors, rooms }) => {
    test('names only rooms and floors that are on it', () => {
      for (const room of Object.values(rooms)) {
        expect(floors).toContain(room.floor)
        for (const to of mayOf(room)) expect(Object.keys(rooms)).toContain(to)
      }
    })

    test('lets no import go up', () => {
      const up = Object.entries(rooms).flatMap(([name, room]) =>
        mayOf(room)
          .filter(to => floors.indexOf(rooms[to]!.floor) < floors.indexOf(room.floor))
          .map(to => `${name} -> ${to}`),
      )
      expect(up).toEqual([])
    })

    test('has no circle between rooms', () => {
      const circles: string[] = []
      const walk = (path: readonly string[]) => {
        for (const to of mayOf(rooms[path.at(-1)!]!))
          if (path.includes(to)) circles.push([...path, to].join(' -> '))
          else walk([...path, to])
      }
      for (const name of Object.keys(rooms)) walk([name])
      expect(circles).toEqual([])
    })

    test('allows nothing that nothing does', () => expect(unusedEdges()).toEqual([]))
  })

  test('is drawn with every room and every package, between the markers and nowhere else', () => {
    const drawn = withPictures('before\n<!-- import-map -->\nyesterday\n<!-- /import-map -->\nafter\n')
    expect(drawn).toMatch(/^before\n<!-- import-map -->\n/)
    expect(drawn).toMatch(/\n<!-- \/import-map -->\nafter\n$/)
    expect(drawn).not.toContain('yesterday')
    for (const name of Object.keys(HOUSES.exchange!.rooms)) expect(drawn).toContain(`${name}["${name}"]`)
    expect(withPictures(drawn!)).toBe(drawn)
    expect(withPictures('no markers')).toBeUndefined()
    for (const name of Object.keys(PACKAGES)) expect(importMapPage()).toContain(`| ${name} |`)
    for (const { rooms } of Object.values(HOUSES))
      for (const [name, { floor }] of Object.entries(rooms)) expect(importMapPage()).toContain(`| ${name} | ${floor} |`)
  })
})

describe('files in a circle', () => {
  const edges = (...arrows: [from: string, to: string][]) => arrows.map(([file, target], line) => ({ file, line, target }))

  test('are told by the shortest one, from the first by name', () => {
    expect(circlesOf(edges(['b', 'c'], ['c', 'a'], ['a', 'b'], ['a', 'd'], ['c', 'e']))).toEqual([['a', 'b', 'c']])
  })

  test('are each told once, and those that only lead there not at all', () => {
    expect(circlesOf(edges(['a', 'b'], ['b', 'c'], ['c', 'b'], ['x', 'y'], ['y', 'x']))).toEqual([
      ['b', 'c'],
      ['x', 'y'],
    ])
  })

  test('are found by their types alone', () => {
    const texts: Record<string, string> = {
      'tools/a.ts': "import type { B } from './b.ts'",
      'tools/b.ts': "export { A } from './a.ts'",
    }
    expect(circlesOf(edgesOf(Object.keys(texts), file => texts[file]!))).toEqual([['tools/a.ts', 'tools/b.ts']])
  })
})
