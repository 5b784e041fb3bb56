import { parseAst } from 'vitest/node'

/** One name that a file exports. */
export interface Export {
  readonly name: string
  readonly line: number
  /** Whether a docstring (two stars) stands right before it. Of a name that is passed on, its definition is asked instead. */
  readonly documented: boolean
  /** `export { a as b } from './x.ts'`: where it comes from, and its name there; `*` for `export * from`. */
  readonly from?: { readonly specifier: string; readonly name: string }
}

interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [part: string]: unknown
}

/** Every name that the text of a TypeScript file exports, in the order of its lines. */
export function readExports(text: string): Export[] {
  const { body } = parseAst(text, { lang: 'ts' }) as unknown as { body: readonly Node[] }
  return body.flatMap((statement): Export[] => {
    const line = text.slice(0, statement.start).split('\n').length
    if (statement.type === 'ExportAllDeclaration')
      return [{ name: '*', line, documented: false, from: { specifier: textOf(statement.source), name: '*' } }]
    if (statement.type === 'ExportDefaultDeclaration') return [{ name: 'default', line, documented: isDocumented(text, statement) }]
    if (statement.type !== 'ExportNamedDeclaration') return []
    if (statement.declaration)
      return namesOf(statement.declaration as Node).map(name => ({ name, line, documented: isDocumented(text, statement) }))
    return (statement.specifiers as readonly Node[]).map(({ exported, local }) => ({
      name: textOf(exported),
      line,
      documented: isDocumented(
        text,
        body.find(other => declares(other, textOf(local))),
      ),
      ...(statement.source ? { from: { specifier: textOf(statement.source), name: textOf(local) } } : {}),
    }))
  })
}

/** The text of a name or of a string. */
const textOf = (node: unknown): string => String((node as Node).name ?? (node as Node).value)

const declares = (statement: Node, name: string) => namesOf(statement).includes(name)

function namesOf(declaration: Node): string[] {
  if (declaration.type !== 'VariableDeclaration') return declaration.id ? [textOf(declaration.id)] : []
  return (declaration.declarations as readonly { id: Node }[]).flatMap(({ id }) => boundIn(id))
}

/** The names of a pattern: of `{ a, b: [c] }`, a and c. */
function boundIn(pattern: Node | null): string[] {
  if (pattern === null) return []
  if (pattern.type === 'Identifier') return [textOf(pattern)]
  if (pattern.type === 'ObjectPattern')
    return (pattern.properties as readonly Node[]).flatMap(part => boundIn((part.value ?? part.argument) as Node))
  if (pattern.type === 'ArrayPattern') return (pattern.elements as readonly (Node | null)[]).flatMap(boundIn)
  return boundIn((pattern.left ?? pattern.argument ?? null) as Node | null)
}

function isDocumented(text: string, statement: Node | undefined): boolean {
  if (statement === undefined) return false
  const before = text.slice(0, statement.start).trimEnd()
  return before.endsWith('*/') && before.startsWith('/**', before.lastIndexOf('/*'))
}
