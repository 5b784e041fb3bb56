import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'
import type { z } from 'zod'
import { assertUtf8 } from './charset.ts'
import { ExchangeError } from './errors.ts'
import { checked, unknownNames } from './json-input.ts'
import type { Call, Route } from './route.ts'

export type Body = AsyncIterable<Uint8Array> | ReadableStream<Uint8Array> | null

/** A body that was read. `discard` removes the files that came with it. */
export interface RequestBody {
  document: unknown
  discard(): Promise<void>
}

export type Bindings = { Bindings: HttpBindings }

export type RequestHeader = Call<unknown, unknown, unknown>['requestHeader']

interface Incoming {
  requestHeader: RequestHeader
  incoming: HttpBindings['incoming']
  row: Route
  /** Of the row's body. */
  schema: z.ZodType
}

/** Reads a request's body as its row takes it; without one it is empty where the row takes that. */
export async function readBodyOf(request: Incoming, read: (body: Body) => Promise<RequestBody>): Promise<RequestBody> {
  return hasNoBody(request.requestHeader) && takesNothing(request.schema) ? NOTHING : readJson(request, read)
}

const NOTHING: RequestBody = { document: {}, discard: async () => {} }

/** RFC 9112, section 6.3: neither header, no body. */
const hasNoBody = (header: RequestHeader) => header('transfer-encoding') === null && Number(header('content-length') ?? 0) === 0

const takesNothing = (schema: z.ZodType) => schema.safeParse({}).success

async function readJson({ requestHeader, incoming, row }: Incoming, read: (body: Body) => Promise<RequestBody>): Promise<RequestBody> {
  const type = requestHeader('content-type') ?? ''
  const encoding = requestHeader('content-encoding')
  if (!/^application\/json\s*(;|$)/i.test(type))
    throw new ExchangeError(
      'unsupported_media_type',
      type ? `${row.method} ${row.path} takes application/json, not ${type}.` : `${row.method} ${row.path} needs a Content-Type header.`,
    )
  if (encoding && !/^identity$/i.test(encoding))
    throw new ExchangeError('unsupported_media_type', `The body must not be encoded as ${encoding.slice(0, 60)}.`)
  assertUtf8(type)
  // Node's own stream costs a third of the web stream that would be made of it.
  return read(incoming)
}

/** The query, in which each name stands once; names that are not parameters are ignored, and said so. */
export function readQuery(context: Context<Bindings>, schema: z.ZodType, ignored: string[]): unknown {
  const given = context.req.queries()
  const twice = Object.entries(given).find(([, values]) => values.length > 1)
  if (twice) throw new ExchangeError('invalid_field', `${twice[0]} is given more than once.`, { field: twice[0] })
  const query = Object.fromEntries(Object.entries(given).map(([name, [value]]) => [name, value]))
  ignored.push(...unknownNames(schema, query))
  return checked(schema, query)
}
