import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT, repositoryFiles } from '../files.ts'

/** Names that say nothing about what is inside: whatever has no place ends up there. */
const SAYS_NOTHING = new Set([
  'util',
  'utils',
  'utility',
  'utilities',
  'helper',
  'helpers',
  'common',
  'manager',
  'managers',
  'lib',
  'libs',
  'misc',
])

/** Paths that exist on one developer's machine only. `/home/node` and the like stand in no file of ours, so nothing is excepted. */
const SOMEBODYS_MACHINE = /(?<![\w./-])\/(?:home|Users)\/[a-z][\w.-]*\/|(?<![\w./-])\/root\/[\w.-]+|[A-Z]:\\+Users\\+/

const TEXT = /\.(?:[mc]?[jt]sx?|json|md|sql|sh|ya?ml|html|css|txt)$|(?:^|\/)(?:\.[\w/-]+|run|Dockerfile)$/
/** Written by npm from the registry. */
const NOT_READ = new Set(['package-lock.json'])

export interface BadName {
  file: string
  line?: number
  problem: string
}

/** Every file and folder whose name says nothing, each name once. */
export function emptyNames(files: readonly string[]): BadName[] {
  const found = new Map<string, BadName>()
  for (const file of files) {
    const parts = file.split('/')
    for (const [at, part] of parts.entries()) {
      const word = part
        .toLowerCase()
        .split(/[-._]/)
        .find(each => SAYS_NOTHING.has(each))
      const path = parts.slice(0, at + 1).join('/')
      if (word) found.set(path, { file: path, problem: `"${word}" does not say what is inside: name the one thing it is` })
    }
  }
  return [...found.values()]
}

/** Every line of a text that names a path of somebody's machine. */
export function machinePaths(file: string, text: string): BadName[] {
  return text.split('\n').flatMap((line, at) => {
    const [path] = SOMEBODYS_MACHINE.exec(line) ?? []
    return path ? [{ file, line: at + 1, problem: `"${path}" is a path of one developer's machine` }] : []
  })
}

/** All of both, over the whole repository. */
export function badNames(files: readonly string[] = repositoryFiles()): BadName[] {
  const texts = files.filter(file => TEXT.test(file) && !NOT_READ.has(file))
  return [...emptyNames(files), ...texts.flatMap(file => machinePaths(file, readFileSync(join(ROOT, file), 'utf8')))]
}
