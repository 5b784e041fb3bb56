import { expect, test } from 'vitest'
import { utcDate } from './ticket-input.ts'

test('a desired date without a zone is UTC, with an offset it is turned into UTC', () => {
  expect(utcDate('2026-01-31 10:00:00')).toBe('2026-01-31 10:00:00')
  expect(utcDate('2026-01-31T10:00:00+01:00')).toBe('2026-01-31 09:00:00')
  expect(utcDate('2026-01-31T10:00Z')).toBe('2026-01-31 10:00:00')
  expect(utcDate('2026-01-31')).toBe('2026-01-31 00:00:00')
})

test('a date that is on no calendar is refused', () => {
  for (const date of [
    '0000-01-01 00:00:00',
    '9999-12-31 23:59:59-01:00',
    '2026-02-30 10:00:00',
    '2026-13-01',
    '2026-01-31 25:00:00',
    'tomorrow',
    '31-01-2026',
    '2026-01-31 10:00:00^x',
  ])
    expect(utcDate(date), date).toBeUndefined()
})
