import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ROOT, repositoryFiles } from '../files.ts'
import type { BadName } from './names.ts'

/** Every link of a page to a file or folder of the repository that is not there. Code between fences and back-ticks has no links. */
export function findLostLinks(file: string, text: string, isThere = (path: string) => existsSync(join(ROOT, path))): BadName[] {
  const code = (from: string) => from.replace(/[^\n]/g, ' ')
  return text
    .replace(/^( *)```[\s\S]*?^\1```/gm, code)
    .replace(/`[^`\n]*`/g, code)
    .split('\n')
    .flatMap((line, at) =>
      [...line.matchAll(/\]\(([^)\s#]+)(?:#[^)\s]*)?\)/g)]
        .map(([, target]) => target!)
        .filter(target => !/^(?:[a-z]+:|\/)/.test(target) && !isThere(join(dirname(file), decodeURI(target))))
        .map(target => ({ file, line: at + 1, problem: `"${target}" is not there` })),
    )
}

/** Those of all pages. */
export const findAllLostLinks = () =>
  repositoryFiles()
    .filter(file => file.endsWith('.md'))
    .flatMap(file => findLostLinks(file, readFileSync(join(ROOT, file), 'utf8')))
