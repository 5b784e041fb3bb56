import { expect, test } from 'vitest'
import { countTests, type TestReport } from './count-tests.ts'

const file = (name: string, ...tests: string[]) => ({
  name,
  status: tests.includes('failed') ? 'failed' : 'passed',
  assertionResults: tests.map(status => ({ status })),
})
function report(...testResults: TestReport['testResults']): TestReport {
  const count = (wanted: string) =>
    testResults.flatMap(({ assertionResults }) => assertionResults).filter(({ status }) => status === wanted).length
  return { numPassedTests: count('passed'), numFailedTests: count('failed'), numPendingTests: count('pending'), testResults }
}
const good = { check: 0, test: 0 }

test('tests that passed and failed are counted', () => {
  expect(countTests(report(file('a', 'passed', 'passed')), good)).toEqual({ passed: 2, failed: 0, because: [] })
  expect(countTests(report(file('a', 'passed', 'failed')), { check: 0, test: 1 })).toEqual({ passed: 1, failed: 1, because: [] })
})

test.each([
  ['a run without tests', report(), good, 'no test ran'],
  ['a run of skipped tests', report(file('a', 'pending')), good, 'no test ran'],
  ['a run that left no report', undefined, { check: 0, test: 124 }, 'npm test left no report'],
  [
    'a file that cannot be loaded',
    report(file('a', 'passed'), { ...file('b'), status: 'failed' }),
    { check: 0, test: 1 },
    'b failed outside',
  ],
  ['a failed check', report(file('a', 'passed')), { check: 1, test: 0 }, 'npm run check failed'],
  ['an error after the tests', report(file('a', 'passed')), { check: 0, test: 1 }, 'exit code 1'],
])('%s does not look like success', (_, given, exit, reason) => {
  const { failed, because } = countTests(given, exit)
  expect(failed).toBe(1)
  expect(because.join()).toContain(reason)
})

test('a failed check does not hide that the run ended badly too', () => {
  expect(countTests(report(file('a', 'passed')), { check: 1, test: 1 }).failed).toBe(2)
})
