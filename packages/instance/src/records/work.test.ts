import { expect, test } from 'vitest'
import { runAgainAfterDeadlock } from './work.ts'

const failure = (code: string) => Object.assign(new Error(code), { code })

test('what PostgreSQL rolled back because of a deadlock is run again, and is told that it is', async () => {
  const tries: boolean[] = []
  const done = await runAgainAfterDeadlock(async isAgain => {
    tries.push(isAgain)
    if (tries.length < 3) throw failure('40P01')
    return 'done'
  })
  expect({ done, tries }).toEqual({ done: 'done', tries: [false, true, true] })
})

test('any other failure is the answer at once, and so is the twelfth deadlock', async () => {
  let tries = 0
  const fail = (code: string) => async () => {
    tries += 1
    throw failure(code)
  }
  await expect(runAgainAfterDeadlock(fail('23505'))).rejects.toThrow('23505')
  expect(tries).toBe(1)
  await expect(runAgainAfterDeadlock(fail('40P01'))).rejects.toThrow('40P01')
  expect(tries).toBe(13)
})
