import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A piece of a guide that is set as code. */
export interface Block {
  /** What stands after its fence: `sh`, `nginx`, `ini`, … */
  language: string
  /** Without the indent that a list gives it. */
  text: string
  /** Why no test runs it, where its guide says so in a comment before it: `<!-- not run: … -->`. */
  notRun: string | undefined
}

const BLOCK = /(?:<!-- not run: (.*?) -->\n)?^( *)```(\w+)\n([\s\S]*?)^\2```$/gm

/** The text of a guide, by its name in docs/guides. */
export const readGuide = (name: string): string => readFileSync(join(import.meta.dirname, '../../docs/guides', name), 'utf8')

/** Its blocks, from top to bottom. */
export function blocksOf(guide: string): Block[] {
  return [...guide.matchAll(BLOCK)].map(([, notRun, indent = '', language = '', text = '']) => ({
    language,
    text: text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
    notRun,
  }))
}

/** All that a guide has a reader type, one after the other, as one script. */
export const commandsOf = (guide: string): string =>
  blocksOf(guide)
    .filter(({ language, notRun }) => language === 'sh' && notRun === undefined)
    .map(({ text }) => text)
    .join('\n')
