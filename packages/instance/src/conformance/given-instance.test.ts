import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { makeFreshDatabase } from '@deskbridge/postgres/testing'
import { afterAll, beforeAll, expect } from 'vitest'
import { basic } from './practice-room.ts'
import { practiceOnly as test } from './which-instance.ts'

/** The cases run against an address that is given to them; here that of a practice instance in a process of its own, with no demo company. */

const root = fileURLToPath(new URL('../../../../', import.meta.url))
const PASSWORD = 'given from outside'
const here = new URL('./', import.meta.url)
const WHOLE_FILE = "import { practiceOnly as test } from './which-instance.ts'"

/** Files of cases that hold, at least some of them, for any instance. */
const files = readdirSync(here).filter(
  name =>
    name.endsWith('.test.ts') && !readFileSync(new URL(name, here), 'utf8').includes(WHOLE_FILE) && name !== 'nothing-is-missing.test.ts',
)

let database: Awaited<ReturnType<typeof makeFreshDatabase>>
let separate: ReturnType<typeof spawn>
let url: string

beforeAll(async () => {
  database = await makeFreshDatabase()
  separate = spawn(process.execPath, ['packages/cli/bin/deskbridge.mjs', 'instance', '--port', '0', '--empty'], {
    cwd: root,
    env: { ...process.env, DATABASE_URL: database.url, DESKBRIDGE_INSTANCE_PASSWORD: PASSWORD },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  for await (const line of createInterface({ input: separate.stdout! })) {
    url = /^Practice instance: (\S+)/.exec(line)?.[1] ?? ''
    if (url !== '') break
  }
})
afterAll(async () => {
  const ended = new Promise(done => separate.once('exit', done))
  separate.kill('SIGTERM')
  await ended
  await database.drop()
})

interface Report {
  numFailedTests: number
  testResults: { name: string; message: string; assertionResults: { status: string; title: string; failureMessages: string[] }[] }[]
}

/** The command of the README, in a process that knows nothing of this one. */
async function conformance(): Promise<Report> {
  const outside = Object.entries(process.env).filter(([name]) => !/^(VITEST|DESKBRIDGE_|NODE_OPTIONS)/.test(name))
  const given = { SERVICENOW_INSTANCE_URL: url, SERVICENOW_USERNAME: 'admin', SERVICENOW_PASSWORD: PASSWORD }
  const chosen = files.map(name => `packages/instance/src/conformance/${name}`)
  const folder = mkdtempSync(join(tmpdir(), 'deskbridge-conformance-'))
  const report = join(folder, 'report.json')
  const run = spawn(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', '--reporter=json', `--outputFile=${report}`, ...chosen], {
    cwd: root,
    env: { ...Object.fromEntries(outside), ...given },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  await new Promise(done => run.once('exit', done))
  const read: Report = JSON.parse(readFileSync(report, 'utf8'))
  rmSync(folder, { recursive: true })
  return read
}

const count = async (table: string) => {
  const answer = await fetch(`${url}/api/now/stats/${table}?sysparm_count=true`, { headers: { authorization: basic('admin', PASSWORD) } })
  return ((await answer.json()) as { result: { stats: { count: string } } }).result.stats.count
}

test('the cases of the main APIs hold for the instance that SERVICENOW_INSTANCE_URL names, and leave nothing behind', async () => {
  expect(files).toEqual(expect.arrayContaining(['table.test.ts', 'attachment.test.ts', 'aggregate.test.ts', 'encoded-query.test.ts']))
  const tables = ['task', 'sys_user', 'core_company', 'sys_attachment']
  const before = await Promise.all(tables.map(count))
  const report = await conformance()
  const cases = report.testResults.flatMap(file => file.assertionResults)
  expect(cases.filter(each => each.status === 'failed').map(each => [each.title, ...each.failureMessages])).toEqual([])
  expect(report.testResults.map(file => file.message).filter(text => text !== '')).toEqual([])
  const left = cases.filter(each => each.status !== 'passed').map(each => each.title)
  expect(left.filter(title => !title.startsWith('practice only: '))).toEqual([])
  expect(left.length).toBeGreaterThan(10)
  for (const file of report.testResults)
    expect(
      file.assertionResults.some(each => each.status === 'passed'),
      file.name,
    ).toBe(true)
  expect(cases.length - left.length).toBeGreaterThan(120)
  expect(await Promise.all(tables.map(count))).toEqual(before)
}, 240_000)
