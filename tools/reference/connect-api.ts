import { type JsonSchema, schemaFieldsOf } from '@deskbridge/servicenow'
import { ERRORS } from '../../packages/exchange/src/platform/errors.ts'
import { openApiDocument, openApiSchema } from '../../packages/exchange/src/platform/openapi.ts'
import type { Access, Route } from '../../packages/exchange/src/platform/route.ts'
import { anchor, code, page, table } from './markdown.ts'

/** Where `npm start` answers; the document that a running exchange serves has its own address. */
const SERVER = 'http://localhost:8080'

const WHO: Record<Access, string> = {
  anyone: 'anyone',
  person: 'a person of the operator, with e-mail address and password (HTTP Basic); no token',
  partner: 'a partner, with an access token (`Authorization: Bearer …`)',
  operator:
    'a person of the operator, with e-mail address and password (HTTP Basic), or a token of the operator’s (`Authorization: Bearer dbo_…`)',
}

export const openApiText = (rows: readonly Route[]) => `${JSON.stringify(openApiDocument(rows, SERVER), null, 2)}\n`

export function connectApiPage(rows: readonly Route[]): string {
  return page(
    'The Connect API',
    'the route rows of `packages/exchange/src`',
    'The same as a machine reads it: [openapi.json](openapi.json). What each error asks for: [errors.md](errors.md).',
    table(
      ['method', 'path', 'operation', 'who may call'],
      rows.map(row => [row.method, code(row.path), `[${row.operationId}](#${anchor(row.operationId)})`, row.access]),
    ),
    ...rows.map(operation),
  )
}

function operation(row: Route): string {
  return [
    `## ${row.operationId}`,
    `${code(`${row.method} ${row.path}`)}: ${row.summary}.`,
    `Who may call: ${WHO[row.access]}.`,
    ...(row.params ? ['In the path:', fields(row.params)] : []),
    ...(row.query ? ['In the query:', fields(row.query)] : []),
    ...(row.body ? [`In the body, a JSON object:`, fields(row.body), ...(mayBeEmpty(row.body) ? [EMPTY] : [])] : []),
    ...(row.takes ? [`The body is ${code(row.takes)}.`] : []),
    ...(row.output
      ? [`The answer, 200${isList(row) ? ', a JSON list' : ''}:`, fields(row.output)]
      : [row.gives ? `The answer, 200, is ${code(row.gives)}.` : 'The answer, 200, is not described by a schema.']),
    row.errors.length ? `Errors: ${row.errors.map(name => `${code(name)} (${ERRORS[name][0]})`).join(', ')}.` : 'It lists no errors.',
    ...(row.ifUnknown ? [`It is not safe to send again. Where nobody knows whether it was done: ${row.ifUnknown}`] : []),
  ].join('\n\n')
}

const FIELD_HEAD = ['field', 'required', 'type', 'limits', '']
const isList = (row: Route) => openApiSchema(row.output!).type === 'array'
const EMPTY = 'A field that may be `null` counts as left out also when it is empty: `""`, white space alone, `[]`.'
const mayBeEmpty = (schema: NonNullable<Route['body']>) => JSON.stringify(openApiSchema(schema)).includes('"null"]')

const fields = (schema: NonNullable<Route['body']>) =>
  table(
    FIELD_HEAD,
    schemaFieldsOf(openApiSchema(schema) as JsonSchema).map(({ name, required, type, limits, about }) => [
      code(name),
      required ? 'yes' : '',
      type,
      limits,
      about,
    ]),
  )
