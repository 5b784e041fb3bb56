import { existsSync, readFileSync } from 'node:fs'

/** What of vitest's JSON report is counted here. */
export interface TestReport {
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  testResults: { name: string; status: string; assertionResults: { status: string }[] }[]
}

export interface Count {
  passed: number
  failed: number
  /** What failed besides tests. */
  because: string[]
}

/**
 * Counts tests that passed and failed. A file that cannot be loaded, a failed check, a run without tests and a run that ended badly for no reason
 * of a test's are each one more failure: none of them is a test in the report, and none may look like success.
 */
export function countTests(report: TestReport | undefined, exit: { check: number; test: number }): Count {
  const because: string[] = []
  if (exit.check !== 0) because.push('npm run check failed')
  for (const { name, status, assertionResults } of report?.testResults ?? [])
    if (status === 'failed' && !assertionResults.some(test => test.status === 'failed')) because.push(`${name} failed outside of its tests`)
  const { numPassedTests: passed, numFailedTests } = report ?? { numPassedTests: 0, numFailedTests: 0 }
  if (!report) because.push('npm test left no report')
  else if (passed + numFailedTests === 0) because.push('no test ran')
  if (exit.test !== 0 && numFailedTests + because.length - (exit.check === 0 ? 0 : 1) === 0)
    because.push(`npm test ended with exit code ${exit.test}`)
  return { passed, failed: numFailedTests + because.length, because }
}

/** `node tools/count-tests.ts REPORT CHECK-EXIT-CODE TEST-EXIT-CODE`: the end of `.ci/run`. */
if (import.meta.main) {
  const [path = '', check = '1', test = '1'] = process.argv.slice(2)
  const report = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as TestReport) : undefined
  const { passed, failed, because } = countTests(report, { check: Number(check), test: Number(test) })
  for (const reason of because) console.log(reason)
  if (report?.numPendingTests) console.log(`${report.numPendingTests} skipped`)
  console.log(`${passed} passed, ${failed} failed`)
  process.exitCode = failed ? 1 : 0
}
