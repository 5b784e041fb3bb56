import { repositoryFiles } from '../files.ts'
import { circlesOf } from './circles.ts'
import { edgesOf, unusedEdges, violations } from './violations.ts'

/** `node tools/import-map/check.ts`: prints what the map does not allow, what it allows in vain, and circles. */
const edges = edgesOf(repositoryFiles())
const found = [
  ...violations(edges).map(({ file, line, edge, allowed }) => `${file}:${line}  ${edge}\n    ${allowed}`),
  ...unusedEdges(edges).map(edge => `${edge}\n    Nothing imports it: take it off the map.`),
  ...circlesOf(edges).map(
    circle => `${[...circle, circle[0]].join('\n -> ')}\n    A circle: no file may import itself round about, types counted.`,
  ),
]
for (const text of found) console.log(text)
if (found.length) process.exitCode = 1
