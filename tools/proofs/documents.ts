import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../files.ts'

/** The documents whose sentences have proofs. */
const DOCUMENTS = ['GUARANTEES.md', 'SECURITY.md'] as const

/** A test, as a document names it: `[its title](its/file.test.ts)`; `…` stands for what a title's template fills in. */
export interface Proof {
  file: string
  title: string
}

/** A row of a table whose last column is called "proof". */
export interface Sentence {
  document: string
  line: number
  /** The cell before the proof, without marks. */
  text: string
  proofs: readonly Proof[]
  /** What stands in the proof's cell beside links to tests. */
  beside: string
}

/** A link; its text may have brackets in pairs. */
const LINK = /\[((?:[^[\]]|\[[^[\]]*\])+)\]\(([^()\s]+)\)/g

/** Every sentence of a document that promises something. */
export function sentencesOf(document: string, text: string): Sentence[] {
  let proves = false
  return text.split('\n').flatMap((row, at) => {
    if (!row.startsWith('|')) {
      proves = false
      return []
    }
    const cells = cellsOf(row)
    const last = cells.at(-1) ?? ''
    if (last === 'proof') {
      proves = true
      return []
    }
    if (!proves || cells.every(cell => /^:?-+:?$/.test(cell))) return []
    const proofs = [...last.matchAll(LINK)].map(([, title = '', file = '']) => ({ file, title }))
    const beside = last.replace(LINK, '').replaceAll(/<br>|[,\s]/g, '')
    return [{ document, line: at + 1, text: unmarked(cells.at(-2) ?? ''), proofs, beside }]
  })
}

/** Every sentence of both documents. */
export const allSentences = (): Sentence[] =>
  DOCUMENTS.flatMap(document => sentencesOf(document, readFileSync(join(ROOT, document), 'utf8')))

const cellsOf = (row: string): string[] =>
  row
    .replace(/^\||\|\s*$/g, '')
    .split(/(?<!\\)\|/)
    .map(cell => cell.trim())

const unmarked = (cell: string): string => cell.replace(LINK, '$1').replaceAll(/\*\*|`/g, '')
