import { AsyncLocalStorage } from 'node:async_hooks'

const counting = new AsyncLocalStorage<{ calls: number }>()

/** Does some work and says how often it has asked an instance. */
export async function countingCalls<T>(work: () => Promise<T>): Promise<{ result: T; calls: number }> {
  const count = { calls: 0 }
  const result = await counting.run(count, work)
  return { result, calls: count.calls }
}

/** An instance is asked something. */
export function noteCall(): void {
  const count = counting.getStore()
  if (count) count.calls += 1
}
