import { z } from 'zod'

/** Fields of inputs that many rows share, described once. */

export const sysId = z
  .string()
  .regex(/^[0-9a-f]{32}$/, 'a sys_id has 32 characters, 0-9 and a-f')
  .describe('sys_id of the record: 32 lower-case hexadecimal characters.')

export const tableName = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,79}$/, 'a table name has lower-case letters, digits and "_"')
  .describe('Table name, such as incident.')

const fieldName = z.string().regex(/^[a-z0-9_]+(\.[a-z0-9_]+)*$/, 'a field name has lower-case letters, digits, "_" and "."')

export const fields = z
  .array(fieldName)
  .min(1)
  .max(200)
  .optional()
  .describe(
    'Fields to return, dot-walks such as caller_id.email allowed. All fields when left out; unknown ones are ignored by ServiceNow.',
  )

export const displayValue = z
  .enum(['false', 'true', 'all'])
  .optional()
  .describe('false (default): stored values, times in UTC. true: what a person sees, in the time zone of the user. all: both.')

export const encodedQuery = z
  .string()
  .max(8000)
  .optional()
  .describe('Encoded query, such as active=true^priority=1. ServiceNow drops a condition on an unknown field, which widens the result.')

const limit = z.int().min(1).max(10_000).optional().describe('Rows at most, default 1000. Counted before rows are hidden by rights.')

export const path = z
  .string()
  .max(2000)
  .regex(/^\/(?!\/)[^\s?#\\]*$/, 'a path begins with one "/" and has no "?", "#", "\\" or space; parameters stand in parameters')
  .refine(given => !given.split('/').some(part => /^(\.|%2e){1,2}$/i.test(part)), 'a path has no "." and ".." in it')
  .describe('Path on the instance, such as /api/now/table/incident; each part percent-encoded.')

export const parameters = z
  .record(z.string().min(1), z.union([z.string(), z.number(), z.boolean()]))
  .optional()
  .describe('Query parameters by name; each value is percent-encoded once.')

/** What every list takes; the encoded query first. */
export const listing = {
  query: encodedQuery,
  fields,
  limit,
  offset: z.int().min(0).optional().describe('Rows to skip; shifts while records change, so read a large result to its end instead.'),
  displayValue,
  noCount: z.boolean().optional().describe('true: total is left out, which spares the instance a count.'),
}

export const chosen = { fields, displayValue }

/** In descriptions of fields. For an assistant it is not so: many send "" for whatever they do not mean. */
export const EMPTY_CLEARS = 'The empty string clears a field.'

export const values = z
  .record(fieldName, z.union([z.string(), z.number(), z.boolean()]))
  .optional()
  .describe(`Field values as stored: sys_ids for references, values for choices, UTC for times. ${EMPTY_CLEARS}`)

export const clear = z
  .array(fieldName)
  .max(200)
  .optional()
  .describe('Fields to empty on purpose, by the names that the record has for them, such as assigned_to.')

/** The input of an action that writes whatever fields of a record it is told; `before` and `after` them stand its own. */
export function writing<Before extends z.ZodRawShape, After extends z.ZodRawShape>(before: Before, after: After) {
  return z.strictObject({ ...before, values, clear, ...after }).superRefine((given, context) => {
    const { values: set = {}, clear: cleared = [] } = given as FieldsToWrite
    if (Object.keys(set).length + cleared.length === 0)
      context.addIssue({ code: 'custom', path: ['values'], message: 'at least one field, here or in clear' })
    addBoth(set, cleared, context)
  })
}

interface FieldsToWrite {
  values?: Readonly<Record<string, unknown>> | undefined
  clear?: readonly string[] | undefined
}

/** Refuses fields that are set and cleared. */
export function addBoth(set: object, cleared: readonly string[], context: z.RefinementCtx): void {
  const both = cleared.filter(field => Object.hasOwn(set, field))
  if (both.length) context.addIssue({ code: 'custom', path: ['clear'], message: `${both.join(', ')}: to be set, and to be cleared` })
}

/** What goes into the request: the empty string is how ServiceNow is told to clear a field (servicenow-core 3.4). */
export function fieldsToWrite({ values: set = {}, clear: cleared = [] }: FieldsToWrite): Record<string, unknown> {
  return { ...set, ...Object.fromEntries(cleared.map(field => [field, ''])) }
}

export const recordIds = z.array(sysId).min(1).max(200).describe('sys_ids of the records, 1 to 200: more do not fit into a URL.')

export const since = z
  .string()
  .regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/, 'a time is written YYYY-MM-DD HH:MM:SS, in UTC')
  .describe('Only rows created at this time or later: YYYY-MM-DD HH:MM:SS in UTC, as the instance writes it.')

export const journalElement = z.enum(['comments', 'work_notes'])
