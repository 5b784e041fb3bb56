import { expect, test } from 'vitest'
import { findLostLinks } from './links.ts'

const isThere = (path: string) => ['docs/glossary.md', 'packages/'].includes(path)
const lost = (text: string) => findLostLinks('docs/guides/a.md', text, isThere).map(({ line, problem }) => `${line} ${problem}`)

test('a link that leads nowhere is refused, with its line', () => {
  expect(lost('first\n[a](../glossary.md#word), [b](../gone.md), [c](../../packages/)')).toEqual(['2 "../gone.md" is not there'])
})

test('addresses, places of the same page and code are no links to files', () => {
  const code = ['```md', '[a](gone.md)', '```'].join('\n')
  expect(lost(`[a](https://example.com/x.md) [b](#here) \`[c](gone.md)\`\n${code}\n   ${code.replaceAll('\n', '\n   ')}`)).toEqual([])
})
