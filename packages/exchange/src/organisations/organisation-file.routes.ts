import type { z } from 'zod'
import { type Call, Raw, type Route, route } from '../platform/route.ts'
import { readText } from '../platform/text-input.ts'
import type { Operator } from '../sign-in/index.ts'
import { fileProblem, type LineProblem, LONGEST_FILE, readFile, writeFile } from './organisation-file.ts'
import * as input from './organisations.input.ts'
import { type OrganisationParts, readOrganisations } from './organisations.ts'
import { type Problem, saveMappings } from './save-mappings.ts'

const CSV = 'text/csv'
const forOperator = { tag: 'Organisation', access: 'operator' } as const
const ERRORS = [
  'invalid_field',
  'sign_in_required',
  'too_many_wrong_secrets',
  'internal',
  'exchange_unavailable',
  'outcome_unknown',
] as const

/** Mappings as a file: out, and in again. */
export const fileRoutes = (parts: OrganisationParts): Route[] => [
  route({
    ...forOperator,
    method: 'GET',
    path: '/operator/organisations/export.csv',
    operationId: 'organisation-export',
    summary: 'All mappings as a file, 500 partners at once',
    query: input.exportQuery,
    gives: CSV,
    errors: ERRORS,
    handle: async (call: Call<Operator, z.output<typeof input.exportQuery>, unknown>) => {
      const organisations = await readOrganisations(parts, input.pageOf(call.query, input.MOST_EXPORTED), call.signal)
      const last = organisations.at(-1)
      if (last && organisations.length === input.MOST_EXPORTED)
        call.warn(`There may be more: ask with after=${encodeURIComponent(last.name)}`)
      call.header('content-disposition', 'attachment; filename="organisations.csv"')
      return new Raw(writeFile(organisations), `${CSV}; charset=utf-8`)
    },
  }),
  route({
    ...forOperator,
    method: 'POST',
    path: '/operator/organisations/import.csv',
    operationId: 'organisation-import',
    summary: 'Confirm the mappings of a file: all of it, or nothing of it',
    takes: CSV,
    output: input.importOutput,
    hasChanged: answer => (answer as z.input<typeof input.importOutput>).result.mapped > 0,
    errors: [
      ...ERRORS,
      'other_site',
      'invalid_csv',
      'too_large',
      'unsupported_media_type',
      'service_desk_unavailable',
      'refused_by_service_desk',
    ],
    handle: async (call: Call<Operator, unknown, unknown>) => {
      const file = readFile(await readText(call.request, CSV, LONGEST_FILE))
      const { mappings, passedOver } = file
      const onlyCheck = file.problems.length > 0
      const saved = await saveMappings(mappings, { ...parts, signal: call.signal, person: call.caller.name, onlyCheck })
      const problems = [...file.problems, ...saved.problems.map(one => lineProblem(one, mappings[one.at]!.line))]
      if (problems.length || !('organisations' in saved)) throw fileProblem(problems.sort((a, b) => a.line - b.line))
      const lines = mappings.length + passedOver
      return { result: { lines, mapped: saved.changed, unchanged: mappings.length - saved.changed, passed_over: passedOver } }
    },
  }),
]

function lineProblem({ error }: Problem, line: number): LineProblem {
  const { message, hint, field, code } = error.body.error as { message: string; hint: string; field?: string; code: string }
  return { line, ...(field ? { column: field } : {}), code, message, hint }
}
