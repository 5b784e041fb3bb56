import { expect, test } from 'vitest'
import { ALL_RIGHTS } from '../caller/rights.ts'
import { serverValue } from './server-values.ts'

/** A Wednesday; it is 12:20:30 in Amsterdam. */
const NOW = Date.UTC(2026, 4, 13, 10, 20, 30)
const caller = {
  sysId: 'me',
  userName: 'somebody',
  name: '',
  roles: new Set<string>(),
  rights: ALL_RIGHTS,
  zone: 'Europe/Amsterdam',
  dateFormat: 'yyyy-MM-dd',
}

/** Every value of contract servicenow-core.md 10.3. Summer time begins on 29 March, so what lies before is an hour from UTC, not two. */
const VALUES: readonly [call: string, value: string][] = [
  ['getUserID()', 'me'],
  ['getUserName()', 'somebody'],
  ['now()', '2026-05-13 10:20:30'],
  ['nowDateTime()', '2026-05-13 10:20:30'],
  ['beginningOfToday()', '2026-05-12 22:00:00'],
  ['endOfToday()', '2026-05-13 21:59:59'],
  ['beginningOfYesterday()', '2026-05-11 22:00:00'],
  ['endOfYesterday()', '2026-05-12 21:59:59'],
  ['beginningOfTomorrow()', '2026-05-13 22:00:00'],
  ['endOfTomorrow()', '2026-05-14 21:59:59'],
  ['beginningOfThisWeek()', '2026-05-10 22:00:00'],
  ['endOfThisWeek()', '2026-05-17 21:59:59'],
  ['beginningOfLastWeek()', '2026-05-03 22:00:00'],
  ['endOfLastWeek()', '2026-05-10 21:59:59'],
  ['beginningOfNextWeek()', '2026-05-17 22:00:00'],
  ['endOfNextWeek()', '2026-05-24 21:59:59'],
  ['beginningOfThisMonth()', '2026-04-30 22:00:00'],
  ['endOfThisMonth()', '2026-05-31 21:59:59'],
  ['beginningOfLastMonth()', '2026-03-31 22:00:00'],
  ['endOfLastMonth()', '2026-04-30 21:59:59'],
  ['beginningOfNextMonth()', '2026-05-31 22:00:00'],
  ['endOfNextMonth()', '2026-06-30 21:59:59'],
  ['beginningOfThisQuarter()', '2026-03-31 22:00:00'],
  ['endOfThisQuarter()', '2026-06-30 21:59:59'],
  ['beginningOfLastQuarter()', '2025-12-31 23:00:00'],
  ['endOfLastQuarter()', '2026-03-31 21:59:59'],
  ['beginningOfNextQuarter()', '2026-06-30 22:00:00'],
  ['endOfNextQuarter()', '2026-09-30 21:59:59'],
  ['beginningOfThisYear()', '2025-12-31 23:00:00'],
  ['endOfThisYear()', '2026-12-31 22:59:59'],
  ['beginningOfLastYear()', '2024-12-31 23:00:00'],
  ['endOfLastYear()', '2025-12-31 22:59:59'],
  ['beginningOfNextYear()', '2026-12-31 23:00:00'],
  ['endOfNextYear()', '2027-12-31 22:59:59'],
  ['daysAgo(2)', '2026-05-11 10:20:30'],
  ['daysAgo(60)', '2026-03-14 11:20:30'],
  ['daysAgoStart(0)', '2026-05-12 22:00:00'],
  ['daysAgoEnd(0)', '2026-05-13 21:59:59'],
  ['daysAgoStart(-1)', '2026-05-13 22:00:00'],
  ['hoursAgo(3)', '2026-05-13 07:20:30'],
  ['hoursAgoStart(1)', '2026-05-13 09:00:00'],
  ['hoursAgoEnd(1)', '2026-05-13 09:59:59'],
  ['minutesAgo(15)', '2026-05-13 10:05:30'],
  ['minutesAgoStart(1)', '2026-05-13 10:19:00'],
  ['minutesAgoEnd(1)', '2026-05-13 10:19:59'],
  ['monthsAgo(3)', '2026-02-13 11:20:30'],
  ['monthsAgoStart(1)', '2026-03-31 22:00:00'],
  ['monthsAgoEnd(1)', '2026-04-30 21:59:59'],
  ['quartersAgo(1)', '2026-02-13 11:20:30'],
  ['yearsAgo(1)', '2025-05-13 10:20:30'],
  ["dateGenerate('2026-01-31','10:00:00')", '2026-01-31 09:00:00'],
  ["dateGenerate('2026-05-01', 'start')", '2026-04-30 22:00:00'],
  ["dateGenerate('2026-05-01','end')", '2026-05-01 21:59:59'],
]

for (const [call, value] of VALUES)
  test(`gs.${call}`, () => {
    expect(serverValue(`javascript:gs.${call}`, caller, NOW)).toBe(value)
  })

test('a month that lacks the day ends at its last', () => {
  expect(serverValue('javascript:gs.monthsAgo(1)', caller, Date.UTC(2026, 2, 31, 8))).toBe('2026-02-28 09:00:00')
})

test('anything else is no value', () => {
  for (const text of [
    'gs.getUserID()',
    'javascript:',
    'javascript:gs.getUserID',
    'javascript:gs.getUserID() + 1',
    'javascript:gs.constructor()',
    "javascript:gs.daysAgo('x')",
    'javascript:gs.daysAgo(1e99)',
    "javascript:gs.dateGenerate('2026-02-30','10:00:00')",
    'javascript:process.exit()',
  ])
    expect(serverValue(text, caller, NOW), text).toBeUndefined()
})
