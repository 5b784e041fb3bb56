import { spawn } from 'node:child_process'
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

/** Runs exactly the named tests of one file in a copy of the sources. Unless an assertion failed, or what `says` names, nothing was noticed. */
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
  const noticed = failures.find(message => /^AssertionError/.test(message.replaceAll(COLOURS, '')) || (says && message.includes(says)))
  if (noticed !== undefined) return { said: 'failed', line: firstLine(noticed) }
  if (failures.length) return { said: 'broken', line: firstLine(failures[0]!) }
  const around = testResults.map(({ message }) => message).find(Boolean)
  if (says && around?.includes(says)) return { said: 'failed', line: firstLine(around) }
  if (!ran.length) return { said: 'broken', line: around ? firstLine(around) : `no test ran: ${lastLine(output)}` }
  return { said: 'passed' }
}

/** vitest matches the titles of a test and its groups, with blanks between them. */
const asPattern = (title: Proof['title']): string =>
  title
    .split('…')
    .map(part => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(' > ', ' '))
    .join('.*')

function run(folder: string, args: readonly string[]): Promise<string> {
  const bin = join(folder, 'node_modules', '.bin')
  const env = { ...process.env, PATH: [bin, process.env.PATH].join(delimiter) }
  const child = spawn(join(bin, 'vitest'), args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk
    })
  return new Promise((resolve, reject) => {
    // What it has started ends with it.
    const timer = setTimeout(() => process.kill(-child.pid!, 'SIGKILL'), LONGEST_MS)
    child.on('error', reject)
    child.on('close', () => {
      clearTimeout(timer)
      resolve(output)
    })
  })
}

const firstLine = (message: string): string => (message.replaceAll(COLOURS, '').trim().split('\n')[0] ?? '').slice(0, 200)
const lastLine = (output: string): string => (output.replaceAll(COLOURS, '').trim().split('\n').at(-1) ?? '').slice(0, 200)
