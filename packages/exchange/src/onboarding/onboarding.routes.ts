import type { z } from 'zod'
import type { ErrorCode } from '../platform/errors.ts'
import { type Call, type Route, route } from '../platform/route.ts'
import type { Operator } from '../sign-in/index.ts'
import { type AgreementParts, proposeAgreement, showAgreement } from './agreement.ts'
import * as input from './onboarding.input.ts'
import { addPartner, listPartners, setSuspended, showPartner } from './partners.ts'

/** Every row is the operator's, and may be refused so. */
const forOperator = { tag: 'Partner', access: 'operator' } as const
const READ: readonly ErrorCode[] = ['invalid_field', 'sign_in_required', 'too_many_wrong_secrets', 'internal', 'exchange_unavailable']
const WRITE: readonly ErrorCode[] = [
  ...READ,
  'outcome_unknown',
  'other_site',
  'malformed_json',
  'duplicate_key',
  'invalid_base64',
  'too_large',
  'unsupported_media_type',
  'spool_full',
]
const ALL = '/operator/partners'
const ONE = `${ALL}/:name` as const

type Named<Query = unknown, Body = unknown> = Call<Operator, Query, Body, { name: string }>

/** The operator’s operations on partners and their agreements. */
export const onboardingRoutes = (parts: AgreementParts): Route[] => [
  route({
    ...forOperator,
    method: 'GET',
    path: ALL,
    operationId: 'partner-list',
    summary: 'The partners, and what each can do in each environment or waits for',
    query: input.listQuery,
    output: input.partnersOutput,
    errors: READ,
    handle: async ({ query }: Call<Operator, z.output<typeof input.listQuery>, unknown>) => ({
      result: await listPartners(parts.database, { after: query.after ?? '', limit: input.PAGE }),
    }),
  }),
  route({
    ...forOperator,
    method: 'POST',
    path: ALL,
    operationId: 'partner-add',
    summary: 'Makes a partner. It waits for an agreement, a project and a secret. A partner is never removed: its history stays',
    body: input.named,
    output: input.partnerOutput,
    errors: [...WRITE, 'name_taken'],
    ifUnknown: 'It may have been made: look at GET /operator/partners. If it is there, go on with it.',
    handle: async ({ body }: Call<Operator, unknown, z.output<typeof input.named>>) => ({
      result: await addPartner(parts.database, body.name),
    }),
  }),
  route({
    ...forOperator,
    method: 'GET',
    path: ONE,
    params: input.named,
    operationId: 'partner-show',
    summary: 'One partner, and what it can do in each environment or waits for',
    output: input.partnerOutput,
    errors: [...READ, 'not_found'],
    handle: async ({ params }: Named) => ({ result: await showPartner(parts.database, params.name) }),
  }),
  ...([true, false] as const).map(suspended =>
    route({
      ...forOperator,
      method: 'POST',
      path: `${ONE}/${suspended ? 'suspend' : 'resume'}` as `${typeof ONE}/suspend`,
      params: input.named,
      operationId: suspended ? 'partner-suspend' : 'partner-resume',
      summary: suspended
        ? 'From now on the tokens and secrets of a partner open nothing. Its updates are kept, and what was accepted is finished'
        : 'Lets a suspended partner in again; its updates wait for it',
      body: input.emptyInput,
      output: input.partnerOutput,
      errors: [...WRITE, 'not_found'],
      handle: async ({ params }: Named) => ({ result: await setSuspended(parts.database, parts.tokens, params.name, suspended) }),
    }),
  ),
  route({
    ...forOperator,
    method: 'GET',
    path: `${ONE}/agreement`,
    params: input.named,
    operationId: 'agreement-show',
    summary: 'The agreement of a partner in an environment, with services, groups and users by name',
    query: input.inEnvironment,
    output: input.agreementOutput,
    errors: [...READ, 'not_found'],
    handle: async ({ params, query, signal }: Named<z.output<typeof input.inEnvironment>>) => ({
      result: await showAgreement(parts, params.name, query.environment, signal),
    }),
  }),
  route({
    ...forOperator,
    method: 'PATCH',
    path: `${ONE}/agreement`,
    params: input.named,
    operationId: 'agreement-change',
    summary:
      'Makes or changes an agreement: checked against the service desk, all of it or nothing, and never over a change that you have not seen',
    body: input.agreementInput,
    output: input.outcomeOutput,
    hasChanged: answer => (answer as z.input<typeof input.outcomeOutput>).result.saved,
    errors: [
      ...WRITE,
      'not_found',
      'invalid_agreement',
      'changed_meanwhile',
      'mapping_taken',
      'service_desk_unavailable',
      'refused_by_service_desk',
    ],
    handle: async ({ params, body, caller, signal }: Named<unknown, z.output<typeof input.agreementInput>>) => {
      const { environment, agreement: proposal, version, dry_run: dryRun = false } = body
      const proposed = { environment, proposal, version, dryRun, person: caller.name }
      return { result: await proposeAgreement(parts, params.name, proposed, signal) }
    },
  }),
]
