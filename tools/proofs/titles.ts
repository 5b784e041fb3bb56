import { parseAst } from 'vitest/node'

interface Node {
  type: string
  [part: string]: unknown
}

const isNode = (part: unknown): part is Node => typeof (part as Node | null)?.type === 'string'

/** What a template fills in is written `…`. */
const FILLED_IN = /%[sdifjoO#]|\$[a-z][\w.]*/g

/** The titles of the tests in the text of a test file, each with those of its groups before it: `a group > a test`. */
export function titlesIn(text: string): string[] {
  const titles: string[] = []
  collect(parseAst(text, { lang: 'ts' }) as unknown as Node, [], titles)
  return titles
}

/** Whether a test has this title: its own, or with those of its groups before it. */
export const hasTitle = (titles: readonly string[], title: string): boolean =>
  titles.some(one => one === title || one.endsWith(` > ${title}`))

function collect(node: Node, groups: readonly string[], titles: string[]): void {
  const word = node.type === 'CallExpression' ? wordOf(node.callee) : undefined
  const title = word && titleOf((node.arguments as Node[])[0])
  if (title !== undefined && word !== 'describe') titles.push([...groups, title].join(' > '))
  const within = title !== undefined && word === 'describe' ? [...groups, title] : groups
  for (const part of Object.values(node).flat()) if (isNode(part)) collect(part, within, titles)
}

/** `test` of test(…), test.concurrent(…), test.each(…)(…). */
function wordOf(callee: unknown): string | undefined {
  if (!isNode(callee)) return undefined
  if (callee.type === 'Identifier') return ['test', 'it', 'describe'].includes(callee.name as string) ? (callee.name as string) : undefined
  return wordOf(callee.type === 'MemberExpression' ? callee.object : callee.type === 'CallExpression' ? callee.callee : undefined)
}

function titleOf(argument: Node | undefined): string | undefined {
  if (argument?.type === 'Literal' && typeof argument.value === 'string') return argument.value.replaceAll(FILLED_IN, '…')
  if (argument?.type !== 'TemplateLiteral') return undefined
  return (argument.quasis as { value: { cooked: string } }[]).map(({ value }) => value.cooked.replaceAll(FILLED_IN, '…')).join('…')
}
