import type { z } from 'zod'
import type { ErrorCode } from './errors.ts'

/**
 * Who may call. There is no default: a row without it does not compile. `operator`: a person of the operator, or one of its tokens, which
 * may read (GET) or do all; `person`: a person of the operator alone, who gives the password.
 */
export type Access = 'anyone' | 'partner' | 'operator' | 'person'

/** What whoever asks for a row of the operator’s may hear before its handler is reached. */
function refusalsOf({ access, method }: Pick<Route, 'access' | 'method'>): ErrorCode[] {
  if (access === 'anyone' || access === 'partner') return []
  const changes: ErrorCode[] = method === 'GET' ? [] : ['other_site', ...(access === 'operator' ? (['read_only_token'] as const) : [])]
  return ['sign_in_required', 'too_many_wrong_secrets', ...changes, ...(access === 'person' ? (['person_required'] as const) : [])]
}

/** What a handler gets to know about one call. `caller` is filled in as the row's access promises. */
export interface Call<Caller, Query, Body, Params = unknown> {
  readonly caller: Caller
  readonly query: Query
  readonly body: Body
  /** The parameters of the path. */
  readonly params: Params
  readonly request: Request
  /** A header of the request, by its name in small letters. */
  requestHeader(name: string): string | null
  /** The address the call came from: a trusted proxy tells whose. */
  readonly address: string
  /** Files that came with the body are in the spool; the handler that keeps them takes them over. */
  readonly files: IncomingFiles
  /** Ends the wait for ServiceNow early enough to answer within 30 s. */
  readonly signal: AbortSignal
  /** Adds a sentence to the `warnings` response header. */
  warn(text: string): void
  /** Sets a response header. */
  header(name: string, value: string): void
  /** Runs when the answer was handed to the network stack whole (true) or was cut short (false). */
  whenSent(done: (whole: boolean) => void): void
  /** Cuts the connection, so that a half-sent answer can never look whole. */
  cut(): void
}

export interface IncomingFiles {
  /** The files stay in the spool when the request ends: somebody else removes them. */
  keep(): void
}

/** An answer that is already JSON text, or streams; it is sent as it is. */
export class Raw {
  readonly body: string | ReadableStream<Uint8Array>
  readonly contentType: string
  readonly status: number

  constructor(body: string | ReadableStream<Uint8Array>, contentType = 'application/json; charset=utf-8', status = 200) {
    this.body = body
    this.contentType = contentType
    this.status = status
  }
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** As Hono writes it: `/GetAttachment/:attachment_id`. */
  readonly path: string
  readonly operationId: string
  readonly tag: string
  readonly summary: string
  readonly access: Access
  /** One schema for each parameter of the path: what it does not take reaches no handler. */
  readonly params?: z.ZodObject
  readonly query?: z.ZodType
  readonly body?: z.ZodType
  readonly output?: z.ZodType
  /** The content type of a body that is no JSON; the handler reads it itself. */
  readonly takes?: string
  /** The content type of an answer that is no JSON. */
  readonly gives?: string
  readonly errors: readonly ErrorCode[]
  /** It asks for work and changes nothing, although it is no GET. */
  readonly onlyLooks?: true
  /** Whether an answer says that something was changed; without it each answer of a row that changes things says so. */
  readonly hasChanged?: (answer: unknown) => boolean
  /** What to do where nobody knows whether it was done, of what is not safe to send again: the hint of such an error. */
  readonly ifUnknown?: string
  /** Answered also while the exchange is ending. */
  readonly always?: true
  /** How errors look: the API's own envelope, or RFC 6749's. */
  readonly errorShape?: 'api' | 'oauth'
  // biome-ignore lint/suspicious/noExplicitAny: the rows of one table have different types; `route` checks each.
  readonly handle: (call: Call<any, any, any, any>) => Promise<unknown>
}

/** `'name' | 'variable'` of `/operator/organisations/:name/variables/:variable`. */
type NamesIn<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | NamesIn<`/${Rest}`>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never

/**
 * One row of the REST surface, with the types of its handler read from its path and its schemas. Of a row of the operator’s, `errors` are those of
 * its handler: what refuses before it is added.
 */
export function route<
  const Path extends string,
  Caller,
  Query extends z.ZodType,
  Body extends z.ZodType,
  Output extends z.ZodType,
  Shape extends Record<NamesIn<Path>, z.ZodType<string>>,
>(
  row: Omit<Route, 'handle' | 'path' | 'params' | 'query' | 'body' | 'output'> & {
    path: Path
    query?: Query
    body?: Body
    output?: Output
    handle: (call: Call<Caller, z.output<Query>, z.output<Body>, Record<NamesIn<Path>, string>>) => Promise<z.input<Output> | Raw>
  } & ([NamesIn<Path>] extends [never] ? { params?: never } : { params: z.ZodObject<Shape> }),
): Route {
  const plain = row as unknown as Route
  return { ...plain, errors: [...new Set([...plain.errors, ...refusalsOf(plain)])] }
}
