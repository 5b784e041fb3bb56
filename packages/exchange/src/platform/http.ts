import type { HttpBindings } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { type Context, Hono } from 'hono'
import type { z } from 'zod'
import type { CallerAddress } from './caller-address.ts'
import { assertUtf8 } from './charset.ts'
import { noteEffects } from './effects.ts'
import { ExchangeError } from './errors.ts'
import { checked, unknownNames } from './json-input.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'
import { assertSameSite } from './other-site.ts'
import { DatabaseAway } from './outage.ts'
import type { Phase } from './phase.ts'
import { assertPlainPath, assertWrittenAs, noSuchPath, writtenPath } from './request-path.ts'
import { type Access, type Call, Raw, type Route } from './route.ts'

/** The longest we let a caller wait: 30 s is promised, and the answer itself needs a moment. */
const ANSWER_WITHIN_MS = 25_000

/**
 * Finds out by the Authorization header who calls; throws an ExchangeError when nobody known does. Headers are set on every answer,
 * refusals included.
 */
export type Doorkeeper = (authorization: string | null, header: (name: string, value: string) => void, address: string) => Promise<unknown>

export interface HttpSettings {
  routes: readonly Route[]
  doorkeepers: Record<Access, Doorkeeper>
  /** Reads a caller's JSON body; its files go where the room that knows them keeps them. */
  readBody: (body: Body, caller: unknown) => Promise<RequestBody>
  /** What a browser is told that asks before it calls a partner's operation. */
  preflight: readonly (readonly [string, string])[]
  callerAddress: CallerAddress
  log: Log
  metrics: Metrics
  phase: Phase
  /** Fires when the database has been silent for so long that nobody is to wait for it any more. */
  silence: () => AbortSignal
}

type Body = AsyncIterable<Uint8Array> | ReadableStream<Uint8Array> | null

/** A body that was read. `discard` removes the files that came with it. */
export interface RequestBody {
  document: unknown
  discard(): Promise<void>
}

type Bindings = { Bindings: HttpBindings }

/** Names in small letters. A plain object goes to the network as it is; Headers would be taken apart again. */
type AnswerHeaders = Record<string, string>

/** The whole HTTP face: each row of the table becomes a path; everything around a handler happens here, once. */
export function httpFace(settings: HttpSettings): (request: Request, env: HttpBindings) => Response | Promise<Response> {
  const app = router(settings)
  return (request, env) => {
    try {
      assertPlainPath(writtenPath(env.incoming.url ?? ''))
    } catch (error) {
      return refusal(asExchangeError(error))
    }
    return app.fetch(request, env)
  }
}

function router(settings: HttpSettings): Hono<Bindings> {
  const app = new Hono<Bindings>()
  for (const row of settings.routes) app.on(row.method, row.path, context => answer(context, row, settings))
  for (const path of new Set(settings.routes.filter(row => row.access === 'partner').map(row => row.path)))
    app.options(
      path,
      () => new Response(null, { status: 204, headers: settings.preflight.map(([name, value]): [string, string] => [name, value]) }),
    )
  for (const path of new Set(settings.routes.map(row => row.path))) {
    const methods = settings.routes.filter(row => row.path === path).map(row => row.method)
    app.all(path, context =>
      refusal(
        new ExchangeError('method_not_allowed', `${context.req.method} is not a method of ${path}.`, {
          headers: { allow: methods.join(', ') },
        }),
      ),
    )
  }
  app.notFound(context => refusal(noSuchPath(writtenPath(context.env.incoming.url ?? ''))))
  return app
}

async function answer(context: Context<Bindings>, row: Route, settings: HttpSettings): Promise<Response> {
  const started = performance.now()
  const headers: AnswerHeaders = { 'cache-control': 'no-store' }
  const response = await settings.phase.during(() => noteEffects(() => serve(context, row, settings, headers)))
  settings.metrics.answered(row.operationId, response.status, performance.now() - started)
  return response
}

