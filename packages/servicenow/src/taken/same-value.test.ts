import { expect, test } from 'vitest'
import { sameValue } from './same-value.ts'

test('zeros at the end of a fraction say nothing, those within do, however many', () => {
  const zeros = '0'.repeat(100_000)
  expect(sameValue('1.50', '1.5')).toBe(true)
  expect(sameValue('10.00', '10')).toBe(true)
  expect(sameValue('10', '1')).toBe(false)
  expect(sameValue(`1.5${zeros}`, '1.5')).toBe(true)
  expect(sameValue(`0.${zeros}1`, '0.1')).toBe(false)
})
