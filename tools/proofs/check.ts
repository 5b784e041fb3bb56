import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../files.ts'
import { MUTATIONS } from '../mutations/parts.ts'
import { allSentences } from './documents.ts'
import { mutationProblems, type Sources, sentenceProblems } from './problems.ts'
import { titlesIn } from './titles.ts'

/** `node tools/proofs/check.ts`: prints sentences of GUARANTEES.md and SECURITY.md whose proof does not exist, and mutations that would break nothing. */
const sentences = allSentences()
const textOf = (file: string) => (existsSync(join(ROOT, file)) ? readFileSync(join(ROOT, file), 'utf8') : undefined)
const titles = new Map<string, string[]>()
function titlesOf(file: string): string[] {
  const known = titles.get(file) ?? titlesIn(textOf(file) ?? '')
  titles.set(file, known)
  return known
}
const sources: Sources = { textOf, titlesOf }
const problems = [...sentenceProblems(sentences, sources), ...mutationProblems(MUTATIONS, sentences, sources)]
for (const problem of problems) console.log(problem)
if (problems.length) process.exitCode = 1
