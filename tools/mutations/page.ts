import { allSentences } from '../proofs/documents.ts'
import { sentencesMeant } from '../proofs/problems.ts'
import { table } from '../reference/markdown.ts'
import type { Mutation } from './mutation.ts'
import { PARTS } from './parts.ts'

/** What came of a mutation. `survived`: its test stayed green. `unclear`: nothing can be said of it, and why. */
export type Verdict = { is: 'red'; line: string; on: string; commit: string } | { is: 'survived' } | { is: 'unclear'; line: string }

export const PAGE = 'docs/reference/mutations.md'

/** docs/reference/mutations.md: each sentence, what was broken, and by which test that was noticed. */
export function mutationsPage(verdicts: ReadonlyMap<Mutation, Verdict>): string {
  const sentences = allSentences()
  const red = [...verdicts.values()].filter(({ is }) => is === 'red').length
  const parts = Object.entries(PARTS).map(([part, mutations]) => {
    const rows = mutations.map(mutation => {
      const { title, file } = mutation.proof
      const sentence = sentencesMeant(mutation, sentences)[0]?.text ?? mutation.sentence
      return [sentence, mutation.breaks, `[${title}](../../${file})`, said(verdicts.get(mutation))]
    })
    return `## ${part}\n\n${table(['sentence', 'broken', 'noticed by', 'it said'], rows)}`
  })
  return `${[
    '# Mutations',
    'Written by `npm run mutations`, which breaks one rule of the product at a time in a copy of its sources and runs one test. How to add a row: ' +
      '[CONTRIBUTING](../../CONTRIBUTING.md). Each day and commit is that in which the row was seen red last.',
    `${red} of ${Object.values(PARTS).flat().length} went red.`,
    ...parts,
  ].join('\n\n')}\n`
}

function said(verdict: Verdict | undefined): string {
  if (verdict?.is === 'red') return `${code(verdict.line)} (${verdict.on}, ${verdict.commit})`
  if (verdict?.is === 'unclear') return `**unclear**: ${code(verdict.line)}`
  return verdict ? '**survived**' : 'not tried yet'
}

const code = (text: string) => `\`${text.replaceAll('`', '’')}\``
