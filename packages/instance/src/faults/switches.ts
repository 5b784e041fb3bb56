import { newSysId } from '../sys-id.ts'

export const FAULT_KINDS = [
  'latency',
  'timeout-before-write',
  'timeout-after-write',
  'reset-before-write',
  'reset-after-write',
  'too-many-requests',
  'server-error',
  'server-error-after-write',
  'asleep',
  'error-in-200',
  'hidden-journal',
  'empty-journal',
] as const

export type FaultKind = (typeof FAULT_KINDS)[number]

export interface Fault {
  readonly id: string
  readonly kind: FaultKind
  readonly method?: string
  /** Part of the path and query. */
  readonly path?: string
  readonly user?: string
  readonly delayMs?: number
  readonly retryAfter?: number
  /** How often it still strikes; without it, until it is deleted. */
  times?: number
}

export type FaultRequest = Omit<Fault, 'id'>

/** Which faults are switched on, in the memory of this process. */
export class FaultSwitches {
  #faults: Fault[] = []

  add(request: FaultRequest): Fault {
    const fault: Fault = { id: newSysId(), ...request }
    this.#faults.push(fault)
    return fault
  }

  list(): readonly Fault[] {
    return this.#faults
  }

  /** Switches one off, or all of them; returns whether there was any such. */
  remove(id?: string): boolean {
    const before = this.#faults.length
    this.#faults = id === undefined ? [] : this.#faults.filter(fault => fault.id !== id)
    return id === undefined || this.#faults.length < before
  }

  /** The faults that strike a request; each of them is used up by one. */
  strike(method: string, path: string, userName: string | undefined): Fault[] {
    if (this.#faults.length === 0) return []
    const struck = this.#faults.filter(
      fault =>
        (fault.method === undefined || fault.method.toUpperCase() === method) &&
        (fault.path === undefined || path.includes(fault.path)) &&
        (fault.user === undefined || fault.user === userName),
    )
    for (const fault of struck) if (fault.times !== undefined) fault.times -= 1
    this.#faults = this.#faults.filter(fault => fault.times === undefined || fault.times > 0)
    return struck
  }
}
