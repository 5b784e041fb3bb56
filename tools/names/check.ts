import { findAllLostLinks } from './links.ts'
import { badNames } from './names.ts'

/** `node tools/names/check.ts`: prints names that say nothing, paths of a developer's machine, and links of pages that lead nowhere. */
const found = [...badNames(), ...findAllLostLinks()]
for (const { file, line, problem } of found) console.log(`${file}${line ? `:${line}` : ''}  ${problem}`)
if (found.length) process.exitCode = 1
