import { z } from 'zod'
import { notAFault } from '../refusals/faults.ts'
import { FAULT_KINDS, type FaultKind } from './kinds.ts'

/** Thirty days. */
const MOST_SECONDS = 2_592_000

const HOW = {
  kind: z.enum(FAULT_KINDS),
  delayMs: z.coerce.number().int().min(0).max(600_000).optional(),
  retryAfter: z.coerce.number().int().min(0).max(1_000_000).optional(),
  percent: z.coerce.number().gt(0).max(100).optional(),
  fields: z.array(z.string()).min(1).optional(),
  seconds: z.coerce.number().int().min(-MOST_SECONDS).max(MOST_SECONDS).optional(),
  sysId: z.string().min(1).optional(),
}

/** What a kind does not go without. */
const NEEDS: Partial<Record<FaultKind, 'seconds' | 'sysId'>> = { 'hidden-row': 'sysId', 'wrong-clock': 'seconds' }

const needed = ({ kind, ...options }: { kind: FaultKind; seconds?: unknown; sysId?: unknown }) => {
  const option = NEEDS[kind]
  return option === undefined || options[option] !== undefined
}
const NEEDED = { error: 'hidden-row needs sysId, wrong-clock needs seconds' }

const SWITCHED = z
  .strictObject({
    ...HOW,
    delayMs: z.int().min(0).max(600_000).optional(),
    retryAfter: z.int().min(0).max(1_000_000).optional(),
    percent: z.number().gt(0).max(100).optional(),
    seconds: z.int().min(-MOST_SECONDS).max(MOST_SECONDS).optional(),
    seed: z.union([z.string().max(100), z.int()]).optional(),
    method: z.string().optional(),
    path: z.string().optional(),
    user: z.string().optional(),
    times: z.int().min(1).optional(),
    after: z.int().min(1).optional(),
  })
  .refine(needed, NEEDED)

/** What goes wrong, and how. */
export type FaultEffect = Readonly<Present<z.output<typeof CARRIED>>>

/** What goes wrong, how, and for whom. */
export type FaultRequest = Readonly<Present<z.output<typeof SWITCHED>>>

type Present<T> = { [K in keyof T]: Exclude<T[K], undefined> }

const CARRIED = z.strictObject(HOW).refine(needed, NEEDED)

/** Reads the body of POST /practice/faults. */
export function readFault(body: unknown): FaultRequest {
  return present(SWITCHED.safeParse(body)) as FaultRequest
}

/**
 * Reads the header `X-Practice-Fault: KIND; delayMs=500; percent=20, KIND…`, which strikes the request that carries it
 * and no other. `fields` are joined by `+`.
 */
export function readFaultHeader(header: string): FaultEffect[] {
  return header.split(',').map(one => {
    const [kind = '', ...options] = one.split(';').map(part => part.trim())
    const pairs = options.map(option => {
      const [name = '', value = ''] = option.split('=', 2)
      return [name.trim(), name.trim() === 'fields' ? value.trim().split('+') : value.trim()] as const
    })
    return present(CARRIED.safeParse({ kind, ...Object.fromEntries(pairs) })) as FaultEffect
  })
}

function present(read: z.ZodSafeParseResult<object>): object {
  if (!read.success) throw notAFault(z.prettifyError(read.error))
  return Object.fromEntries(Object.entries(read.data).filter(([, value]) => value !== undefined))
}
