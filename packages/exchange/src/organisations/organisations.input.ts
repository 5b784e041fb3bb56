import { z } from 'zod'
import { ORGANISATION_TABLES } from '../agreements/index.ts'
import { LONGEST } from '../platform/answers.ts'
import { ENVIRONMENTS } from '../platform/environment.ts'
import { pathPart, shortText, textUpTo } from '../platform/json-input.ts'

/** What the operator's people send about organisations, and what they are answered. */

const environment = z.enum(ENVIRONMENTS)

const LONGEST_ORGANISATION = 255

export const LIMIT = { organisations: 200, suggestions: 25, candidates: 50 }

/** A whole number in a query, from `least` to `most`. */
const whole = (least: number, most: number, otherwise: number) =>
  z
    .string()
    .regex(/^\d{1,7}$/, { message: 'must be a whole number' })
    .refine(text => Number(text) >= least && Number(text) <= most, { message: `must be from ${least} to ${most}` })
    .optional()
    .meta({ description: `${least} to ${most}; without it ${otherwise}` })

const after = z
  .string()
  .refine(text => !text.includes('\0'), { message: 'contains the character NUL' })
  .optional()
  .meta({ description: 'The name of the last organisation that was read' })

/** Where a page begins and how long it is. */
export const pageOf = ({ after = '', limit }: { after?: string | undefined; limit?: string | undefined }, otherwise: number) => ({
  after,
  limit: Number(limit ?? otherwise),
})

export const MOST_EXPORTED = 500

/** Companies have slashes in their names (A/S, c/o): in the path they are written %2F. */
const organisation = textUpTo(LONGEST_ORGANISATION)
export const ofOrganisation = z.object({ name: organisation })
export const ofVariable = z.object({ name: organisation, variable: pathPart(LONGEST.name) })

export const inEnvironment = z.object({ environment })
export const organisationsQuery = z.object({ after, limit: whole(1, 500, LIMIT.organisations) })
export const exportQuery = z.object({ after })
export const suggestionsQuery = z.object({ environment, after, limit: whole(1, 50, LIMIT.suggestions) })
export const candidatesQuery = z.object({
  environment,
  search: shortText(LONGEST.name).optional().meta({ description: 'A part of the name' }),
  limit: whole(1, 200, LIMIT.candidates),
  offset: whole(0, 1_000_000, 0),
})

export const mappingInput = z.object({
  environment,
  table: z.enum(ORGANISATION_TABLES),
  sys_id: z.string().regex(/^[0-9a-f]{32}$/, { message: 'must have 32 characters, 0-9 and a-f' }),
})
export const variableInput = z.object({ environment, value: shortText(LONGEST.text) })

const record = { table: z.string(), sys_id: z.string(), name: z.string() }
const listOf = <T extends z.ZodType>(item: T) => z.object({ result: z.array(item) })

export const organisationsOutput = listOf(
  z.object({
    name: z.string(),
    environments: z.array(
      z.object({
        environment: z.string(),
        mapping: z
          .object({
            ...record,
            state: z.enum(['there', 'gone', 'unknown']),
            confirmed_by: z.string().nullable(),
            confirmed_at: z.string().nullable(),
          })
          .nullable(),
        variables: z.record(z.string(), z.string()),
      }),
    ),
  }),
)

const company = { ...record, website: z.string(), city: z.string(), country: z.string() }

export const candidatesOutput = listOf(z.object({ ...company, stands_for: z.string().nullable() })).extend({ total: z.number() })

const match = z.object({
  ...company,
  score: z.number(),
  evidence: z.array(z.object({ kind: z.string(), words: z.string() })),
})
export const suggestionsOutput = listOf(
  z.object({ organisation: z.string(), why: z.string(), suggestion: match.nullable(), others: z.array(match) }),
).extend({ compared: z.number(), complete: z.boolean() })

export const mappingOutput = z.object({ result: z.object({ organisation: z.string(), environment, ...record }) })
export const variableOutput = z.object({ result: z.object({ organisation: z.string(), environment, name: z.string(), value: z.string() }) })
export const removedOutput = z.object({ result: z.object({ removed: z.literal(true) }) })
export const importOutput = z.object({
  result: z.object({ lines: z.number(), mapped: z.number(), unchanged: z.number(), passed_over: z.number() }),
})
