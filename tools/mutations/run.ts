import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ROOT } from '../files.ts'
import startDatabase from '../test-database.ts'
import { type Copy, copySources } from './copy.ts'
import type { Mutation } from './mutation.ts'
import { mutationsPage, PAGE, type Verdict } from './page.ts'
import { MUTATIONS, PARTS } from './parts.ts'
import { type Keys, keysOf, openState } from './state.ts'
import { tryTests } from './try.ts'
import { uncompiled } from './types.ts'

/**
 * `npm run mutations [-- PART… | WORDS…] [--list | --page] [--anew]`: breaks a rule at a time in a copy of the sources, and runs the test that must
 * notice. Ends with 1 when one does not. A run of all writes docs/reference/mutations.md; `--page` writes it of what earlier runs have seen.
 */
const { values: options, positionals: words } = parseArgs({
  allowPositionals: true,
  options: { list: { type: 'boolean' }, page: { type: 'boolean' }, anew: { type: 'boolean' }, help: { type: 'boolean' } },
})
const isMeant = (mutation: Mutation) =>
  !words.length ||
  words.some(
    word => PARTS[word]?.includes(mutation) || [mutation.sentence, mutation.breaks, mutation.file].some(text => text.includes(word)),
  )
const meant = MUTATIONS.filter(isMeant)
const KEYS = new Map<Mutation, Keys>(meant.map(mutation => [mutation, keysOf(mutation)]))
const greenKey = (mutation: Mutation) => KEYS.get(mutation)!.green
const redKey = (mutation: Mutation) => KEYS.get(mutation)!.red
/** Most of a test's time it waits: on two cores three at once are ready sooner than two. */
const AT_ONCE = 3
const COMMIT = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: ROOT, encoding: 'utf8' }).trim()

// A run that is broken off leaves no copy behind; what it has seen is kept.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))

async function run(): Promise<number> {
  const started = performance.now()
  const seen = openState(options.anew === true)
  const verdicts = new Map<Mutation, Verdict>()
  const conclude = (mutation: Mutation, verdict: Verdict) => {
    verdicts.set(mutation, verdict)
    const seconds = ((performance.now() - started) / 1000).toFixed(0)
    const count = `${String(verdicts.size).padStart(3)}/${meant.length} ${seconds.padStart(4)} s`
    const line = 'line' in verdict ? `\n            ${verdict.line}` : ''
    console.log(`${count}  ${verdict.is.padEnd(8)}  ${mutation.breaks}: "${mutation.proof.title}"${line}`)
  }
  for (const mutation of meant) {
    const before = seen.red[redKey(mutation)]
    if (before) verdicts.set(mutation, { is: 'red', ...before })
  }
  console.log(`${meant.length} mutations, ${verdicts.size} of them seen red before`)
  if (options.page) return writePage(verdicts)
  const left = meant.filter(mutation => !verdicts.has(mutation))
  const unsure = () => meant.filter(mutation => verdicts.get(mutation)?.is === 'red' && !seen.compiled[redKey(mutation)])
  if (left.length) {
    const stopDatabase = await startDatabase()
    const copies = Array.from({ length: AT_ONCE }, copySources)
    try {
      const files = groupedByTest(left)
      await Promise.all(copies.map(copy => workOff(copy, files, seen, conclude)))
    } finally {
      for (const copy of copies) copy.remove()
      await stopDatabase()
    }
  }
  if (unsure().length) {
    console.log(`looking whether ${unsure().length} of them compile`)
    const copy = copySources()
    const wrong = uncompiled(copy, unsure())
    copy.remove()
    for (const mutation of unsure()) if (!wrong.has(mutation)) seen.compiled[redKey(mutation)] = true
    for (const [mutation, line] of wrong) conclude(mutation, { is: 'unclear', line: `it does not compile: ${line}` })
    seen.save()
  }
  if (!words.length) writePage(verdicts)
  const bad = [...verdicts].filter(([, { is }]) => is !== 'red')
  for (const [{ breaks, proof }, { is }] of bad) console.log(`${is}: ${breaks}: ${proof.file} "${proof.title}"`)
  console.log(`${verdicts.size - bad.length} of ${meant.length} went red`)
  return bad.length ? 1 : 0
}

function writePage(verdicts: ReadonlyMap<Mutation, Verdict>): number {
  writeFileSync(join(ROOT, PAGE), mutationsPage(verdicts))
  console.log(`written  ${PAGE}`)
  return 0
}

/** The mutations of one test file follow one another: its tests are seen green together before. */
const groupedByTest = (mutations: readonly Mutation[]): Mutation[][] =>
  [...new Set(mutations.map(({ proof }) => proof.file))].map(file => mutations.filter(({ proof }) => proof.file === file))

async function workOff(
  copy: Copy,
  files: Mutation[][],
  seen: ReturnType<typeof openState>,
  conclude: (mutation: Mutation, verdict: Verdict) => void,
): Promise<void> {
  for (let group = files.shift(); group; group = files.shift()) {
    const why = await seeGreen(copy, group, seen)
    for (const mutation of group) {
      if (seen.green[greenKey(mutation)]) conclude(mutation, await tryMutation(copy, mutation, seen))
      else conclude(mutation, { is: 'unclear', line: `not green before: ${why.get(mutation.proof.title)}` })
      seen.save()
    }
  }
}

/** Sees the tests of one file green, all at once, or each by itself where one of them is not; says why one is not. */
async function seeGreen(copy: Copy, group: readonly Mutation[], seen: ReturnType<typeof openState>): Promise<Map<string, string>> {
  const why = new Map<string, string>()
  const untried = group.filter(mutation => !seen.green[greenKey(mutation)])
  const titles = [...new Set(untried.map(({ proof }) => proof.title))]
  if (!titles.length) return why
  const { file } = group[0]!.proof
  const together = await tryTests(copy.folder, file, titles)
  for (const title of titles) {
    const outcome = together.said === 'passed' ? together : await tryTests(copy.folder, file, [title])
    if (outcome.said !== 'passed') why.set(title, outcome.line)
    else for (const mutation of untried.filter(({ proof }) => proof.title === title)) seen.green[greenKey(mutation)] = true
  }
  return why
}

async function tryMutation(copy: Copy, mutation: Mutation, seen: ReturnType<typeof openState>): Promise<Verdict> {
  copy.mutate(mutation)
  try {
    const outcome = await tryTests(copy.folder, mutation.proof.file, [mutation.proof.title], mutation.says)
    if (outcome.said === 'passed') return { is: 'survived' }
    if (outcome.said === 'broken') return { is: 'unclear', line: outcome.line }
    const red = { line: outcome.line, on: new Date().toISOString().slice(0, 10), commit: COMMIT }
    seen.red[redKey(mutation)] = red
    return { is: 'red', ...red }
  } finally {
    copy.restore()
  }
}

const USAGE = `npm run mutations [-- PART… | WORDS…] [--list | --page] [--anew]
parts: ${Object.keys(PARTS).join(', ')}`

if (options.help) console.log(USAGE)
else if (options.list) for (const { sentence, breaks, proof } of meant) console.log(`${sentence}\n  ${breaks}\n  ${proof.file}`)
else process.exitCode = await run()
