import { z } from 'zod'
import { ENVIRONMENTS } from '../platform/environment.ts'
import { optional, pathPart, textUpTo } from '../platform/json-input.ts'
import { type Call, type Route, route } from '../platform/route.ts'
import type { Operator } from '../sign-in/index.ts'
import type { ShownProject } from './projects.store.ts'
import { addSecretTo, endProject, listProjects, makeProjectOf, type NewSecret, type ProjectParts, revokeSecretOf } from './projects.ts'

const READ = ['internal', 'exchange_unavailable', 'invalid_field'] as const
const CHANGE = [...READ, 'outcome_unknown', 'malformed_json', 'duplicate_key', 'too_large', 'unsupported_media_type'] as const

const PERHAPS_MADE = 'It may have been made: look at GET /operator/projects. If it is there, go on with it.'
const PERHAPS_ADDED =
  'It may have been made, and nobody has it: look at GET /operator/projects, revoke the secret that you do not have, and make another.'

const DAY = 86_400
const deliveries = z.enum(['read-once', 'acknowledge'])
const ofProject = z.object({ client_id: pathPart(100) })
const ofSecret = z.object({ client_id: pathPart(100), fingerprint: pathPart(64) })
const empty = z.object({})
const listQuery = z.object({ partner: textUpTo(200).optional(), environment: z.enum(ENVIRONMENTS).optional() })
const projectInput = z.object({
  partner: textUpTo(200).describe('The name of the partner'),
  environment: z.enum(ENVIRONMENTS),
  name: pathPart(100),
  delivery: optional(deliveries).describe(
    'read-once (so without it): what was answered counts as told; acknowledge: what the partner has acknowledged',
  ),
})
const rotateInput = z.object({
  others_end_in_seconds: optional(
    z
      .int()
      .min(0)
      .max(90 * DAY),
  ).describe('When all other secrets end; without it after 7 days, 0 is at once'),
})

const projectOutput = z.object({
  partner: z.string(),
  environment: z.string(),
  name: z.string(),
  client_id: z.string(),
  delivery: deliveries,
  made_at: z.string(),
  made_by: z.string().nullable(),
  ended_at: z.string().nullable(),
  ended: z.boolean(),
  secrets: z.array(
    z.object({
      fingerprint: z.string().meta({ description: 'The beginning of its SHA-256' }),
      made_at: z.string(),
      made_by: z.string().nullable(),
      ends_at: z.string().nullable(),
      revoked_at: z.string().nullable(),
      last_used_at: z.string().nullable().meta({ description: 'When a token was got with it, to the minute' }),
      state: z.enum(['good', 'ended', 'revoked']),
    }),
  ),
})
const secretOutput = z.object({
  secret: z.string().meta({ description: 'Shown this once' }),
  fingerprint: z.string(),
  project: projectOutput,
})

const forOperator = { tag: 'Administration', access: 'operator' } as const
const ALL = '/operator/projects'
const ONE = `${ALL}/:client_id` as const
type OfProject = z.output<typeof ofProject>

/** The projects of partners, and the secrets that their systems sign in with. */
export const projectRoutes = (parts: ProjectParts): Route[] => [
  route({
    ...forOperator,
    method: 'GET',
    path: ALL,
    operationId: 'project-list',
    summary: 'The projects of partners, with the fingerprints of their secrets; of those that are over, the ones of the last 30 days',
    query: listQuery,
    output: z.object({ result: z.array(projectOutput) }),
    errors: [...READ, 'not_found'],
    handle: async ({ query }: Call<Operator, z.output<typeof listQuery>, unknown>) => ({
      result: (await listProjects(parts.database, query)).map(shownProject),
    }),
  }),
  route({
    ...forOperator,
    method: 'POST',
    path: ALL,
    operationId: 'project-add',
    summary: 'Makes a project of a partner: a client id of its own, in one environment, still without a secret',
    body: projectInput,
    output: projectOutput,
    errors: [...CHANGE, 'not_found', 'name_taken'],
    ifUnknown: PERHAPS_MADE,
    handle: async ({ body, caller }: Call<Operator, unknown, z.output<typeof projectInput>>) => {
      const { partner, environment, name, delivery = 'read-once' } = body
      return shownProject(await makeProjectOf(parts.database, partner, { environment, name, delivery, madeBy: caller.name }))
    },
  }),
  route({
    ...forOperator,
    method: 'POST',
    path: `${ONE}/end`,
    params: ofProject,
    operationId: 'project-end',
    summary: 'Ends a project for good: its secrets and tokens open nothing from now on, in every process. What it filed stays',
    body: empty,
    output: projectOutput,
    errors: [...CHANGE, 'not_found'],
    handle: async ({ params }: Call<Operator, unknown, unknown, OfProject>) => shownProject(await endProject(parts, params.client_id)),
  }),
  route({
    ...forOperator,
    method: 'POST',
    path: `${ONE}/secrets`,
    params: ofProject,
    operationId: 'secret-add',
    summary: 'Adds a client secret beside those that are there, ten at most. It is shown once',
    body: empty,
    output: secretOutput,
    errors: [...CHANGE, 'not_found', 'project_ended', 'too_many_secrets'],
    ifUnknown: PERHAPS_ADDED,
    handle: async ({ params, caller, header }: Call<Operator, unknown, unknown, OfProject>) => {
      header('cache-control', 'no-store')
      return shownSecret(await addSecretTo(parts, params.client_id, { madeBy: caller.name }))
    },
  }),
  route({
    ...forOperator,
    method: 'POST',
    path: `${ONE}/secrets/rotate`,
    params: ofProject,
    operationId: 'secret-rotate',
    summary: 'Adds a client secret, and lets all others end after a time, with the tokens that were got with them. It is shown once',
    body: rotateInput,
    output: secretOutput,
    errors: [...CHANGE, 'not_found', 'project_ended', 'too_many_secrets'],
    ifUnknown: PERHAPS_ADDED,
    handle: async ({ params, body, caller, header }: Call<Operator, unknown, z.output<typeof rotateInput>, OfProject>) => {
      header('cache-control', 'no-store')
      const othersEndIn = body.others_end_in_seconds ?? 7 * DAY
      return shownSecret(await addSecretTo(parts, params.client_id, { madeBy: caller.name, othersEndIn }))
    },
  }),
  route({
    ...forOperator,
    method: 'DELETE',
    path: `${ONE}/secrets/:fingerprint`,
    params: ofSecret,
    operationId: 'secret-revoke',
    summary: 'Revokes a client secret: it and the tokens that were got with it open nothing from now on, in every process',
    output: projectOutput,
    errors: [...READ, 'outcome_unknown', 'not_found'],
    handle: async ({ params }: Call<Operator, unknown, unknown, z.output<typeof ofSecret>>) =>
      shownProject(await revokeSecretOf(parts, params.client_id, params.fingerprint)),
  }),
]

const shownProject = ({
  projectId: _,
  clientId,
  madeAt,
  madeBy,
  endedAt,
  active,
  ...rest
}: ShownProject): z.input<typeof projectOutput> => ({
  ...rest,
  client_id: clientId,
  made_at: madeAt.toISOString(),
  made_by: madeBy,
  ended_at: endedAt?.toISOString() ?? null,
  ended: !active,
})

const shownSecret = ({ secret, fingerprint, project }: NewSecret): z.input<typeof secretOutput> => ({
  secret,
  fingerprint,
  project: shownProject(project),
})
