import { convert } from 'html-to-text'
import type { Kind } from './table.ts'
import { PRIORITIES, type WatchedField } from './words.ts'

/** ServiceNow's `2026-01-31 10:00:00`, which is UTC and does not say so, as `2026-01-31T10:00:00Z`. */
export const withZone = (time: string): string => (time ? `${time.replace(' ', 'T')}Z` : '')

/** A line break, or a tag that is opened and closed: what merely has a `<` in it is text. */
const MARKUP =
  /<br\s*\/?>|<(p|div|span|b|strong|i|em|u|ul|ol|li|h[1-6]|pre|blockquote|a)(?:\s+[\w-]+=(?:"[^"<>]*"|'[^'<>]*'))*\s*>[\s\S]*<\/\1\s*>/i

/** HTML becomes plain text and line breaks stay; a text that merely has a `<` in it is left alone. */
export function plainText(text: string): string {
  const opened = text.replace(/\[code\]([\s\S]*?)\[\/code\]/gi, (_, html: string) => fromHtml(html))
  return opened === text && MARKUP.test(text) ? fromHtml(text) : opened
}

function fromHtml(html: string): string {
  // A line break in the source is one for the reader too, as ServiceNow's journals show it.
  return convert(html.replace(/\r?\n/g, '<br>'), {
    wordwrap: false,
    preserveNewlines: false,
    selectors: [{ selector: 'img', format: 'skip' }],
  })
}

/** A record's fields in the partner's words. `shown` has what people read, `values` what ServiceNow keeps. */
export function partnerFields(
  kind: Kind,
  values: Record<string, string>,
  shown: Record<string, string>,
): Partial<Record<WatchedField, string>> {
  const fields: Partial<Record<WatchedField, string>> = {}
  for (const [name, field] of Object.entries(kind.fields) as [WatchedField, string][]) {
    const text = fieldAsShown(name, field, values, shown)
    if (text) fields[name] = text
  }
  return fields
}

function fieldAsShown(
  name: WatchedField,
  field: string,
  values: Record<string, string>,
  shown: Record<string, string>,
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
      return plainText(values[field] ?? '')
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
