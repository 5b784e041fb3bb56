import { hash } from 'node:crypto'
import { newSysId } from '../sys-id.ts'
import { FAULT_KINDS, FAULTS, type FaultKind } from './kinds.ts'
import { type FaultEffect, type FaultRequest, readFault, readFaultHeader } from './request.ts'

/** A fault that was switched on, with what became of it. */
export type Fault = FaultRequest & {
  readonly id: string
  /** How many requests it was meant for. */
  matched: number
  /** How many of them it struck. */
  strikes: number
  /** How often it still strikes; without it, until it is deleted. At none it is only listed. */
  times?: number
}

const MOST_USED_UP = 50

/** Which faults are switched on, in the memory of this process. */
export class FaultSwitches {
  #faults: Fault[] = []
  /** Faults that may still strike: none of them costs nothing. */
  #live: Fault[] = []
  readonly #strikes = new Map<FaultKind, number>()

  /**
   * Switches a fault on, as the body of a request asks for it. Where only a share of requests is struck, a seed is chosen unless one is
   * given, so that the run can be repeated.
   * @throws Refusal where the body is no fault
   */
  switchOn(sent: unknown): Fault {
    const request = readFault(sent)
    const seed = request.percent === undefined || request.seed !== undefined ? {} : { seed: newSysId() }
    const fault: Fault = { id: newSysId(), ...request, ...seed, matched: 0, strikes: 0 }
    this.#faults.push(fault)
    this.#live.push(fault)
    return fault
  }

  list(): readonly Fault[] {
    return this.#faults
  }

  /** The menu: every kind with its sentence, and how often it struck since the process began, by a switch or by a header. */
  kinds(): { kind: FaultKind; says: string; strikes: number }[] {
    return FAULT_KINDS.map(kind => ({ kind, says: FAULTS[kind], strikes: this.#strikes.get(kind) ?? 0 }))
  }

  /** Switches one off, or all of them; returns whether there was any such. */
  remove(id?: string): boolean {
    const before = this.#faults.length
    this.#faults = id === undefined ? [] : this.#faults.filter(fault => fault.id !== id)
    this.#live = this.#live.filter(fault => this.#faults.includes(fault))
    return id === undefined || this.#faults.length < before
  }

  /** The faults that strike a request: those that it carries itself, and those that are switched on for it. */
  strike(method: string, path: string, userName: string | undefined, header: string | null): readonly FaultEffect[] {
    if (this.#live.length === 0 && header === null) return []
    const carried = header === null ? [] : readFaultHeader(header).filter(({ percent = 100 }) => Math.random() * 100 < percent)
    const switched = this.#live.filter(fault => meant(fault, method, path, userName) && drawn(fault))
    for (const fault of switched) {
      fault.strikes += 1
      if (fault.times !== undefined) fault.times -= 1
    }
    if (switched.some(({ times }) => times === 0)) this.#retire()
    const struck = [...carried, ...switched]
    for (const { kind } of struck) this.#strikes.set(kind, (this.#strikes.get(kind) ?? 0) + 1)
    return struck
  }

  #retire(): void {
    this.#live = this.#live.filter(({ times }) => times !== 0)
    const forgotten = new Set(this.#faults.filter(({ times }) => times === 0).slice(0, -MOST_USED_UP))
    this.#faults = this.#faults.filter(fault => !forgotten.has(fault))
  }
}

function meant(fault: Fault, method: string, path: string, userName: string | undefined): boolean {
  return (
    (fault.method === undefined || fault.method.toUpperCase() === method) &&
    (fault.path === undefined || path.includes(fault.path)) &&
    (fault.user === undefined || fault.user === userName)
  )
}

/** The first `after` requests pass. The same seed strikes the same requests of a run, by the order in which they come. */
function drawn(fault: Fault): boolean {
  fault.matched += 1
  if (fault.after !== undefined && fault.matched <= fault.after) return false
  if (fault.percent === undefined) return true
  const share = Number.parseInt(hash('sha256', `${fault.seed} ${fault.matched}`).slice(0, 12), 16) / 2 ** 48
  return share * 100 < fault.percent
}
