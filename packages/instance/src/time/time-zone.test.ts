import { expect, test } from 'vitest'
import { instantOf, readMoment, utcText, wallClock } from './time-zone.ts'

const ZONE = 'Europe/Amsterdam'

test('the clock of a zone follows summer and winter time', () => {
  expect(wallClock(Date.UTC(2026, 0, 15, 12), ZONE)).toMatchObject({ day: 15, hour: 13 })
  expect(wallClock(Date.UTC(2026, 6, 15, 12), ZONE)).toMatchObject({ day: 15, hour: 14 })
  expect(wallClock(Date.UTC(2026, 2, 29, 0, 59, 59), ZONE)).toMatchObject({ hour: 1, minute: 59, second: 59 })
  expect(wallClock(Date.UTC(2026, 2, 29, 1), ZONE)).toMatchObject({ hour: 3, minute: 0, second: 0 })
})

test('a wall clock is turned into the instant that shows it, in every hour of the year', () => {
  for (let hour = 0; hour < 365 * 24; hour += 1) {
    const instant = Date.UTC(2026, 0, 1, hour, 30)
    const clock = wallClock(instant, ZONE)
    expect(wallClock(instantOf(clock, ZONE), ZONE)).toEqual(clock)
  }
})

test('fields may overflow', () => {
  expect(utcText(instantOf({ year: 2026, month: 3, day: 0, hour: 0, minute: 0, second: 0 }, 'UTC'))).toBe('2026-02-28 00:00:00')
})

test('what is no moment of the calendar is not read as one', () => {
  expect(readMoment('2026-02-28 23:59:59')).toMatchObject({ day: 28, hour: 23 })
  expect(readMoment('2026-02-28')).toMatchObject({ day: 28, hour: 0 })
  for (const text of [
    '2026-02-29',
    '2026-13-01',
    '2026-01-01 24:00:00',
    '2026-01-01 10:00',
    '2026-01-01T10:00:00',
    '0026-01-01',
    'today',
    '',
  ])
    expect(readMoment(text), text).toBeUndefined()
})
