import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import type { Copy } from './copy.ts'
import type { Mutation } from './mutation.ts'

/** What only says that a mutation leaves a name without use. */
const LOOSE = ['--noUnusedLocals', 'false', '--noUnusedParameters', 'false', '--allowUnreachableCode', 'true']

/**
 * The mutations that do not compile: red for that reason they would prove nothing. As many at once as break different files.
 * @returns what the compiler says, by mutation
 */
export function uncompiled(copy: Copy, mutations: readonly Mutation[]): Map<Mutation, string> {
  const wrong = new Map<Mutation, string>()
  let left = mutations.filter(({ file }) => file.endsWith('.ts'))
  while (left.length) {
    const files = new Set<string>()
    const together = left.filter(({ file }) => !files.has(file) && files.add(file))
    left = left.filter(mutation => !together.includes(mutation))
    for (const mutation of together) copy.mutate(mutation)
    const { status, stdout } = spawnSync(join(copy.folder, 'node_modules', '.bin', 'tsc'), ['--noEmit', '-p', '.', ...LOOSE], {
      cwd: copy.folder,
      encoding: 'utf8',
    })
    copy.restore()
    if (status === 0) continue
    const lines = stdout.split('\n')
    const named = together.filter(({ file }) => lines.some(line => line.startsWith(`${file}(`)))
    for (const mutation of named.length ? named : together)
      wrong.set(mutation, lines.find(line => line.startsWith(`${mutation.file}(`)) ?? lines[0] ?? '')
  }
  return wrong
}
