import { instantOfUtc, offsetAt, utcText } from '../time/time-zone.ts'
import type { Question } from './question.ts'
import { serverValue } from './server-values.ts'
import type { FieldPlace } from './walk.ts'

/** A `javascript:` value. A field that is a day, without a zone, is compared with the caller's day. */
export function computed({ column }: FieldPlace, text: string, { caller, now }: Question): string | undefined {
  const value = serverValue(text, caller, now)
  const instant = column.type === 'date' && value !== undefined ? instantOfUtc(value) : undefined
  return instant === undefined ? value : utcText(instant + offsetAt(instant, caller.zone)).slice(0, 10)
}

/** The two ends of a range, each of which may be computed. */
export function ends(place: FieldPlace, value: string, question: Question): string[] {
  return value.split('@').map(one => (one.startsWith('javascript:') ? (computed(place, one, question) ?? '') : one))
}
