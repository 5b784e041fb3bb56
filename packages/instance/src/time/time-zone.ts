/** Times are stored in UTC; what a person sees and what `javascript:gs…` counts in is the person's own zone (contract servicenow-core.md 2.9). */

export interface Civil {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
}

const formats = new Map<string, Intl.DateTimeFormat>()

function format(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone)
  if (known) return known
  const made = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  })
  formats.set(zone, made)
  return made
}

/** Whether this machine knows a zone by this name. */
export function isZone(zone: string): boolean {
  try {
    format(zone)
    return true
  } catch {
    return false
  }
}

/** The wall clock of a zone at an instant. */
export function wallClock(instant: number, zone: string): Civil {
  const date = new Date(instant + offsetAt(instant, zone))
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
  }
}

function askedClock(instant: number, zone: string): Civil {
  const parts: Record<string, number> = {}
  for (const { type, value } of format(zone).formatToParts(instant)) parts[type] = Number(value)
  const { year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
  return { year, month, day, hour, minute, second }
}

/** The instant at which a zone's wall clock shows this; fields may overflow (`day: 0` is the last day of the month before). */
export function instantOf(clock: Civil, zone: string): number {
  const asUtc = onTheCalendar(Date.UTC(clock.year, clock.month - 1, clock.day, clock.hour, clock.minute, clock.second))
  let guess = asUtc - offsetAt(asUtc, zone)
  guess = asUtc - offsetAt(guess, zone)
  return guess
}

const QUARTER_MS = 15 * 60 * 1000
const MOST_OFFSETS = 20_000
const offsets = new Map<string, number>()

/** Zones change their offset at quarters of an hour at most, and asking Intl takes microseconds, so each quarter is asked about once. */
export function offsetAt(instant: number, zone: string): number {
  const quarter = Math.floor(instant / QUARTER_MS)
  const key = `${zone} ${quarter}`
  const known = offsets.get(key)
  if (known !== undefined) return known
  if (offsets.size >= MOST_OFFSETS) offsets.clear()
  const { year, month, day, hour, minute, second } = askedClock(quarter * QUARTER_MS, zone)
  const offset = Date.UTC(year, month - 1, day, hour, minute, second) - quarter * QUARTER_MS
  offsets.set(key, offset)
  return offset
}

const EARLIEST = Date.UTC(1000, 0, 1)
const LATEST = Date.UTC(9999, 11, 31, 23, 59, 59)

/** The wire has four digits for a year, so what lies beyond is put at the end. */
function onTheCalendar(instant: number): number {
  return Math.min(LATEST, Math.max(EARLIEST, Number.isNaN(instant) ? LATEST : instant))
}

/** `YYYY-MM-DD HH:MM:SS` in UTC, the form of the wire. */
export function utcText(instant: number): string {
  return new Date(onTheCalendar(instant)).toISOString().slice(0, 19).replace('T', ' ')
}

const MOMENT = /^(\d{4})-(\d{2})-(\d{2})(?: (\d{2}):(\d{2}):(\d{2}))?$/

/** Reads `YYYY-MM-DD[ HH:MM:SS]`; a day alone is its midnight. Returns undefined for anything that is no moment of the calendar. */
export function readMoment(value: string): Civil | undefined {
  const found = MOMENT.exec(value)
  if (!found) return undefined
  const [year, month, day, hour, minute, second] = found.slice(1).map(part => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute, second))
  const exact =
    year >= 1000 &&
    date.getUTCFullYear() === year &&
    date.getUTCMonth() === month - 1 &&
    date.getUTCDate() === day &&
    hour < 24 &&
    minute < 60 &&
    second < 60
  return exact ? { year, month, day, hour, minute, second } : undefined
}

/** A UTC text of the wire as an instant. */
export function instantOfUtc(value: string): number | undefined {
  const clock = readMoment(value)
  return clock && Date.UTC(clock.year, clock.month - 1, clock.day, clock.hour, clock.minute, clock.second)
}
