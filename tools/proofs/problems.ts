import type { Mutation } from '../mutations/mutation.ts'
import type { Proof, Sentence } from './documents.ts'
import { hasTitle } from './titles.ts'

export interface Sources {
  /** The text of a file of the repository; undefined where there is none. */
  textOf(file: string): string | undefined
  /** The titles of a test file's tests. */
  titlesOf(file: string): readonly string[]
}

/** What is wrong with how the documents name their proofs. */
export function sentenceProblems(sentences: readonly Sentence[], sources: Sources): string[] {
  return sentences.flatMap(({ document, line, text, proofs, beside }) => {
    const problems = proofs.flatMap(proof => proofProblems(proof, sources))
    if (!proofs.length) problems.push('names no test: [its title](its/file.test.ts)')
    if (beside) problems.push(`"${beside}" is no link to a test`)
    return problems.map(problem => `${document}:${line}  "${start(text)}": ${problem}`)
  })
}

function proofProblems({ file, title }: Proof, sources: Sources): string[] {
  if (!file.endsWith('.test.ts')) return [`${file} is no test file`]
  if (sources.textOf(file) === undefined) return [`${file} does not exist`]
  return hasTitle(sources.titlesOf(file), title) ? [] : [`${file} has no test "${title}"`]
}

/** What is wrong with the mutations: each breaks a sentence, in a text that is there once, for a test which that sentence names. */
export function mutationProblems(mutations: readonly Mutation[], sentences: readonly Sentence[], sources: Sources): string[] {
  const rows = mutations.flatMap(mutation => {
    const meant = sentencesMeant(mutation, sentences)
    const problems: string[] = []
    if (meant.length !== 1) problems.push(meant.length ? `${meant.length} sentences begin so` : 'no sentence begins so')
    else if (!meant[0]!.proofs.some(({ file, title }) => file === mutation.proof.file && title === mutation.proof.title))
      problems.push(`the sentence does not name ${mutation.proof.file} "${mutation.proof.title}"`)
    const times = occurrences(sources.textOf(mutation.file), mutation.text)
    if (times !== 1) problems.push(`${mutation.file} has the text ${times} times: ${mutation.text}`)
    if (mutation.text === mutation.replacement) problems.push('the replacement changes nothing')
    return problems.map(problem => `mutation "${mutation.breaks}" of "${start(mutation.sentence)}": ${problem}`)
  })
  const never = sentences.filter(sentence => !mutations.some(mutation => sentencesMeant(mutation, [sentence]).length))
  return [...rows, ...never.map(({ document, line, text }) => `${document}:${line}  "${start(text)}": no mutation breaks it`)]
}

/** A mutation names its sentence by its beginning. */
export const sentencesMeant = ({ sentence }: Mutation, sentences: readonly Sentence[]): Sentence[] =>
  sentences.filter(({ text }) => text.startsWith(sentence))

export const occurrences = (text: string | undefined, part: string): number => (text ?? '').split(part).length - 1

const start = (text: string): string => (text.length > 60 ? `${text.slice(0, 59)}…` : text)
