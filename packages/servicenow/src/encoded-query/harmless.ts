import { longestOperatorAt } from './operators.ts'

/**
 * A value or a field name that could change the meaning of the query it goes into. It is never sent.
 * @example
 * try {
 *   query().where('short_description', '=', 'x^active=false')
 * } catch (error) {
 *   error instanceof UnsafeQueryValue // → true
 *   error.field // → 'short_description'
 * }
 */
export class UnsafeQueryValue extends Error {
  override readonly name = 'UnsafeQueryValue'
  readonly field: string
  readonly reason: string

  constructor(field: string, reason: string) {
    super(`query value for "${field}": ${reason}`)
    this.field = field
    this.reason = reason
  }
}

const FIELD = /^[a-z0-9_]+(\.[a-z0-9_]+)*$/
/** Control characters, and the two that Unicode calls line and paragraph separators. */
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/
/** Characters without width: a reader that drops them would see what they hide. */
const INVISIBLE = /[\p{Cf}\s]+/gu

/** The name of a field, dot-walks among them. @throws UnsafeQueryValue for anything else */
export function provenField(field: string): string {
  if (FIELD.test(field)) return field
  throw new UnsafeQueryValue(field, 'a field name has lower-case letters, digits, "_" and "." only')
}

/**
 * Proves that a value, written behind a field and an operator, is read as that value and nothing else.
 * `^` always separates terms and cannot be escaped (10.1), `javascript:` is evaluated by the server (10.3), and the reader takes the longest
 * operator it finds (10.1), so that `IN` followed by `STANCEOFtask` is another question.
 * @throws UnsafeQueryValue naming the field and the reason.
 */
export function provenValue(field: string, operator: string, value: string | number | boolean, forbidden = ''): string {
  if (!['string', 'number', 'boolean'].includes(typeof value)) throw new UnsafeQueryValue(field, 'it is no text, number or boolean')
  if (typeof value === 'number' && !Number.isFinite(value)) throw new UnsafeQueryValue(field, 'it is not a finite number')
  const text = String(value)
  const refuse = (reason: string) => new UnsafeQueryValue(field, reason)
  if (text.trim() === '') throw refuse('it is empty; ask ISEMPTY instead')
  if (text.includes('^')) throw refuse('"^" separates terms and cannot be escaped')
  if (CONTROL.test(text)) throw refuse('it has a control character or a line break')
  if (!text.isWellFormed()) throw refuse('it has half of a surrogate pair')
  if (text.replace(INVISIBLE, '').toLowerCase().startsWith('javascript:')) throw refuse('the server would evaluate "javascript:"')
  if (forbidden !== '' && text.includes(forbidden)) throw refuse(`"${forbidden}" separates the values of ${operator}`)
  const read = longestOperatorAt(operator + text)
  if (read !== operator) throw refuse(`behind ${operator} it would be read as ${read}`)
  return text
}
