import { z } from 'zod'
import { ExchangeError } from './errors.ts'

/** Checks a value against its schema; the error names the first field that is wrong and lists the others. */
export function checked<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value, { reportInput: true })
  if (result.success) return result.data
  const problems = result.error.issues.map(issue => ({ field: fieldName(issue.path), message: sentence(issue) }))
  const first = problems[0] ?? { field: '', message: 'is not valid' }
  throw new ExchangeError('invalid_field', `${first.field || 'The request'} ${first.message}.`, {
    ...(first.field ? { field: first.field } : {}),
    extra: problems.length > 1 ? { problems } : {},
  })
}

function fieldName(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (name, part) => (typeof part === 'number' ? `${name}[${part}]` : name ? `${name}.${String(part)}` : String(part)),
    '',
  )
}

/** Of a field that has no value it is said what it needs, where that is more than to be there. */
function sentence(issue: z.core.$ZodIssue): string {
  const wrong = wrongness(issue)
  if (issue.path.length === 0 || !isLeftOut(issue.input)) return wrong
  const first = issue.input === undefined || issue.input === null ? 'is missing' : 'is empty'
  return wrong.startsWith('must be') && issue.code !== 'invalid_type' ? `${first}; it ${wrong}` : first
}

function wrongness(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${issue.expected === 'object' ? 'an object' : issue.expected === 'array' ? 'a list' : `a ${issue.expected}`}`
    case 'too_big':
      return issue.origin === 'string' ? `is longer than ${issue.maximum} characters` : `may be at most ${issue.maximum}`
    case 'too_small':
      return issue.origin === 'string' ? 'is empty' : `must be at least ${issue.minimum}`
    case 'invalid_value':
      return `must be one of: ${issue.values.map(String).join(', ')}`
    default:
      return issue.message
  }
}

/** The names in a value that its schema does not know, as `attachments[0].colour`: they are ignored, and said so. */
export function unknownNames(schema: z.ZodType, value: unknown, at = ''): string[] {
  if (schema instanceof z.ZodPipe) return isLeftOut(value) ? [] : unknownNames(schema.out as z.ZodType, value, at)
  if (schema instanceof z.ZodOptional) return value === undefined ? [] : unknownNames(schema.unwrap() as z.ZodType, value, at)
  if (schema instanceof z.ZodArray)
    return Array.isArray(value) ? value.flatMap((item, index) => unknownNames(schema.element as z.ZodType, item, `${at}[${index}]`)) : []
  if (!(schema instanceof z.ZodObject) || typeof value !== 'object' || value === null) return []
  const shape = schema.shape as Record<string, z.ZodType>
  return Object.entries(value).flatMap(([name, member]) => {
    const path = at ? `${at}.${name}` : name
    return Object.hasOwn(shape, name) ? unknownNames(shape[name]!, member, path) : [path]
  })
}

/** Whether a field says nothing: it is not there, null, an empty list, or a text of white space alone. */
function isLeftOut(value: unknown): boolean {
  return (
    value === undefined || value === null || (typeof value === 'string' && value.trim() === '') || (Array.isArray(value) && !value.length)
  )
}

/** The schemas that `optional` has made: what describes them says that they may be empty. */
export const mayBeEmpty = z.registry<object>()

/**
 * A field of a body that may be left out. One without a value counts as left out too, whatever way it says so: mapping tools send "" or
 * null for what they do not have. It is left out before anything else looks at it, so the request is the same as the one without it.
 */
export function optional<Schema extends z.ZodType>(schema: Schema) {
  const field = z.preprocess(value => (isLeftOut(value) ? undefined : value), schema.optional())
  mayBeEmpty.add(field, {})
  return field
}

/**
 * One of a fixed list of words, in any letter case; the result has the documented one
 * (contract connect-api 1.3 "letter case": the document and the OpenAPI differ).
 */
export function anyCase<const Words extends readonly [string, ...string[]]>(words: Words) {
  const byLower = new Map(words.map(word => [word.toLowerCase(), word]))
  return z.preprocess(value => (typeof value === 'string' ? (byLower.get(value.trim().toLowerCase()) ?? value) : value), z.enum(words))
}

/** A text of at least one and at most `longest` characters, one for each code point. */
export function textUpTo(longest: number) {
  return z
    .string()
    .min(1)
    .refine(value => value.length <= longest || [...value].length <= longest, { message: `is longer than ${longest} characters` })
    .refine(value => !value.includes('\0'), { message: 'contains the character NUL' })
    .refine(value => value.trim() !== '', { message: 'is empty' })
    .meta({ maxLength: longest })
}

/** A text that must fit everywhere it is carried, also where a character beyond the basic plane counts twice. */
export function shortText(longest: number) {
  return textUpTo(longest).refine(value => value.length <= longest, {
    message: `is longer than ${longest} characters (some of them count twice)`,
  })
}

/** A part of a path. What stands for a slash in it would be one for some proxies, so it has none. */
export function pathPart(longest: number) {
  return textUpTo(longest).refine(value => !/[/\\]/.test(value), { message: 'may not contain a slash or a backslash' })
}

/** A moment with its time zone. The `+` of a zone is a blank in a query, unless it is written %2B; what was meant is clear, so it is said. */
export const momentInQuery = z.iso.datetime({
  offset: true,
  error: ({ input }) =>
    / \d\d:?\d\d$/.test(String(input))
      ? `has a blank before its time zone: in a URL the character + must be written %2B, as in ${String(input)
          .slice(0, 60)
          .replace(/ (?=\S*$)/, '%2B')}`
      : 'must be a moment such as 2026-01-31T10:00:00Z',
})
