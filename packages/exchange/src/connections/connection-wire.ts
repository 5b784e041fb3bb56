import { CREDENTIALS, type CredentialValues, type Examination, type ShownConnection, SIGN_IN_WAYS } from '@deskbridge/servicenow'
import { z } from 'zod'
import { ENVIRONMENTS } from '../platform/environment.ts'
import { optional, pathPart, textUpTo } from '../platform/json-input.ts'

/** A certificate with its chain, in PEM; everything else is much shorter. */
const LONGEST = 64 * 1024

const LONGEST_NAME = 60

/** Which connection: the parameter of its path. */
export const named = z.object({ name: pathPart(LONGEST_NAME) })

const inSnakeCase = (name: string) => name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)

/** `user_name`, `password`, `client_id`, … : what the ways of signing in are made of, read from their rows. */
const credentialFields = Object.fromEntries(
  CREDENTIALS.map(({ name, about, secret }) => [
    inSnakeCase(name),
    optional(
      z
        .string()
        .max(LONGEST)
        .describe(secret ? `${about}; never shown again` : about),
    ),
  ]),
)

export const rotateInput = z.object({
  way: optional(z.enum(SIGN_IN_WAYS.map(({ way }) => way)).describe('How to sign in; without it, it is found by what is given')),
  ...credentialFields,
})

export const environmentInput = z.object({ environment: z.enum(ENVIRONMENTS) })

export const addInput = rotateInput.extend({
  name: textUpTo(LONGEST_NAME),
  environment: z.enum(ENVIRONMENTS),
  url: textUpTo(2_000).describe('The address of the instance, as it is copied from a browser too'),
})

/** An action that needs nothing more. It may have a body all the same, `{}`. */
export const emptyInput = z.object({})

export function valuesOf(body: Readonly<Record<string, unknown>>): CredentialValues {
  return Object.fromEntries(CREDENTIALS.map(({ name }) => [name, body[inSnakeCase(name)]])) as CredentialValues
}

const who = z.object({ way: z.string(), who: z.string(), since: z.string() })

export const connectionOutput = z.object({
  name: z.string(),
  environment: z.string(),
  url: z.string(),
  in_use: who,
  previous: who.nullable(),
  health: z.object({ state: z.enum(['ok', 'failing', 'unknown']), checked_at: z.string().nullable(), problems: z.array(z.string()) }),
})

export function connectionAnswer({ name, environment, url, inUse, previous, health }: ShownConnection): z.input<typeof connectionOutput> {
  const seen =
    health.state === 'unknown' ? { checked_at: null, problems: [] } : { checked_at: health.checkedAt, problems: [...health.problems] }
  return { name, environment, url, in_use: inUse, previous, health: { state: health.state, ...seen } }
}

export const examinationOutput = z.object({
  ok: z.boolean(),
  url: z.string(),
  at: z.string(),
  took_ms: z.number(),
  checks: z.array(
    z.object({
      check: z.string(),
      state: z.enum(['ok', 'not ok', 'could not tell']),
      says: z.string(),
      needed: z.boolean(),
      change: z.string().optional(),
    }),
  ),
  actions: z.array(
    z.object({
      action: z.string(),
      state: z.enum(['usable', 'not-usable', 'not-proven']),
      because: z.string().optional(),
      change: z.string().optional(),
    }),
  ),
})

export function examinationAnswer({ tookMs, checks, actions, ...rest }: Examination): z.input<typeof examinationOutput> {
  return { ...rest, took_ms: tookMs, checks: [...checks], actions: [...actions] }
}
