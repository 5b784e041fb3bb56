import { AsyncLocalStorage } from 'node:async_hooks'

const calls = new AsyncLocalStorage<{ wrote: boolean }>()

/** Runs the work of one call and remembers whether it has written anything, so that an outage in its middle is told truthfully. */
export const noteEffects = <T>(work: () => Promise<T>): Promise<T> => calls.run({ wrote: false }, work)

/** Something that the call asked for is written, or may be. */
export function noteWrite(): void {
  const call = calls.getStore()
  if (call) call.wrote = true
}

/** Whether the call has certainly written nothing so far. */
export const nothingWritten = (): boolean => calls.getStore()?.wrote !== true
