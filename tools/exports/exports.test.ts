import { describe, expect, test } from 'vitest'
import { namesOfDoor } from './doors.ts'
import { readExports } from './exports.ts'
import { namesInSeveral, readSharedNames, sharedNameProblems } from './shared-names.ts'
import { problemsOf } from './undocumented.ts'

const reading = (texts: Record<string, string>) => (file: string) => texts[file] ?? ''

describe('the exports of a file', () => {
  test.each([
    ['a function', 'export async function a() {}', 'a'],
    ['a constant', 'export const a = 1, b = 2', 'a b'],
    ['parts of a value', 'export const { a, c: [b] } = x', 'a b'],
    ['a class', 'export class A {}', 'A'],
    ['a type', 'export type A = 1', 'A'],
    ['an interface', 'export interface A {}', 'A'],
    ['names passed on', "export { type A, b as c } from './x.ts'", 'A c'],
    ['everything passed on', "export * from './x.ts'", '*'],
    ['nothing', 'const a = 1', ''],
  ])('%s', (_, text, names) => {
    expect(
      readExports(text)
        .map(({ name }) => name)
        .join(' '),
    ).toBe(names)
  })

  test.each([
    ['a docstring', '/** What it is. */\nexport const a = 1', true],
    ['a docstring of a name exported below', '/** What it is. */\nconst a = 1\nexport { a }', true],
    ['a comment that is none', '/* What it is. */\nexport const a = 1', false],
    ['the docstring of another', '/** What it is. */\nconst b = 1\nexport const a = 1', false],
  ])('%s', (_, text, documented) => expect(readExports(text)[0]?.documented).toBe(documented))
})

describe('a door', () => {
  const read = reading({
    'packages/x/src/index.ts': "export * from './room/index.ts'\nexport { deep as shallow } from './deep.ts'\nexport { z } from 'zod'",
    'packages/x/src/room/index.ts': "export { a } from './a.ts'",
    'packages/x/src/room/a.ts': 'export const a = 1',
    'packages/x/src/deep.ts': '/** Deep. */\nexport const deep = 1',
  })
  const names = namesOfDoor('packages/x/src/index.ts', read)

  test('is followed to the definitions, through other doors; what comes from npm is not ours', () => {
    expect(names.map(({ name, file, documented }) => `${name} ${file} ${documented}`)).toEqual([
      'a packages/x/src/room/a.ts false',
      'shallow packages/x/src/deep.ts true',
    ])
  })

  test('a public name without a docstring is refused, with its file and line', () => {
    expect(problemsOf(names)).toEqual([expect.stringMatching(/^packages\/x\/src\/room\/a\.ts:1 {2}a has no docstring/)])
  })
})

describe('a name that two packages export', () => {
  const files = ['packages/x/src/a.ts', 'packages/y/src/a.ts', 'packages/y/src/a.test.ts', 'packages/y/src/index.ts']
  const found = namesInSeveral(
    files,
    reading({
      'packages/x/src/a.ts': 'export interface Call {}\nexport const here = 1',
      'packages/y/src/a.ts': 'export interface Call {}\nexport const there = 1',
      'packages/y/src/a.test.ts': 'export const here = 1',
      'packages/y/src/index.ts': "export { here } from '../../x/src/a.ts'",
    }),
  )
  const table = (...rows: string[]) =>
    readSharedNames(['# G', '', '## Names in several packages', '', '| name | packages | why |', '|---|---|---|', ...rows].join('\n'))

  test('is found; tests and what is only passed on do not count', () => expect([...found.keys()]).toEqual(['Call']))

  test('is refused unless the glossary says why', () => {
    expect(sharedNameProblems(found, [])).toEqual([expect.stringContaining('packages/x/src/a.ts:1, packages/y/src/a.ts:1')])
    expect(sharedNameProblems(found, table('| `Call` | x, y | both sides of one call |'))).toEqual([])
  })

  test.each([
    ['a row for other packages', ['| `Call` | x, z | why |'], 'stands there for x, z'],
    ['a row without a reason', ['| `Call` | x, y | |'], 'does not say why'],
    ['a row that is out of date', ['| `Call`, `Gone` | x, y | why |'], 'take away `Gone`'],
  ])('%s is refused', (_, rows, problem) => {
    expect(sharedNameProblems(found, table(...rows))).toEqual([expect.stringContaining(problem)])
  })
})
