import { spawnSync } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { ROOT } from './files.ts'

/** `npm run check`: each of these must be silent. All run, whatever the ones before them say. */
const CHECKS: readonly { what: string; command: readonly string[]; remedy: string }[] = [
  { what: 'format and lint', command: ['biome', 'check', '--max-diagnostics=200', '.'], remedy: 'npm run format corrects most of it' },
  { what: 'types', command: ['tsc', '--noEmit', '-p', '.'], remedy: '' },
  { what: 'import map', command: ['node', 'tools/import-map/check.ts'], remedy: 'the map: tools/import-map/map.ts' },
  { what: 'dead code', command: ['knip', '--no-progress'], remedy: 'remove it, or the word export before it' },
  { what: 'reference up to date', command: ['node', 'tools/reference/write.ts', '--check'], remedy: 'npm run reference' },
  { what: 'names and links', command: ['node', 'tools/names/check.ts'], remedy: 'the rules: tools/names/names.ts, links.ts' },
  {
    what: 'docstrings, shared names',
    command: ['node', 'tools/exports/check.ts'],
    remedy: 'a docstring at the definition; a name of its own, or a row in docs/glossary.md',
  },
  {
    what: 'proofs',
    command: ['node', 'tools/proofs/check.ts'],
    remedy: 'each sentence names a test, and a mutation breaks it: CONTRIBUTING.md',
  },
]

/** The tools that came with `npm ci`, and its Node, before those of the machine. */
const env = { ...process.env, PATH: [join(ROOT, 'node_modules', '.bin'), process.env.PATH].join(delimiter) }

const failed = CHECKS.filter(({ what, command, remedy }) => {
  const started = performance.now()
  const [program = '', ...args] = command
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd: ROOT, env, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  const output = `${stdout ?? ''}${stderr ?? ''}${error ? `${error.message}\n` : ''}`.trimEnd()
  const good = status === 0
  console.log(`${good ? 'ok    ' : 'FAILED'}  ${what.padEnd(25)} ${seconds.padStart(5)} s`)
  if (!good) console.log(`\n${output}\n${remedy ? `\n-> ${remedy}\n` : ''}`)
  return !good
})

console.log(
  failed.length
    ? `\n${failed.length} of ${CHECKS.length} checks failed: ${failed.map(({ what }) => what).join(', ')}`
    : `\nall ${CHECKS.length} checks passed`,
)
process.exitCode = failed.length ? 1 : 0
