import { violations } from './violations.ts'

/** `node tools/import-map/check.ts`: prints what the map does not allow. */
const found = violations()
for (const { file, line, edge, allowed } of found) console.log(`${file}:${line}  ${edge}\n    ${allowed}`)
if (found.length) process.exitCode = 1
