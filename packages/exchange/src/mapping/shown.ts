import { htmlOfText } from './html-of-text.ts'
import { asWritten, harmless } from './partner-text.ts'
import { readable } from './readable.ts'
import type { Kind } from './table.ts'
import { textOfHtml } from './text-of-html.ts'
import { PRIORITIES, type WatchedField } from './words.ts'

/** ServiceNow's `2026-01-31 10:00:00`, which is UTC and does not say so, as `2026-01-31T10:00:00Z`. */
export const withZone = (time: string): string => (time ? `${time.replace(' ', 'T')}Z` : '')

/** The fields of a record, journals apart, that hold what people write. */
export const textFieldsOf = ({ fields }: Kind): string[] =>
  [fields.short_description, fields.description, 'close_notes'].filter(field => field !== undefined)

/** A text field of a record as a partner reads it. What stands in angle brackets is text, unless ServiceNow declares it as HTML. */
export const fieldText = (value: string, isHtml: boolean): string => readable(asWritten(isHtml ? (textOfHtml(value) ?? value) : value))

/** A partner's text as such a field takes it. */
export const fieldValue = (text: string, isHtml: boolean): string => (isHtml ? htmlOfText(harmless(text)) : harmless(text))

/** Whether two values of a field that is HTML say the same: ServiceNow writes some of it in another way than it was sent. */
export const saysTheSame = (one: string, other: string): boolean => textOfHtml(one)?.trim() === textOfHtml(other)?.trim()

/** A record's fields in the partner's words. `shown` has what people read, `values` what ServiceNow keeps, `html` names what is HTML there. */
export function partnerFields(
  kind: Kind,
  values: Record<string, string>,
  shown: Record<string, string>,
  html: ReadonlySet<string>,
): Partial<Record<WatchedField, string>> {
  const fields: Partial<Record<WatchedField, string>> = {}
  for (const [name, field] of Object.entries(kind.fields) as [WatchedField, string][]) {
    const text = fieldAsShown(name, field, values, shown, html)
    if (text) fields[name] = text
  }
  return fields
}

function fieldAsShown(
  name: WatchedField,
  field: string,
  values: Record<string, string>,
  shown: Record<string, string>,
  html: ReadonlySet<string>,
): string | undefined {
  switch (name) {
    case 'priority':
      return PRIORITIES.find(priority => priority.startsWith(`${values[field]} `))
    case 'desired_delivery_date':
      return withZone(values[field] ?? '')
    case 'contact':
    case 'user':
      return ofTheSameCompany(field, values) ? shown[`${field}.email`] || shown[field] : undefined
    case 'ci':
      // Another customer's things are nobody's business either; what has no company is everybody's.
      return values[`${field}.company`] && !ofTheSameCompany(field, values) ? undefined : shown[field]
    case 'short_description':
    case 'description':
      return fieldText(values[field] ?? '', html.has(field))
    default:
      return shown[field]
  }
}

/** People of other companies, such as the agent who opened the ticket, are nobody's business outside. */
const ofTheSameCompany = (field: string, values: Record<string, string>) =>
  Boolean(values.company) && values[`${field}.company`] === values.company

/** The partner's words for the fields of a record, by their names in ServiceNow. A priority is made of two. */
export const partnersNames = ({ fields }: Kind): Record<string, string> => ({
  ...Object.fromEntries(Object.entries(fields).map(([name, field]) => [field, name])),
  impact: 'priority',
  urgency: 'priority',
})
