import { readFileSync } from 'node:fs'

/** An `@example` in the docstring of a public name. */
export interface Example {
  readonly name: string
  readonly code: string
}

const SOURCES = new URL('../', import.meta.url)
const TAG = /^@\w+/

/** The docstrings of all that index.ts passes on, by name: without the stars, one line each. */
export function readDocstrings(): ReadonlyMap<string, readonly string[]> {
  const index = readFileSync(new URL('index.ts', SOURCES), 'utf8')
  const passedOn = [...index.matchAll(/export (?:type )?\{([^}]*)\} from '([^']+)'/g)]
  return new Map(
    passedOn.flatMap(([, names = '', file = '']) => {
      const text = readFileSync(new URL(file, SOURCES), 'utf8')
      return names
        .split(',')
        .map(name => name.replace('type ', '').trim())
        .filter(Boolean)
        .map(name => [name, docstringOf(name, text)] as const)
    }),
  )
}

function docstringOf(name: string, text: string): string[] {
  const definition = String.raw`export (?:async )?(?:function\*?|class|const|type|interface) ${name}\b`
  const [, docstring = ''] = new RegExp(String.raw`/\*\*((?:(?!\*/)[^])*)\*/\n${definition}`).exec(text) ?? []
  return docstring.split('\n').map(line => line.replace(/^\s*\* ?/, '').trimEnd())
}

/** The examples of a docstring; each goes on until the next tag. */
export function examplesOf(name: string, docstring: readonly string[]): Example[] {
  return docstring.flatMap((line, at) => {
    if (!line.startsWith('@example')) return []
    const after = docstring.slice(at + 1)
    const end = after.findIndex(other => TAG.test(other))
    const lines = [line.replace('@example', '').trim(), ...(end === -1 ? after : after.slice(0, end))]
    return [{ name, code: lines.join('\n').trim() }]
  })
}

/** What is said behind an arrow is claimed of the expression before it: `total // → 1`. */
const CLAIM = /^(\s*)(.+?) \/\/ → (.+)$/

/**
 * Runs an example with names from outside, and claims each time what stands behind an arrow.
 * @param claim is given what an expression came to, and what it should be
 * @returns how many claims the example has
 */
export async function runExample(
  { code }: Example,
  scope: Readonly<Record<string, unknown>>,
  claim: (value: unknown, wanted: unknown) => void,
): Promise<number> {
  const lines = code.split('\n')
  const claimed = lines.map(line => line.replace(CLAIM, '$1;claim(await ($2), $3)'))
  // An example may define again what it is given, as its reader would.
  const body = new AsyncFunction(...Object.keys(scope), 'claim', `{\n${claimed.join('\n')}\n}`)
  await body(...Object.values(scope), claim)
  return lines.filter(line => CLAIM.test(line)).length
}

const AsyncFunction = (async () => {}).constructor as new (...source: string[]) => (...given: unknown[]) => Promise<void>
