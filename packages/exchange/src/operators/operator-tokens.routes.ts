import { z } from 'zod'
import type { Database } from '../platform/database.ts'
import { ExchangeError } from '../platform/errors.ts'
import { pathPart } from '../platform/json-input.ts'
import { type Call, type Route, route } from '../platform/route.ts'
import { newOperatorToken, type Operator, sha256 } from '../sign-in/index.ts'
import { insertOperatorToken, type OperatorToken, readOperatorTokens, revokeOperatorToken } from './operator-tokens.store.ts'

const LONGEST_NAME = 60
const DAY = 86_400
const SHORTEST_SECONDS = 60
const LONGEST_SECONDS = 366 * DAY

const READ = ['internal', 'exchange_unavailable'] as const
const CHANGE = [...READ, 'invalid_field', 'outcome_unknown'] as const
const BODY = ['malformed_json', 'duplicate_key', 'too_large', 'unsupported_media_type'] as const

const PERHAPS_MADE = 'It may have been made, and nobody has it: look at GET /operator/tokens, revoke it if it is there, and make it again.'

const scope = z.enum(['read', 'write'])
const ofToken = z.object({ name: pathPart(LONGEST_NAME) })
const tokenInput = z.object({
  name: pathPart(LONGEST_NAME).describe('What it is for; it stands beside what the token changes'),
  scope: scope.describe('read: GET alone; write: all that is not for people alone'),
  seconds: z.int().min(SHORTEST_SECONDS).max(LONGEST_SECONDS).describe('For how long it is good: from a minute to 366 days'),
})
const tokenOutput = z.object({
  name: z.string(),
  scope,
  made_by: z.string(),
  made_at: z.string(),
  ends_at: z.string(),
  last_used_at: z.string().nullable().meta({ description: 'To the minute' }),
})
const madeOutput = z.object({
  name: z.string(),
  scope,
  ends_at: z.string(),
  token: z.string().meta({ description: 'Shown this once' }),
})

const administration = { tag: 'Administration' } as const
const ALL = '/operator/tokens'

/** The operator’s tokens. People alone make and revoke them: one that makes another would outlive its own end. */
export const operatorTokenRoutes = (database: Database): Route[] => [
  route({
    ...administration,
    access: 'operator',
    method: 'GET',
    path: ALL,
    operationId: 'operator-token-list',
    summary: 'The tokens of the operator that are good now: who made them, until when, and when they were last used',
    output: z.object({ result: z.array(tokenOutput) }),
    errors: READ,
    handle: async () => ({ result: (await readOperatorTokens(database)).map(shownToken) }),
  }),
  route({
    ...administration,
    access: 'person',
    method: 'POST',
    path: ALL,
    operationId: 'operator-token-add',
    summary: 'Makes a token of the operator, with an end. It is shown once, and ends too when the person who made it is removed',
    body: tokenInput,
    output: madeOutput,
    errors: [...CHANGE, ...BODY, 'name_taken'],
    ifUnknown: PERHAPS_MADE,
    handle: async ({ body, caller, header }: Call<Operator, unknown, z.output<typeof tokenInput>>) => {
      const token = newOperatorToken()
      const made = { ...body, madeBy: caller.name, hash: sha256(token) }
      const endsAt = await database.transaction(queries => insertOperatorToken(queries, made))
      if (!endsAt) throw new ExchangeError('name_taken', `A token "${body.name}" is good already.`, { field: 'name' })
      header('cache-control', 'no-store')
      return { name: body.name, scope: body.scope, ends_at: endsAt.toISOString(), token }
    },
  }),
  route({
    ...administration,
    access: 'person',
    method: 'DELETE',
    path: `${ALL}/:name`,
    params: ofToken,
    operationId: 'operator-token-revoke',
    summary: 'Ends a token of the operator at once, in every process',
    output: z.object({ revoked: z.string() }),
    errors: [...CHANGE, 'not_found'],
    handle: async ({ params: { name } }: Call<Operator, unknown, unknown, z.output<typeof ofToken>>) => {
      if (!(await revokeOperatorToken(database, name))) throw new ExchangeError('not_found', `No token "${name}" is good.`)
      return { revoked: name }
    },
  }),
]

const shownToken = ({ name, scope, madeBy, madeAt, endsAt, lastUsedAt }: OperatorToken) => ({
  name,
  scope,
  made_by: madeBy,
  made_at: madeAt.toISOString(),
  ends_at: endsAt.toISOString(),
  last_used_at: lastUsedAt?.toISOString() ?? null,
})