async function serve(context: Context<Bindings>, row: Route, settings: HttpSettings, headers: AnswerHeaders): Promise<Response> {
  const warnings: string[] = []
  /** Names in the query or the body that this operation does not know. */
  const ignored: string[] = []
  let intake: RequestBody | undefined
  let kept = false
  const { incoming, outgoing } = context.env
  try {
    const request = context.req.raw
    // Node has read the headers already; the Request would make a Headers of them first.
    const requestHeader = (name: string) => {
      const value = incoming.headers[name]
      return typeof value === 'string' ? value : null
    }
    const address = settings.callerAddress(incoming.socket.remoteAddress ?? '', requestHeader('x-forwarded-for'))
    const header = (name: string, value: string) => {
      headers[name.toLowerCase()] = value
    }
    if (incoming.url?.includes('%')) assertWrittenAs(row.path, writtenPath(incoming.url))
    if (!row.always) settings.phase.assertOpen()
    if (row.access === 'operator' && row.method !== 'GET') assertSameSite(requestHeader)
    const caller = await settings.doorkeepers[row.access](requestHeader('authorization'), header, address)
    const params = row.params ? checked(row.params, context.req.param()) : {}
    if (row.body) {
      const read = (body: Body) => settings.readBody(body, caller)
      intake = hasNoBody(requestHeader) && takesNothing(row.body) ? NOTHING : await bodyOf(requestHeader, incoming, row, read)
      ignored.push(...unknownNames(row.body, intake.document))
    }
    let signal: AbortSignal | undefined
    const call: Call<unknown, unknown, unknown> = {
      caller,
      query: row.query ? queryOf(context, row.query, ignored) : undefined,
      body: row.body && intake ? checked(row.body, intake.document) : undefined,
      params,
      request,
      requestHeader,
      address,
      files: {
        keep: () => {
          kept = true
        },
      },
      get signal() {
        signal ??= AbortSignal.any([AbortSignal.timeout(ANSWER_WITHIN_MS), settings.silence()])
        return signal
      },
      warn: text => warnings.push(text),
      header,
      whenSent: done => {
        let said = false
        const once = (whole: boolean) => {
          if (!said) done(whole)
          said = true
        }
        const { socket } = incoming
        // Node says 'finish' also when the connection broke with bytes left; and the answer to HEAD has no body: nothing was handed over.
        const whole = () => !socket.destroyed && !socket.errored && incoming.method !== 'HEAD'
        outgoing.once('finish', () => once(whole())).once('close', () => once(false))
      },
      cut: () => outgoing.destroy(),
    }
    const result = await row.handle(call)
    warn(headers, warnings, ignored)
    sendElsewhere(headers, settings.phase)
    const raw = result instanceof Raw ? result : new Raw(JSON.stringify(row.output ? row.output.parse(result) : result))
    const short = typeof raw.body === 'string' && raw.body.length <= SHORT_ANSWER
    return short ? send(outgoing, raw.body as string, raw, headers) : respond(raw.status, raw, headers)
  } catch (failure) {
    const error = whileSilent(asExchangeError(failure), settings.silence())
    if (error.status >= 500) settings.log.error('request failed', { operation: row.operationId, error: failure as Error })
    warn(headers, warnings, ignored)
    sendElsewhere(headers, settings.phase)
    return refuse(error, headers, row.errorShape)
  } finally {
    if (!kept) await intake?.discard()
  }
}

/** Whoever keeps its connection takes the next call to a process that does not end. */
function sendElsewhere(headers: AnswerHeaders, { name }: Phase): void {
  if (name !== 'serving') headers.connection = 'close'
}

type RequestHeader = Call<unknown, unknown, unknown>['requestHeader']

const NOTHING: RequestBody = { document: {}, discard: async () => {} }

/** RFC 9112, section 6.3: neither header, no body. */
const hasNoBody = (header: RequestHeader) => header('transfer-encoding') === null && Number(header('content-length') ?? 0) === 0

const takesNothing = (schema: z.ZodType) => schema.safeParse({}).success

async function bodyOf(
  requestHeader: RequestHeader,
  body: HttpBindings['incoming'],
  row: Route,
  read: (body: Body) => Promise<RequestBody>,
): Promise<RequestBody> {
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
  return read(body)
}

function respond(status: number, { body, contentType }: Pick<Raw, 'body' | 'contentType'>, headers: AnswerHeaders): Response {
  headers['content-type'] = contentType
  return new Response(body, { status, headers })
}

