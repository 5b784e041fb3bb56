import { badNames } from './names.ts'

/** `node tools/names/check.ts`: prints names that say nothing, and paths of a developer's machine. */
const found = badNames()
for (const { file, line, problem } of found) console.log(`${file}${line ? `:${line}` : ''}  ${problem}`)
if (found.length) process.exitCode = 1
