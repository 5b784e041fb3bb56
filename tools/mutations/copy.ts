import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { ROOT, repositoryFiles } from '../files.ts'
import { occurrences } from '../proofs/problems.ts'
import type { Mutation } from './mutation.ts'

/** A copy of the sources in a temporary folder, in which one rule at a time is broken. */
export interface Copy {
  readonly folder: string
  /** Puts the replacement in the place of the text. @throws when the text is not there exactly once */
  mutate(mutation: Pick<Mutation, 'file' | 'text' | 'replacement'>): void
  /** Puts every file back that was changed. */
  restore(): void
  remove(): void
}

export function copySources(): Copy {
  // Whoever a test starts as another user must be able to read its programs.
  const above = mkdtempSync(join(tmpdir(), 'deskbridge-mutations-'))
  chmodSync(above, 0o755)
  const folder = join(above, 'sources')
  mkdirSync(folder)
  for (const file of repositoryFiles()) cpSync(join(ROOT, file), join(folder, file), { recursive: true })
  linkPackages(folder)
  const changed = new Map<string, string>()
  const remove = () => rmSync(above, { recursive: true, force: true })
  process.once('exit', remove)
  return {
    folder,
    mutate({ file, text, replacement }) {
      const path = join(folder, file)
      const before = readFileSync(path, 'utf8')
      const times = occurrences(before, text)
      if (times !== 1) throw new Error(`${file} has the text ${times} times: ${text}`)
      changed.set(path, changed.get(path) ?? before)
      writeFileSync(
        path,
        before.replace(text, () => replacement),
      )
    },
    restore() {
      for (const [path, before] of changed) writeFileSync(path, before)
      changed.clear()
    },
    remove,
  }
}

/** Packages of others are linked; our own lead into the copy. */
function linkPackages(folder: string): void {
  link(join(ROOT, 'node_modules'), join(folder, 'node_modules'), name => name !== '@deskbridge' && name !== '.vite')
  const ours = join(folder, 'node_modules', '@deskbridge')
  mkdirSync(ours)
  for (const name of readdirSync(join(folder, 'packages'))) {
    symlinkSync(join(folder, 'packages', name), join(ours, name))
    link(join(ROOT, 'packages', name, 'node_modules'), join(folder, 'packages', name, 'node_modules'), () => true)
  }
  symlinkSync(join(folder, 'tools'), join(ours, 'tools'))
}

function link(from: string, to: string, isLinked: (name: string) => boolean): void {
  let names: string[]
  try {
    names = readdirSync(from)
  } catch {
    return
  }
  mkdirSync(dirname(to), { recursive: true })
  mkdirSync(to)
  for (const name of names.filter(isLinked)) symlinkSync(join(from, name), join(to, name))
}