/** In characters: a socket takes so much at once, so that it can be told whether the answer was taken whole. */
const SHORT_ANSWER = 8_192

/** Hands a short answer to Node as it is; a Response would first be made and then be taken apart (a fifth of an empty poll). */
function send(outgoing: HttpBindings['outgoing'], body: string, { contentType, status }: Raw, headers: AnswerHeaders): Response {
  outgoing.writeHead(status, { ...headers, 'content-type': contentType, 'content-length': Buffer.byteLength(body) }).end(body)
  return RESPONSE_ALREADY_SENT
}

function refusal(error: ExchangeError): Response {
  return refuse(error, { 'cache-control': 'no-store' })
}

function refuse(error: ExchangeError, headers: AnswerHeaders, shape: Route['errorShape'] = 'api'): Response {
  const { retryAfter, headers: more = {} } = error.detail
  if (retryAfter !== undefined) headers['retry-after'] = String(Math.max(1, Math.ceil(retryAfter)))
  if (error.status === 401 && !more['www-authenticate']) headers['www-authenticate'] = 'Bearer'
  for (const [name, value] of Object.entries(more)) headers[name.toLowerCase()] = value
  const body = shape === 'oauth' ? { error: oauthCode(error), error_description: error.message } : error.body
  return respond(error.status, new Raw(JSON.stringify(body)), headers)
}

/** RFC 6749, section 5.2 knows few codes; a caller's program may only rely on those. */
function oauthCode(error: ExchangeError): string {
  if (['invalid_request', 'invalid_client', 'unsupported_grant_type'].includes(error.code)) return error.code
  return error.status >= 500 ? 'temporarily_unavailable' : error.status === 429 ? 'slow_down' : 'invalid_request'
}

/** The query, in which each name stands once; names that are not parameters are ignored, and said so. */
function queryOf(context: Context<Bindings>, schema: z.ZodType, ignored: string[]): unknown {
  const given = context.req.queries()
  const twice = Object.entries(given).find(([, values]) => values.length > 1)
  if (twice) throw new ExchangeError('invalid_field', `${twice[0]} is given more than once.`, { field: twice[0] })
  const query = Object.fromEntries(Object.entries(given).map(([name, [value]]) => [name, value]))
  ignored.push(...unknownNames(schema, query))
  return checked(schema, query)
}

const MOST_NAMED = 20

/** What was kept as text first, then what was ignored. */
function warn(headers: AnswerHeaders, warnings: readonly string[], ignored: readonly string[]): void {
  const named = ignored.slice(0, MOST_NAMED).map(name => `${name.slice(0, 100)} is not a field of this operation and was ignored`)
  const more = ignored.length > MOST_NAMED ? [`so were ${ignored.length - MOST_NAMED} more`] : []
  const all = [...warnings, ...named, ...more]
  if (all.length) headers.warnings = headerText(all.join('; '))
}

/** Header values carry visible ASCII only (RFC 9110, section 5.5); the rest is shown as an escape. */
function headerText(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`).slice(0, 4_000)
}

/** Whose call we ended because our own database is silent does not hear that the service desk is away. */
const whileSilent = (error: ExchangeError, silence: AbortSignal): ExchangeError =>
  error.code === 'service_desk_unavailable' && silence.aborted ? noDatabase('exchange_unavailable', error) : error

/** Soon: an outage of the database is short, or somebody works on it; and waiting longer than needed is the partner's loss. */
const DATABASE_AGAIN_SECONDS = 2

function noDatabase(code: 'exchange_unavailable' | 'outcome_unknown', cause: unknown): ExchangeError {
  const message =
    code === 'outcome_unknown'
      ? 'The exchange has lost its database while it worked on this.'
      : 'The exchange cannot reach its database now.'
  return new ExchangeError(code, message, { retryAfter: DATABASE_AGAIN_SECONDS, cause })
}

function asExchangeError(failure: unknown): ExchangeError {
  if (failure instanceof ExchangeError) return failure
  if (failure instanceof DatabaseAway) return noDatabase(failure.nothingDone ? 'exchange_unavailable' : 'outcome_unknown', failure)
  return new ExchangeError('internal', 'Something went wrong on our side.', { cause: failure })
}
