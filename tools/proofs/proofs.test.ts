import { describe, expect, test } from 'vitest'
import type { Mutation } from '../mutations/mutation.ts'
import { sentencesOf } from './documents.ts'
import { mutationProblems, type Sources, sentenceProblems } from './problems.ts'
import { titlesIn } from './titles.ts'

const TESTS = `
describe.each(['a', 'b'])('a ticket of %s', () => {
  test('is filed once', () => {})
  test.concurrent.each([[1, 'x']])('has %i of "[code]": %s', () => {})
})
for (const kind of ['late', 'lost']) it(\`a \${kind} answer\`, () => {})
`

const FILES: Readonly<Record<string, string>> = { 'a.test.ts': TESTS, 'rule.ts': 'const LONGEST = 10\nconst LONGER = 100\n' }
const sources: Sources = { textOf: file => FILES[file], titlesOf: file => titlesIn(FILES[file] ?? '') }

const documentOf = (proof: string) =>
  `Text\n\n| guarantee | proof |\n|---|---|\n| **Filed** once: \`409\`. | ${proof} |\n\n| other | table |\n|---|---|\n| x | y |\n`
const problemsOf = (proof: string) => sentenceProblems(sentencesOf('GUARANTEES.md', documentOf(proof)), sources)

test('titles are read with their groups, and what a template fills in is left open', () => {
  expect(titlesIn(TESTS)).toEqual(['a ticket of … > is filed once', 'a ticket of … > has … of "[code]": …', 'a … answer'])
})

test('a sentence is a row of a table of proofs, without its marks', () => {
  expect(sentencesOf('x.md', documentOf('[is filed once](a.test.ts)'))).toEqual([
    { document: 'x.md', line: 5, text: 'Filed once: 409.', proofs: [{ file: 'a.test.ts', title: 'is filed once' }], beside: '' },
  ])
})

describe('a sentence', () => {
  test.each([
    '[is filed once](a.test.ts)',
    '[a ticket of … > is filed once](a.test.ts), [has … of "[code]": …](a.test.ts)<br>[a … answer](a.test.ts)',
  ])('names its tests: %s', proof => expect(problemsOf(proof)).toEqual([]))

  test.each([
    ['', 'names no test'],
    ['`acceptance/faults`', 'names no test'],
    ['[is filed once](acceptance/faults)', 'acceptance/faults is no test file'],
    ['[is filed once](b.test.ts)', 'b.test.ts does not exist'],
    ['[is filed twice](a.test.ts)', 'a.test.ts has no test "is filed twice"'],
    ['[is filed once](a.test.ts), `b.test.ts`', '"`b.test.ts`" is no link to a test'],
  ])('with the proof "%s" is refused: %s', (proof, problem) => {
    const [first] = problemsOf(proof)
    expect(first).toContain('GUARANTEES.md:5  "Filed once: 409."')
    expect(first).toContain(problem)
  })
})

describe('a mutation', () => {
  const sentences = sentencesOf('GUARANTEES.md', documentOf('[is filed once](a.test.ts)'))
  const good: Mutation = {
    sentence: 'Filed once',
    breaks: 'nothing is too long',
    file: 'rule.ts',
    text: 'LONGEST = 10',
    replacement: 'LONGEST = 1_000',
    proof: { file: 'a.test.ts', title: 'is filed once' },
  }

  test('breaks a sentence by a text that is there once', () => expect(mutationProblems([good], sentences, sources)).toEqual([]))

  test.each<[Partial<Mutation>, string]>([
    [{ text: 'LONGEST = 11' }, 'rule.ts has the text 0 times'],
    [{ text: 'LONG' }, 'rule.ts has the text 2 times'],
    [{ file: 'gone.ts' }, 'gone.ts has the text 0 times'],
    [{ sentence: 'Filed twice' }, 'no sentence begins so'],
    [{ proof: { file: 'a.test.ts', title: 'a … answer' } }, 'the sentence does not name a.test.ts "a … answer"'],
    [{ replacement: good.text }, 'the replacement changes nothing'],
  ])('with %j is refused: %s', (wrong, problem) => {
    expect(mutationProblems([{ ...good, ...wrong }], sentences, sources)[0]).toContain(problem)
  })

  test('is missed where no row breaks a sentence', () => {
    expect(mutationProblems([], sentences, sources)).toEqual(['GUARANTEES.md:5  "Filed once: 409.": no mutation breaks it'])
  })
})
