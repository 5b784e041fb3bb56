import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT, repositoryFiles } from '../files.ts'
import { readRepositoryText } from './doors.ts'
import { NOT_YET, SHARED, UNDOCUMENTED } from './not-yet.ts'
import { GLOSSARY, namesInSeveral, readSharedNames, sharedNameProblems } from './shared-names.ts'
import { docstringProblems } from './undocumented.ts'

/**
 * `node tools/exports/check.ts`: prints public names without a docstring, and names that several packages export without a reason;
 * with `--shrink` it takes out of not-yet.ts what is mended.
 */
const files = repositoryFiles()
const problems = [
  ...docstringProblems(files, UNDOCUMENTED),
  ...sharedNameProblems(namesInSeveral(files), readSharedNames(readRepositoryText(GLOSSARY)), SHARED),
]
const mended = problems.filter(problem => problem.startsWith(NOT_YET))
if (process.argv.includes('--shrink')) shrink(mended.map(problem => /'[^']+'/.exec(problem)![0]))
else for (const problem of problems) console.log(problem)
if (problems.length) process.exitCode = 1

function shrink(lines: readonly string[]): void {
  const path = join(ROOT, NOT_YET)
  const kept = readFileSync(path, 'utf8')
    .split('\n')
    .filter(line => !lines.includes(line.trim().replace(/,$/, '')))
  writeFileSync(path, kept.join('\n'))
  console.log(`${NOT_YET}: ${lines.length} lines taken away`)
}
