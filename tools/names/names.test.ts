import { expect, test } from 'vitest'
import { emptyNames, machinePaths } from './names.ts'

test.each([
  'packages/exchange/src/utils/date.ts',
  'packages/exchange/src/tickets/helpers.ts',
  'packages/exchange/src/ticket-manager.ts',
  'packages/exchange/src/common.test.ts',
  'packages/lib/index.ts',
])('a name that says nothing is refused: %s', file => expect(emptyNames([file])).toHaveLength(1))

test('a folder is named once, however much is in it', () => {
  expect(emptyNames(['a/utils/x.ts', 'a/utils/y.ts']).map(({ file }) => file)).toEqual(['a/utils'])
})

test('a word that only contains one of them says something', () => {
  expect(emptyNames(['packages/exchange/src/library-of-answers.ts', 'docs/commonwealth.md', 'packages/x/src/calibrate.ts'])).toEqual([])
})

// The paths are put together here, so that this file does not name one itself.
test.each([
  ['/home', 'jo', 'deskbridge'],
  ['/Users', 'jo', 'deskbridge'],
  ['C:\\Users', 'jo'],
  ['/root', 'deskbridge'],
])('a path of a developer’s machine is refused: %s', (...parts) => {
  const path = parts.join(parts[0]?.includes('\\') ? '\\' : '/')
  expect(machinePaths('x.md', `first\nsee ${path}/x`)).toMatchObject([{ file: 'x.md', line: 2 }])
})

test('a path in an address, or in a folder of ours, is none', () => {
  const text = ['https://example.com/home/jo/page', './desk/item.ts', 'packages/x/home/jo/y.ts', "'/desk'"].join('\n')
  expect(machinePaths('x.md', text)).toEqual([])
})
