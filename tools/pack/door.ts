import { dirname, relative } from 'node:path'
import { compiledName, exportedBy, OLDEST_NODE } from './manifest.ts'
import type { Manifest } from './packages.ts'

/** Says what an old Node cannot do before it stumbles over it: a door imports this first, and imports run in their order. */
const NEEDS_NODE = `const [major, minor] = process.versions.node.split('.').map(Number)
const [oldest, least] = [${OLDEST_NODE.replace('.', ', ')}]
if (major < oldest || (major === oldest && minor < least))
  throw new Error(\`NAME needs Node ${OLDEST_NODE} or newer; this is \${process.versions.node}.\`)
export {}
`

/** The files of a tarball through which others enter, with their texts: for each export a door, and what the doors look at first. */
export function doorsOf(manifest: Manifest): Map<string, string> {
  const doors = exportedBy(manifest)
  if (!doors.length) return new Map()
  const files = doors.flatMap(({ source, door }): [string, string][] => {
    const inside = relative(dirname(door), compiledName(source))
    const check = relative(dirname(door), './doors/needs-node.js')
    const everything = `export * from '${inside}'\n`
    return [
      [`${door}.js`, `import './${check}'\n${everything}`],
      // Types of Node are part of what is exported; since TypeScript 6 they must be asked for.
      [`${door}.d.ts`, `/// <reference types="node" />\n${everything}`],
    ]
  })
  return new Map([...files, ['./doors/needs-node.js', NEEDS_NODE.replace('NAME', manifest.name)]])
}
