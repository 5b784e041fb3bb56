import { repositoryFiles } from '../files.ts'
import { circlesOf } from './circles.ts'
import { edgesOf, unusedEdges, violations } from './violations.ts'

/** Circles of today that are being taken apart; a file that is in none any more must go from here. */
const STILL_IN_A_CIRCLE: readonly RegExp[] = [/^packages\/instance\/src\//]

/** `node tools/import-map/check.ts`: prints what the map does not allow, what it allows in vain, and circles. */
const edges = edgesOf(repositoryFiles())
const found = [
  ...violations(edges).map(({ file, line, edge, allowed }) => `${file}:${line}  ${edge}\n    ${allowed}`),
  ...unusedEdges(edges).map(edge => `${edge}\n    Nothing imports it: take it off the map.`),
  ...circlesOf(edges)
    .filter(([file = '']) => !STILL_IN_A_CIRCLE.some(pattern => pattern.test(file)))
    .map(circle => `${[...circle, circle[0]].join('\n -> ')}\n    A circle: no file may import itself round about, types counted.`),
]
for (const text of found) console.log(text)
if (found.length) process.exitCode = 1
