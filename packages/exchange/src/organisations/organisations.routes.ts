import type { z } from 'zod'
import { type Call, type Route, route } from '../platform/route.ts'
import type { Operator } from '../sign-in/index.ts'
import { type Company, findCompaniesByName } from './companies.ts'
import { fileRoutes } from './organisation-file.routes.ts'
import * as input from './organisations.input.ts'
import { findHoldersOf } from './organisations.store.ts'
import { changeVariable, type OrganisationParts, readOrganisations, removeMapping } from './organisations.ts'
import { type Confirmed, saveMappings } from './save-mappings.ts'
import type { Match } from './suggest.ts'
import { findSuggestions } from './suggestions.ts'

/** Every row is the operator's, and may be refused so. */
const forOperator = { tag: 'Organisation', access: 'operator' } as const
const ERRORS = [
  'invalid_field',
  'sign_in_required',
  'too_many_wrong_secrets',
  'internal',
  'exchange_unavailable',
  'outcome_unknown',
] as const
const ASKING = [...ERRORS, 'service_desk_unavailable', 'refused_by_service_desk'] as const
const BODY = ['malformed_json', 'duplicate_key', 'invalid_base64', 'too_large', 'unsupported_media_type', 'spool_full'] as const
const CHANGE = ['other_site'] as const

type OfOrganisation = z.output<typeof input.ofOrganisation>
type OfVariable = z.output<typeof input.ofVariable>

const shownCompany = ({ sysId, table, name, website, city, country }: Company) => ({ table, sys_id: sysId, name, website, city, country })
const shownMatch = ({ candidate, score, evidence }: Match<Company>) => ({ ...shownCompany(candidate), score, evidence })

/** The operator’s operations on organisation mappings and variables. */
export const organisationRoutes = (parts: OrganisationParts): Route[] => [
  route({
    ...forOperator,
    method: 'GET',
    path: '/operator/organisations',
    operationId: 'organisation-list',
    summary: 'The partners: which record stands for each in each environment, and whether it is still there',
    query: input.organisationsQuery,
    output: input.organisationsOutput,
    errors: ERRORS,
    handle: async (call: Call<Operator, z.output<typeof input.organisationsQuery>, unknown>) => ({
      result: await readOrganisations(parts, input.pageOf(call.query, input.LIMIT.organisations), call.signal),
    }),
  }),
  route({
    ...forOperator,
    method: 'GET',
    path: '/operator/organisations/candidates',
    operationId: 'organisation-candidates',
    summary: 'The companies and accounts of the service desk, by name',
    query: input.candidatesQuery,
    output: input.candidatesOutput,
    errors: ASKING,
    handle: async (call: Call<Operator, z.output<typeof input.candidatesQuery>, unknown>) => {
      const { environment, search, limit = input.LIMIT.candidates, offset = 0 } = call.query
      const page = { search, limit: Number(limit), offset: Number(offset) }
      const { rows, total } = await findCompaniesByName(parts.desks[environment], page, call.signal)
      const mapped = await findHoldersOf(
        parts.database,
        environment,
        rows.map(row => row.sysId),
      )
      const holder = new Map(mapped.map(one => [one.sysId, one.name]))
      return { result: rows.map(row => ({ ...shownCompany(row), stands_for: holder.get(row.sysId) ?? null })), total }
    },
  }),
  route({
    ...forOperator,
    method: 'GET',
    path: '/operator/organisations/suggestions',
    operationId: 'organisation-suggestions',
    summary: 'For each partner without a mapping: which record might stand for it, with the evidence. A person confirms it',
    query: input.suggestionsQuery,
    output: input.suggestionsOutput,
    errors: ASKING,
    handle: async (call: Call<Operator, z.output<typeof input.suggestionsQuery>, unknown>) => {
      const { environment } = call.query
      const page = input.pageOf(call.query, input.LIMIT.suggestions)
      const { organisations, compared, complete } = await findSuggestions(parts.database, parts.desks[environment], page, call.signal)
      if (!complete) call.warn(`Only the first ${compared} companies were compared`)
      const result = organisations.map(({ name, suggestion: { clear, matches, why } }) => ({
        organisation: name,
        why,
        suggestion: clear ? shownMatch(clear) : null,
        others: matches.filter(match => match !== clear).map(shownMatch),
      }))
      return { result, compared, complete }
    },
  }),
  ...fileRoutes(parts),
  route({
    ...forOperator,
    method: 'PUT',
    path: '/operator/organisations/:name/mapping',
    params: input.ofOrganisation,
    operationId: 'organisation-map',
    summary: 'Confirm which record stands for a partner',
    body: input.mappingInput,
    output: input.mappingOutput,
    errors: [...ASKING, ...CHANGE, ...BODY, 'not_found', 'not_a_company', 'mapping_taken'],
    handle: async (call: Call<Operator, unknown, z.output<typeof input.mappingInput>, OfOrganisation>) => {
      const { environment, table, sys_id: sysId } = call.body
      const confirmed: Confirmed = { organisation: call.params.name, environment, table, sysId }
      const saved = await saveMappings([confirmed], { ...parts, signal: call.signal, person: call.caller.name })
      if (!('organisations' in saved)) throw saved.problems[0]!.error
      const [record] = saved.organisations
      return {
        result: { organisation: confirmed.organisation, environment, table: record!.table, sys_id: record!.sysId, name: record!.name },
      }
    },
  }),
  route({
    ...forOperator,
    method: 'DELETE',
    path: '/operator/organisations/:name/mapping',
    params: input.ofOrganisation,
    operationId: 'organisation-unmap',
    summary: 'Take a mapping away: the partner files nothing more in this environment, and is shown only what it filed',
    query: input.inEnvironment,
    output: input.removedOutput,
    errors: [...ERRORS, ...CHANGE, 'not_found'],
    handle: async (call: Call<Operator, z.output<typeof input.inEnvironment>, unknown, OfOrganisation>) => {
      await removeMapping(parts.tokens, call.params.name, call.query.environment, call.caller.name)
      return { result: { removed: true as const } }
    },
  }),
  route({
    ...forOperator,
    method: 'PUT',
    path: '/operator/organisations/:name/variables/:variable',
    params: input.ofVariable,
    operationId: 'organisation-variable-put',
    summary: 'Set a variable of a partner. It is shown to the operator’s people: no place for secrets',
    body: input.variableInput,
    output: input.variableOutput,
    errors: [...ERRORS, ...CHANGE, ...BODY, 'not_found'],
    handle: async (call: Call<Operator, unknown, z.output<typeof input.variableInput>, OfVariable>) => {
      const variable = { organisation: call.params.name, name: call.params.variable, ...call.body }
      await changeVariable(parts.database, variable)
      return { result: variable }
    },
  }),
  route({
    ...forOperator,
    method: 'DELETE',
    path: '/operator/organisations/:name/variables/:variable',
    params: input.ofVariable,
    operationId: 'organisation-variable-delete',
    summary: 'Remove a variable of a partner',
    query: input.inEnvironment,
    output: input.removedOutput,
    errors: [...ERRORS, ...CHANGE, 'not_found'],
    handle: async (call: Call<Operator, z.output<typeof input.inEnvironment>, unknown, OfVariable>) => {
      await changeVariable(parts.database, { organisation: call.params.name, name: call.params.variable, ...call.query })
      return { result: { removed: true as const } }
    },
  }),
]
