import { AsyncLocalStorage } from 'node:async_hooks'

/** Throws when what is about to be sent must not be sent any more. Quick when nothing has happened. */
export type LastCheck = () => Promise<void> | undefined

const checks = new AsyncLocalStorage<LastCheck>()

/** Has every write that this work sends to an instance checked at the last moment, after whatever it waited for. */
export const checkedBeforeWriting = <T>(check: LastCheck, work: () => Promise<T>): Promise<T> => checks.run(check, work)

/** Called right before a request leaves that may write. */
export const lastCheck = (): Promise<void> | undefined => checks.getStore()?.()
