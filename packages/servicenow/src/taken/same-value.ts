/**
 * Whether two values mean the same to ServiceNow, which writes some of them in another way than they were sent: white space at the ends,
 * line ends, the case of sys_ids, booleans, the ends of decimals, the spelling of a time in UTC (servicenow-core 2.1, 3.3).
 * Zeros in front stay: 007 and 7 are two employee numbers.
 */
export function sameValue(asked: unknown, kept: unknown): boolean {
  const [one, other] = [plainText(asked), plainText(kept)]
  return one === other || KINDS.some(read => read(one, other))
}

/** A value as a text: null and nothing are the empty one; no white space at its ends, every line end a line feed. */
export function plainText(value: unknown): string {
  if (value === null || value === undefined) return ''
  return String(value).replace(/\r\n?/g, '\n').trim()
}

/** Texts that may be words: neither a number, a truth, a time nor sys_ids. */
export function mayBeWords(value: unknown): boolean {
  const text = plainText(value)
  return text !== '' && truthOf(text) === undefined && !DECIMAL.test(text) && !SYS_IDS.test(text) && secondsOf(text) === undefined
}

export const SYS_IDS = /^[0-9a-f]{32}(\s*,\s*[0-9a-f]{32})*$/i

const KINDS: readonly ((one: string, other: string) => boolean)[] = [sameTruth, sameDecimal, sameSysIds, sameSecond]

/** One of them is spelled out: "1" beside "yes" may be anything. A boolean that is empty reads as false. */
function sameTruth(asked: string, kept: string): boolean {
  if (truthOf(kept) === undefined && (truthOf(asked) === undefined || kept === '')) return false
  const meant = meantTruth(asked)
  return meant !== undefined && meant === meantTruth(kept)
}

const TRUE = ['true', '1', 'yes', 'on']
const FALSE = ['false', '0', 'no', 'off', '']

function meantTruth(text: string): boolean | undefined {
  const word = text.toLowerCase()
  return TRUE.includes(word) ? true : FALSE.includes(word) ? false : undefined
}

function truthOf(text: string): boolean | undefined {
  return { true: true, false: false }[text.toLowerCase()]
}

const DECIMAL = /^-?\d+(\.\d+)?$/

function sameDecimal(one: string, other: string): boolean {
  return DECIMAL.test(one) && DECIMAL.test(other) && withoutEnd(one) === withoutEnd(other)
}

/** Zeros at the end of a fraction say nothing. Counted from the end: a pattern would begin anew at each zero within. */
function withoutEnd(decimal: string): string {
  if (!decimal.includes('.')) return decimal
  let end = decimal.length
  while (decimal[end - 1] === '0') end -= 1
  return decimal.slice(0, decimal[end - 1] === '.' ? end - 1 : end)
}

function sameSysIds(one: string, other: string): boolean {
  const plain = (text: string) => text.replace(/\s/g, '').toLowerCase()
  return SYS_IDS.test(one) && SYS_IDS.test(other) && plain(one) === plain(other)
}

function sameSecond(one: string, other: string): boolean {
  const second = secondsOf(one)
  return second !== undefined && second === secondsOf(other)
}

const MOMENT = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d)?(?:\.\d+)?)?\s?(Z|UTC|[+-]\d\d:?\d\d)?$/

/** Seconds since 1970 of a time as ServiceNow or ISO 8601 writes it, in UTC unless it says otherwise; an instance keeps whole seconds. */
export function secondsOf(text: string): number | undefined {
  const [, day, minute = '00:00', second = ':00', zone = 'Z'] = MOMENT.exec(text) ?? []
  if (day === undefined || !isDay(day)) return undefined
  const offset = zone === 'UTC' ? 'Z' : zone.replace(/^(.\d\d)(\d\d)$/, '$1:$2')
  const read = Date.parse(`${day}T${minute}${second}${offset}`)
  return Number.isNaN(read) ? undefined : read / 1000
}

/** Date.parse takes the 30th of February for a day of March. */
function isDay(day: string): boolean {
  const read = Date.parse(`${day}T00:00:00Z`)
  return !Number.isNaN(read) && new Date(read).toISOString().startsWith(day)
}
