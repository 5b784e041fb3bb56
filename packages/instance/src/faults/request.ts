import { z } from 'zod'
import { notAFault } from '../refusals/faults.ts'
import { FAULT_KINDS, FAULT_OPTIONS, type FaultKind } from './kinds.ts'

/** Thirty days. */
const MOST_SECONDS = 2_592_000

const HOW = {
  kind: z.enum(FAULT_KINDS),
  delayMs: z.int().min(0).max(600_000).optional(),
  retryAfter: z.int().min(0).max(1_000_000).optional(),
  percent: z.number().gt(0).max(100).optional(),
  fields: z.array(z.string().min(1)).min(1).optional(),
  seconds: z.int().min(-MOST_SECONDS).max(MOST_SECONDS).optional(),
  sysId: z.string().min(1).optional(),
}

const TOLD = ['delayMs', 'retryAfter', 'fields', 'sysId', 'seconds'] as const

/** Refuses what the kind cannot be told, and what would be dropped in silence otherwise; says what it needs. */
function holdToKind({ issues, value }: z.core.ParsePayload<{ kind: FaultKind; percent?: unknown; seed?: unknown }>): void {
  const refuse = (message: string) => issues.push({ code: 'custom', input: value, message })
  const { option, needed } = FAULT_OPTIONS[value.kind] ?? {}
  const given = (name: string) => (value as Readonly<Record<string, unknown>>)[name] !== undefined
  if (needed && option !== undefined && !given(option)) refuse(`${value.kind} needs ${option}`)
  for (const name of TOLD)
    if (name !== option && given(name)) refuse(`${value.kind} does not take ${name}${option === undefined ? '' : `, but ${option}`}`)
  if (given('seed') && !given('percent')) refuse('seed is for percent')
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']

const SWITCHED = z
  .strictObject({
    ...HOW,
    seed: z.union([z.string().max(100), z.int()]).optional(),
    method: z
      .string()
      .refine(method => METHODS.includes(method.toUpperCase()), `it is one of ${METHODS.join(', ')}`)
      .optional(),
    path: z.string().min(1).optional(),
    user: z.string().min(1).optional(),
    times: z.int().min(1).optional(),
    after: z.int().min(1).optional(),
  })
  .check(holdToKind)

/** What goes wrong, and how. */
export type FaultEffect = Readonly<Present<z.output<typeof CARRIED>>>

/** What goes wrong, how, and for whom. */
export type FaultRequest = Readonly<Present<z.output<typeof SWITCHED>>>

type Present<T> = { [K in keyof T]: Exclude<T[K], undefined> }

const CARRIED = z.strictObject(HOW).check(holdToKind)

/** Reads the body of POST /practice/faults. */
export function readFault(body: unknown): FaultRequest {
  return present(SWITCHED.safeParse(body)) as FaultRequest
}

const NUMBER = /^-?\d+(\.\d+)?$/

/**
 * Reads the header `X-Practice-Fault: KIND; delayMs=500; percent=20, KIND…`, which strikes the request that carries it
 * and no other. `fields` are joined by `+`.
 */
export function readFaultHeader(header: string): FaultEffect[] {
  return header.split(',').map(one => {
    const [kind = '', ...options] = one.split(';').map(part => part.trim())
    const pairs = options.map(option => {
      const [, name = option, value = ''] = /^([^=]*?)\s*=\s*(.*)$/.exec(option) ?? []
      return [name, name === 'fields' ? value.split('+') : NUMBER.test(value) && name !== 'sysId' ? Number(value) : value] as const
    })
    const twice = pairs.find(([name], at) => pairs.findIndex(([other]) => other === name) < at)
    if (twice) throw notAFault(`${twice[0]} is there twice`)
    return present(CARRIED.safeParse({ kind, ...Object.fromEntries(pairs) })) as FaultEffect
  })
}

function present(read: z.ZodSafeParseResult<object>): object {
  if (!read.success) throw notAFault(z.prettifyError(read.error))
  return Object.fromEntries(Object.entries(read.data).filter(([, value]) => value !== undefined))
}
