import { z } from 'zod'
import { ERRORS, type ErrorCode } from './errors.ts'
import { mayBeEmpty } from './json-input.ts'
import type { Route } from './route.ts'

const SECURITY = {
  anyone: [],
  partner: [{ partner: [] }],
  operator: [{ person: [] }, { operatorToken: [] }],
  person: [{ person: [] }],
} as const
const QUOTA_HEADERS = ['quota-limit', 'quota-interval', 'quota-time-unit', 'quota-used', 'quota-reset-UTC']

type Json = Record<string, unknown>

/** The OpenAPI 3.1 document of these rows, made from the schemas that validate. */
export function openApiDocument(routes: readonly Route[], server: string): Json {
  const paths: Record<string, Json> = {}
  for (const row of routes) {
    const path = row.path.replace(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [row.method.toLowerCase()]: operation(row) }
  }
  const tags = [...new Set(routes.map(row => row.tag))].map(name => ({ name, description: TAGS[name] ?? name }))
  return {
    openapi: '3.1.0',
    info: {
      title: 'Deskbridge Connect API',
      version: '1.0.0',
      description: 'Service desks of different companies pass tickets to each other. Compatible with KPN’s ServiceNow Connect API.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: server }],
    tags,
    paths,
    components: {
      securitySchemes: {
        partner: {
          type: 'oauth2',
          flows: {
            clientCredentials: { tokenUrl: `${server}/oauth/client_credential/accesstoken?grant_type=client_credentials`, scopes: {} },
          },
        },
        person: { type: 'http', scheme: 'basic', description: 'E-mail address and password of a person of the operator' },
        operatorToken: { type: 'http', scheme: 'bearer', description: 'A token of the operator’s; one of scope read may only GET' },
      },
      schemas: { Error: ERROR, TokenError: TOKEN_ERROR },
    },
  }
}

const TAGS: Record<string, string> = {
  Token: 'Access tokens',
  Ticket: 'What a customer files and follows',
  Task: 'What a provider works on',
  Attachment: 'Files of tickets and tasks',
  Operator: 'For people of the operator',
  Partner: 'Who exchanges with the operator, and what each may exchange',
  Administration: 'Who administers the exchange, and the projects of partners with their secrets',
  Organisation: 'Which record of ServiceNow stands for which partner',
  Exchange: 'The exchange itself',
}

const ERROR: Json = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message', 'hint'],
      properties: {
        code: { type: 'string', enum: Object.keys(ERRORS) },
        message: { type: 'string' },
        hint: { type: 'string' },
        field: { type: 'string' },
      },
    },
  },
}

const TOKEN_ERROR: Json = {
  type: 'object',
  required: ['error', 'error_description'],
  properties: { error: { type: 'string' }, error_description: { type: 'string' } },
}

function operation(row: Route): Json {
  const inPath = row.params ? (openApiSchema(row.params).properties as Record<string, Json>) : {}
  const query = row.query ? (openApiSchema(row.query).properties as Record<string, Json>) : {}
  const optional = (name: string) => !((row.query && (openApiSchema(row.query).required as string[] | undefined)) ?? []).includes(name)
  return {
    operationId: row.operationId,
    tags: [row.tag],
    summary: row.summary,
    security: SECURITY[row.access],
    parameters: [
      ...Object.entries(inPath).map(([name, schema]) => ({ name, in: 'path', required: true, schema })),
      ...Object.entries(query).map(([name, schema]) => ({ name, in: 'query', required: !optional(name), schema })),
      ...(row.access === 'partner'
        ? [
            {
              name: 'api-version',
              in: 'header',
              required: false,
              schema: { type: 'string' },
              description: 'Without it the latest version answers.',
            },
          ]
        : []),
      ...(row.body && row.access === 'partner'
        ? [{ name: 'Idempotency-Key', in: 'header', required: false, schema: { type: 'string', maxLength: 255 } }]
        : []),
    ],
    ...(row.body
      ? {
          requestBody: {
            required: !row.body.safeParse({}).success,
            content: { 'application/json': { schema: openSchema(openApiSchema(row.body)) } },
          },
        }
      : {}),
    ...(FORMS[row.operationId] ? { requestBody: formBody(FORMS[row.operationId]!) } : {}),
    ...(row.takes ? { requestBody: { required: true, content: { [row.takes]: { schema: { type: 'string' } } } } } : {}),
    responses: { 200: success(row), ...refusals(row) },
  }
}

const CLIENT = { client_id: { type: 'string' }, client_secret: { type: 'string' } }

/** The operations that take a form, as RFC 6749 and RFC 7009 have it. */
const FORMS: Record<string, Json> = {
  'token-post': { grant_type: { type: 'string', const: 'client_credentials' }, ...CLIENT },
  'token-revoke': { token: { type: 'string' }, ...CLIENT },
}

const formBody = (properties: Json): Json => ({
  content: { 'application/x-www-form-urlencoded': { schema: { type: 'object', properties } } },
})

function success(row: Route): Json {
  const headers =
    row.access === 'partner' ? Object.fromEntries(QUOTA_HEADERS.map(name => [name, { schema: { type: 'string' } }])) : undefined
  return {
    description: 'Done',
    ...(headers ? { headers } : {}),
    ...(row.output ? { content: { 'application/json': { schema: openApiSchema(row.output) } } } : {}),
    ...(row.gives ? { content: { [row.gives]: { schema: { type: 'string' } } } } : {}),
  }
}

function refusals(row: Route): Json {
  const byStatus = new Map<number, ErrorCode[]>()
  for (const code of row.errors) byStatus.set(ERRORS[code][0], [...(byStatus.get(ERRORS[code][0]) ?? []), code])
  const schema = { $ref: row.errorShape === 'oauth' ? '#/components/schemas/TokenError' : '#/components/schemas/Error' }
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [status, { description: codes.join(', '), content: { 'application/json': { schema } } }]),
  )
}

/** A request may have further members: they are ignored, and named in the `warnings` header. */
function openSchema(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(openSchema)
  if (typeof schema !== 'object' || schema === null) return schema
  const members = Object.entries(schema).filter(([name, value]) => !(name === 'additionalProperties' && value === false))
  return Object.fromEntries(members.map(([name, value]) => [name, openSchema(value)]))
}

/** As the document has it: a field that may be empty says so. */
export function openApiSchema(schema: z.ZodType): Json {
  const { $schema: _schema, ...rest } = z.toJSONSchema(schema, {
    unrepresentable: 'any',
    io: 'output',
    override: ({ zodSchema, jsonSchema }) => {
      if (mayBeEmpty.has(zodSchema)) allowEmpty(jsonSchema as Json)
    },
  }) as Json
  return rest
}

/** Null and the empty text are as good as nothing; of a list it is the empty one, which its schema allows. */
function allowEmpty(field: Json): void {
  const isText = field.type === 'string'
  field.type = [field.type, 'null']
  if (Array.isArray(field.enum)) field.enum = [...field.enum, ...(isText ? [''] : []), null]
  delete field.minLength
}
