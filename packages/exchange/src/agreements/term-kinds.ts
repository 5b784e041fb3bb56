import { z } from 'zod'
import { anyCase, textUpTo } from '../platform/json-input.ts'

/** The tables of the service desk whose records an agreement names, and by which of their fields. */
export const NAMED_TABLES = {
  cmdb_ci_service: { is: 'service', by: ['name'], tells: ['sys_class_name'] },
  sys_user_group: { is: 'group', by: ['name'], tells: ['description'] },
  sys_user: { is: 'user', by: ['user_name', 'email'], tells: ['user_name', 'email'] },
  core_company: { is: 'company or account', by: ['name'], tells: ['sys_class_name', 'city', 'country'] },
} as const

/** One of NAMED_TABLES. */
export type NamedTable = keyof typeof NAMED_TABLES

const LONGEST_NAME = 255
const MOST_RECORDS = 1_000
const NEITHER = 'must be a name, a sys_id, or an object with name and sys_id'

const reference = z.union(
  [
    textUpTo(LONGEST_NAME),
    z.strictObject({
      name: textUpTo(LONGEST_NAME).optional(),
      sys_id: z.string().regex(/^[0-9a-f]{32}$/),
      table: z.string().optional(),
    }),
  ],
  { error: NEITHER },
)

/** A record as an agreement names it: by name, by sys_id (32 characters), or by both; then the name is what the partner calls it. */
export type Reference = z.output<typeof reference>

/** Several words of a list. */
export const listOfWords = <const Words extends readonly [string, ...string[]]>(choices: Words) => ({
  kind: 'words' as const,
  choices,
  takes: z.array(anyCase(choices)),
})

/** One word of a list. */
export const oneOfWords = <const Words extends readonly [string, ...string[]]>(choices: Words) => ({
  kind: 'word' as const,
  choices,
  takes: anyCase(choices),
})

/** Records of a table. */
export const listOfRecords = (table: NamedTable) => ({ kind: 'records' as const, table, takes: z.array(reference).max(MOST_RECORDS) })

/** One record of a table, or none. */
export const recordOrNone = (table: NamedTable) => ({ kind: 'record' as const, table, takes: reference.nullable() })

/** Yes or no: true or false. */
export const yesOrNo = { kind: 'yes or no' as const, takes: z.boolean() }

/** A whole number from 1 on. */
export const numberUpTo = (most: number) => ({ kind: 'number' as const, takes: z.number().int().min(1).max(most) })
