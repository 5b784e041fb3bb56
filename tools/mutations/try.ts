import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { Proof } from '../proofs/documents.ts'

/** What a test, or several of one file, said. `broken`: they did not run, or something else than they failed. */
export type Outcome = { said: 'passed' } | { said: 'failed'; line: string } | { said: 'broken'; line: string }

/** What of vitest's JSON report is read here. */
interface Report {
  testResults: {
    message: string
    assertionResults: { status: string; title: string; ancestorTitles: string[]; fullName: string; failureMessages: string[] }[]
  }[]
}

const LONGEST_MS = 240_000
const COLOURS = /\u001b\[[0-9;]*m/g

/** A test that says one of these was not answered, or was kept from running: it has noticed nothing, unless its row says that it says so. */
const NOTHING_NOTICED = /^(?:Syntax|Reference)Error|timed out in \d+ms|before it printed|Cannot find (?:module|package)/

/** Runs exactly the named tests of one file in a copy of the sources. */
export async function tryTests(folder: string, file: string, titles: readonly string[], says?: string): Promise<Outcome> {
  const report = join(folder, '..', 'report.json')
  rmSync(report, { force: true })
  const output = await run(folder, [
    'run',
    file,
    '-t',
    titles.map(asPattern).join('|'),
    '--reporter=json',
    `--outputFile=${report}`,
    '--maxWorkers=1',
    '--bail=1',
  ])
  if (!existsSync(report)) return { said: 'broken', line: lastLine(output) }
  const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as Report
  const ran = testResults.flatMap(({ assertionResults }) => assertionResults).filter(({ status }) => ['passed', 'failed'].includes(status))
  const failures = ran.filter(({ status }) => status === 'failed').flatMap(({ failureMessages }) => failureMessages.slice(0, 1))
  const noticed = failures.find(message => !NOTHING_NOTICED.test(firstLine(message)) || (says && message.includes(says)))
  if (noticed !== undefined) return { said: 'failed', line: firstLine(noticed) }
  if (failures.length) return { said: 'broken', line: firstLine(failures[0]!) }
  const around = testResults.map(({ message }) => message).find(Boolean)
  if (says && around?.includes(says)) return { said: 'failed', line: firstLine(around) }
  if (!ran.length) return { said: 'broken', line: around ? firstLine(around) : `no test ran: ${lastLine(output)}` }
  return { said: 'passed' }
}

/** vitest matches the titles of a test and of its groups before it. */
const asPattern = (title: Proof['title']): string =>
  title
    .split('…')
    .map(part => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(' > ', '(?: > | )'))
    .join('.*')

const running = new Set<ChildProcess>()
/** What a test has started ends with it: after its first failure vitest does not wait until that is closed. */
function end({ pid }: ChildProcess): void {
  try {
    if (pid) process.kill(-pid, 'SIGKILL')
  } catch {
    // Nothing is left of it.
  }
}
process.once('exit', () => running.forEach(end))

function run(folder: string, args: readonly string[]): Promise<string> {
  const bin = join(folder, 'node_modules', '.bin')
  const env = { ...process.env, PATH: [bin, process.env.PATH].join(delimiter) }
  const child = spawn(join(bin, 'vitest'), args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  running.add(child)
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk
    })
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => end(child), LONGEST_MS)
    child.on('error', reject)
    child.on('close', () => {
      clearTimeout(timer)
      running.delete(child)
      end(child)
      resolve(output)
    })
  })
}

const firstLine = (message: string): string => (message.replaceAll(COLOURS, '').trim().split('\n')[0] ?? '').slice(0, 200)
const lastLine = (output: string): string => (output.replaceAll(COLOURS, '').trim().split('\n').at(-1) ?? '').slice(0, 200)
