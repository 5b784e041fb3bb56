import type { Caller } from '../caller/caller.ts'
import { type Civil, instantOf, readMoment, utcText, wallClock } from '../time/time-zone.ts'

/** A moment in the caller's own zone, as the wire's UTC text. */
type Moment = (n: number, clock: Civil, caller: Caller) => string

type Unit = 'minute' | 'hour' | 'day' | 'week' | 'month' | 'quarter' | 'year'

const CALL = /^javascript:\s*gs\.([A-Za-z]+)\((.*)\);?\s*$/s

/**
 * Evaluates the `javascript:` values that queries may carry (contract servicenow-core.md 10.3). It is a fixed list:
 * nothing is ever run as a script. Returns undefined for what is not on it.
 */
export function serverValue(text: string, caller: Caller, now: number): string | undefined {
  const call = CALL.exec(text)
  if (!call) return undefined
  const [, name = '', inside = ''] = call
  if (name === 'getUserID') return caller.sysId
  if (name === 'getUserName') return caller.userName
  if (name === 'now' || name === 'nowDateTime') return utcText(now)
  if (name === 'dateGenerate') return dateGenerate(inside, caller)
  const moment = MOMENTS.get(name)
  const n = inside.trim() === '' ? 0 : Number(inside.trim().replace(/^(['"])(.*)\1$/, '$2'))
  if (!moment || !Number.isSafeInteger(n) || Math.abs(n) > 100_000) return undefined
  return moment(n, wallClock(now, caller.zone), caller)
}

function dateGenerate(inside: string, caller: Caller): string | undefined {
  const found = /^\s*'([^']*)'\s*,\s*'([^']*)'\s*$/.exec(inside)
  if (!found) return undefined
  const time = { start: '00:00:00', end: '23:59:59' }[found[2]!] ?? found[2]
  const clock = readMoment(`${found[1]} ${time}`)
  return clock && utcText(instantOf(clock, caller.zone))
}

const midnight = { hour: 0, minute: 0, second: 0 }

/** The first second of the unit that a clock is in. Weeks begin on Monday. */
export function startOf(unit: Unit, clock: Civil): Civil {
  switch (unit) {
    case 'minute':
      return { ...clock, second: 0 }
    case 'hour':
      return { ...clock, minute: 0, second: 0 }
    case 'day':
      return { ...clock, ...midnight }
    case 'week':
      return { ...clock, ...midnight, day: clock.day - ((new Date(Date.UTC(clock.year, clock.month - 1, clock.day)).getUTCDay() + 6) % 7) }
    case 'month':
      return { ...clock, ...midnight, day: 1 }
    case 'quarter':
      return { ...clock, ...midnight, day: 1, month: clock.month - ((clock.month - 1) % 3) }
    case 'year':
      return { ...clock, ...midnight, day: 1, month: 1 }
  }
}

/** A clock moved by some units; the calendar settles overflows, a month's missing day becomes its last. */
export function moved(clock: Civil, unit: Unit, by: number): Civil {
  switch (unit) {
    case 'minute':
      return { ...clock, minute: clock.minute + by }
    case 'hour':
      return { ...clock, hour: clock.hour + by }
    case 'day':
      return { ...clock, day: clock.day + by }
    case 'week':
      return { ...clock, day: clock.day + 7 * by }
    case 'month':
    case 'quarter':
    case 'year': {
      const months = by * { month: 1, quarter: 3, year: 12 }[unit]
      const first = new Date(Date.UTC(clock.year, clock.month - 1 + months, 1))
      const days = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate()
      return { ...clock, year: first.getUTCFullYear(), month: first.getUTCMonth() + 1, day: Math.min(clock.day, days) }
    }
  }
}

const start =
  (unit: Unit, shift: (n: number) => number): Moment =>
  (n, clock, caller) =>
    utcText(instantOf(moved(startOf(unit, clock), unit, shift(n)), caller.zone))

const end =
  (unit: Unit, shift: (n: number) => number): Moment =>
  (n, clock, caller) =>
    utcText(instantOf(moved(startOf(unit, clock), unit, shift(n) + 1), caller.zone) - 1000)

const ago =
  (unit: Unit): Moment =>
  (n, clock, caller) =>
    utcText(instantOf(moved(clock, unit, -n), caller.zone))

const MOMENTS = new Map<string, Moment>()

for (const [plural, unit] of [
  ['minutes', 'minute'],
  ['hours', 'hour'],
  ['days', 'day'],
  ['months', 'month'],
  ['quarters', 'quarter'],
  ['years', 'year'],
] as const) {
  MOMENTS.set(`${plural}Ago`, ago(unit))
  MOMENTS.set(
    `${plural}AgoStart`,
    start(unit, n => -n),
  )
  MOMENTS.set(
    `${plural}AgoEnd`,
    end(unit, n => -n),
  )
}

for (const [name, shift] of [
  ['Today', 0],
  ['Yesterday', -1],
  ['Tomorrow', 1],
] as const) {
  MOMENTS.set(
    `beginningOf${name}`,
    start('day', () => shift),
  )
  MOMENTS.set(
    `endOf${name}`,
    end('day', () => shift),
  )
}

for (const [name, shift] of [
  ['This', 0],
  ['Last', -1],
  ['Next', 1],
] as const)
  for (const unit of ['week', 'month', 'quarter', 'year'] as const) {
    const title = unit[0]!.toUpperCase() + unit.slice(1)
    MOMENTS.set(
      `beginningOf${name}${title}`,
      start(unit, () => shift),
    )
    MOMENTS.set(
      `endOf${name}${title}`,
      end(unit, () => shift),
    )
  }
