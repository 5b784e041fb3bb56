import { afterEach, expect, test, vi } from 'vitest'
import { Hold, HoldLost, thisMoment } from './hold.ts'

/** The clock that never jumps and the one on the wall, each to be moved alone. */
function clocks() {
  let steady = 1_000_000
  let wall = Date.UTC(2026, 0, 31, 10)
  vi.spyOn(performance, 'now').mockImplementation(() => steady)
  vi.spyOn(Date, 'now').mockImplementation(() => wall)
  return {
    pass(seconds: number) {
      steady += seconds * 1_000
      wall += seconds * 1_000
    },
    moveWall(seconds: number) {
      wall += seconds * 1_000
    },
  }
}
afterEach(() => {
  vi.restoreAllMocks()
})

const taken = () => new Hold({ writeId: 'write', fence: 1 }, thisMoment())

test('a hold is sure for a while after it was taken, possible until it has ended, and sure again once it is confirmed', () => {
  const { pass } = clocks()
  const hold = taken()
  pass(5)
  expect([hold.isSure, hold.isPossible]).toEqual([true, true])
  pass(15)
  expect([hold.isSure, hold.isPossible]).toEqual([false, true])
  pass(11)
  expect([hold.isSure, hold.isPossible]).toEqual([false, false])
  hold.confirm(thisMoment())
  expect([hold.isSure, hold.isPossible]).toEqual([true, true])
})

test('a machine that was suspended counts: only its wall clock went on', () => {
  const { moveWall } = clocks()
  const hold = taken()
  moveWall(40)
  expect([hold.isSure, hold.isPossible]).toEqual([false, false])
})

test('a wall clock that is put back does not make a hold sure', () => {
  const { pass, moveWall } = clocks()
  const hold = taken()
  pass(40)
  moveWall(-3_600)
  expect([hold.isSure, hold.isPossible]).toEqual([false, false])
})

test('a hold that is lost is neither sure nor possible, whatever is confirmed afterwards', () => {
  clocks()
  const hold = taken()
  hold.lose()
  hold.confirm(thisMoment())
  expect([hold.isSure, hold.isPossible]).toEqual([false, false])
  expect(() => hold.assertNotLost()).toThrow(HoldLost)
})
