/** One import as it stands in a file. */
export interface Import {
  line: number
  specifier: string
}

/** `import … from '…'`, `export … from '…'` and `import '…'`; the formatter keeps them at the start of a line. */
const STATIC = /^(?:import|export)\b(?:[^'"`;=]*?\bfrom)?\s*'([^'\n]+)'/gm
/** `import('…')`, in types too, and files that are started by their address: `new URL('./x.ts', import.meta.url)`. */
const DYNAMIC = /(?:\bimport\(\s*|\bnew URL\(\s*(?=['"][^'"]+\.m?[jt]s['"]))['"]([^'"\n]+)['"]/g

/** Every import of a source text, types included, in the order of their lines. Comments do not count. */
export function importsOf(source: string): Import[] {
  // A comment begins after a space or a bracket; `/*` in a string such as 'packages/*/src' does not.
  const text = source.replace(/(?<=^|[\s;{}(,])(?:\/\*[\s\S]*?\*\/|\/\/.*$)/gm, comment => comment.replace(/[^\n]/g, ' '))
  const found: Import[] = []
  for (const pattern of [STATIC, DYNAMIC])
    for (const match of text.matchAll(pattern)) {
      const at = match.index + match[0].lastIndexOf(match[1]!)
      found.push({ line: text.slice(0, at).split('\n').length, specifier: match[1]! })
    }
  return found.sort((a, b) => a.line - b.line)
}
