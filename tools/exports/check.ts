import { repositoryFiles } from '../files.ts'
import { readRepositoryText } from './doors.ts'
import { GLOSSARY, namesInSeveral, readSharedNames, sharedNameProblems } from './shared-names.ts'
import { docstringProblems } from './undocumented.ts'

/** `node tools/exports/check.ts`: prints public names without a docstring, and names that several packages export without a reason. */
const files = repositoryFiles()
const shared = readSharedNames(readRepositoryText(GLOSSARY))
const problems = [...docstringProblems(files), ...sharedNameProblems(namesInSeveral(files), shared)]
for (const problem of problems) console.log(problem)
if (problems.length) process.exitCode = 1
