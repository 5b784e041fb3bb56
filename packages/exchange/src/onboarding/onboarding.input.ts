import { z } from 'zod'
import { proposalSchema, TERM_NAMES } from '../agreements/index.ts'
import { ENVIRONMENTS } from '../platform/environment.ts'
import { optional, textUpTo } from '../platform/json-input.ts'

/** What the operator's people send about partners and agreements, and what they are answered. */

const environment = z.enum(ENVIRONMENTS)
const LONGEST_NAME = 255
/** As many partners as a page has. */
export const PAGE = 200

export const named = z.object({ name: textUpTo(LONGEST_NAME) })
export const emptyInput = z.object({})
export const inEnvironment = z.object({ environment })
export const listQuery = z.object({
  after: z
    .string()
    .refine(text => !text.includes('\0'), { message: 'contains the character NUL' })
    .optional()
    .meta({ description: `The name of the last partner that was read; ${PAGE} are given at once` }),
})

export const agreementInput = z.object({
  environment,
  agreement: proposalSchema.describe('The terms that change; what is left out stays as it is, and has its default in a new agreement'),
  version: optional(z.string().max(64)).describe(
    'The version that you have seen: another one is refused. Without it whatever there is is changed',
  ),
  dry_run: optional(z.boolean()).describe('Only check it and say what it changes; nothing is saved'),
})

const there = z.object({
  environment: z.string(),
  says: z.string().describe('What the partner can do there, or what it waits for'),
  waits_for: z.array(z.string()),
  organisation: z.string().nullable(),
  agreement_changed_at: z.string().nullable(),
  projects: z.number(),
  secrets: z.number(),
  unread_updates: z.number(),
})
const partner = z.object({ name: z.string(), made_at: z.string(), suspended_at: z.string().nullable(), environments: z.array(there) })

export const partnerOutput = z.object({ result: partner })
export const partnersOutput = z.object({ result: z.array(partner) })

const agreement = {
  partner: z.string(),
  environment,
  version: z.string().describe('Give it back with a change, so that nobody’s is overwritten; `none`: there is no agreement yet'),
  changed_at: z.string().nullable(),
  agreement: proposalSchema.nullable().describe('As it can be proposed again'),
  says: z.string(),
}
export const agreementOutput = z.object({ result: z.object(agreement) })
export const outcomeOutput = z.object({
  result: z.object({
    ...agreement,
    saved: z.boolean(),
    differences: z.array(z.object({ term: z.enum(TERM_NAMES), comes: z.array(z.string()), goes: z.array(z.string()) })),
  }),
})
