import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'
import type { LoggedCall } from './call-log.ts'
import { asExchangeError, whileSilent, withAdvice } from './failures.ts'
import { type AnswerHeaders, answerWith, refusalInShape, setWarnings } from './http-answer.ts'
import type { HttpSettings } from './http-settings.ts'
import { checked, unknownNames } from './json-input.ts'
import { assertSameSite } from './other-site.ts'
import type { Phase } from './phase.ts'
import { type Bindings, type RequestBody, type RequestHeader, readBodyOf, readQuery } from './request-input.ts'
import { assertWrittenAs, writtenPath } from './request-path.ts'
import { type Call, Raw, type Route } from './route.ts'

/** The longest we let a caller wait: 30 s is promised, and the answer itself needs a moment. */
const ANSWER_WITHIN_MS = 25_000

/** One request on its way: who asks what, as far as the steps have found out. */
interface OnItsWay {
  readonly context: Context<Bindings>
  readonly row: Route
  readonly settings: HttpSettings
  readonly requestHeader: RequestHeader
  /** Of the answer, refusals included. */
  readonly headers: AnswerHeaders
  readonly setHeader: (name: string, value: string) => void
  readonly warnings: string[]
  /** Names in the query or the body that this operation does not know. */
  readonly ignored: string[]
  address: string
  caller: unknown
  params: unknown
  query: unknown
  body: unknown
  intake: RequestBody | undefined
  /** Whether the handler has taken the files over. */
  filesKept: boolean
}

/**
 * From the door to the handler, in this order; each refuses by an ExchangeError. The caller is found before the body is read: nothing that
 * somebody unknown sends is spooled. The path's parameters are checked before it too: for a wrong path no files are taken in.
 */
const STEPS: readonly ((way: OnItsWay) => void | Promise<void>)[] = [
  findAddress,
  refuseOtherSpellings,
  refuseWhileClosing,
  refuseOtherSites,
  findCaller,
  checkParams,
  readBody,
  checkQuery,
  checkBody,
]

/** Answers a request by its row of the routes: the steps, the handler, the answer or the refusal. */
export async function serve(context: Context<Bindings>, row: Route, settings: HttpSettings, headers: AnswerHeaders): Promise<Response> {
  const way = onItsWay(context, row, settings, headers)
  try {
    for (const step of STEPS) {
      const pending = step(way)
      if (pending) await pending
    }
    const result = await row.handle(callOf(way))
    if (isChange(way) && row.hasChanged?.(result) !== false) settings.calls.recordChange(logged(way), namesIn(way))
    finishHeaders(way)
    return answerWith(
      context.env.outgoing,
      result instanceof Raw ? result : new Raw(JSON.stringify(row.output ? row.output.parse(result) : result)),
      headers,
    )
  } catch (failure) {
    const error = withAdvice(whileSilent(asExchangeError(failure), settings.silence()), row.ifUnknown)
    if (isChange(way) && error.code === 'outcome_unknown') settings.calls.recordChange(logged(way), namesIn(way), { isKnown: false })
    settings.calls.recordRefusal(logged(way), error)
    if (error.status >= 500) settings.log.error('request failed', { operation: row.operationId, error: failure as Error })
    finishHeaders(way)
    return refusalInShape(error, headers, row.errorShape)
  } finally {
    if (!way.filesKept) await way.intake?.discard()
  }
}

function onItsWay(context: Context<Bindings>, row: Route, settings: HttpSettings, headers: AnswerHeaders): OnItsWay {
  const { incoming } = context.env
  return {
    context,
    row,
    settings,
    // Node has read the headers already; the Request would make a Headers of them first.
    requestHeader(name) {
      const value = incoming.headers[name]
      return typeof value === 'string' ? value : null
    },
    headers,
    setHeader(name, value) {
      headers[name.toLowerCase()] = value
    },
    warnings: [],
    ignored: [],
    address: '',
    caller: undefined,
    params: {},
    query: undefined,
    body: undefined,
    intake: undefined,
    filesKept: false,
  }
}

function findAddress(way: OnItsWay): void {
  way.address = way.settings.callerAddress(way.context.env.incoming.socket.remoteAddress ?? '', way.requestHeader('x-forwarded-for'))
}

function refuseOtherSpellings({ context, row }: OnItsWay): void {
  const { incoming } = context.env
  if (incoming.url?.includes('%')) assertWrittenAs(row.path, writtenPath(incoming.url))
}

function refuseWhileClosing({ row, settings }: OnItsWay): void {
  if (!row.always) settings.phase.assertOpen()
}

function refuseOtherSites({ row, requestHeader }: OnItsWay): void {
  if ((row.access === 'operator' || row.access === 'person') && row.method !== 'GET') assertSameSite(requestHeader)
}

async function findCaller(way: OnItsWay): Promise<void> {
  const { row, settings, requestHeader, setHeader, address } = way
  way.caller = await settings.findCaller[row.access]({
    authorization: requestHeader('authorization'),
    setHeader,
    address,
    reads: row.method === 'GET',
    found: caller => {
      way.caller = caller
    },
  })
  settings.calls.recordSignIn(logged(way))
}

/** What the log may know of a call. */
function logged({ row, caller, address }: OnItsWay): LoggedCall {
  return { operation: row.operationId, access: row.access, caller, address }
}

/** Whether a call is there to change something. */
const isChange = ({ row, body }: OnItsWay) =>
  row.method !== 'GET' && !row.onlyLooks && (body as { dry_run?: unknown } | undefined)?.dry_run !== true

/** What says which thing a call is about, wherever in its query or body it stands. */
const NAMING = ['name', 'email', 'partner', 'environment'] as const

/** What a call is about: the parameters of its path, and what its query or body calls by a name. */
function namesIn({ params, query, body }: OnItsWay): Record<string, string> {
  const given = { ...(query as object | undefined), ...(body as object | undefined) } as Partial<Record<string, unknown>>
  const named = NAMING.map(name => [name, given[name]]).filter((entry): entry is [string, string] => typeof entry[1] === 'string')
  return { ...Object.fromEntries(named), ...(params as Record<string, string>) }
}

function checkParams(way: OnItsWay): void {
  const { row, context } = way
  way.params = row.params ? checked(row.params, context.req.param()) : {}
}

async function readBody(way: OnItsWay): Promise<void> {
  const { row, context, settings, requestHeader, caller } = way
  if (!row.body) return
  way.intake = await readBodyOf({ requestHeader, incoming: context.env.incoming, row, schema: row.body }, body =>
    settings.readBody(body, caller),
  )
  way.ignored.push(...unknownNames(row.body, way.intake.document))
}

function checkQuery(way: OnItsWay): void {
  if (way.row.query) way.query = readQuery(way.context, way.row.query, way.ignored)
}

function checkBody(way: OnItsWay): void {
  if (way.row.body && way.intake) way.body = checked(way.row.body, way.intake.document)
}

/** What the handler gets. */
function callOf(way: OnItsWay): Call<unknown, unknown, unknown> {
  const { incoming, outgoing } = way.context.env
  let signal: AbortSignal | undefined
  return {
    caller: way.caller,
    query: way.query,
    body: way.body,
    params: way.params,
    request: way.context.req.raw,
    requestHeader: way.requestHeader,
    address: way.address,
    files: {
      keep() {
        way.filesKept = true
      },
    },
    get signal() {
      signal ??= AbortSignal.any([AbortSignal.timeout(ANSWER_WITHIN_MS), way.settings.silence()])
      return signal
    },
    warn: text => way.warnings.push(text),
    header: way.setHeader,
    whenSent: done => watchHandOver(incoming, outgoing, done),
    cut: () => outgoing.destroy(),
  }
}

/** Says once whether the answer was handed over whole. */
function watchHandOver(incoming: HttpBindings['incoming'], outgoing: HttpBindings['outgoing'], done: (whole: boolean) => void): void {
  let said = false
  const once = (whole: boolean) => {
    if (!said) done(whole)
    said = true
  }
  const { socket } = incoming
  // Node says 'finish' also when the connection broke with bytes left; and the answer to HEAD has no body: nothing was handed over.
  const whole = () => !socket.destroyed && !socket.errored && incoming.method !== 'HEAD'
  outgoing.once('finish', () => once(whole())).once('close', () => once(false))
}

function finishHeaders({ headers, warnings, ignored, settings }: OnItsWay): void {
  setWarnings(headers, warnings, ignored)
  sendElsewhere(headers, settings.phase)
}

/** Whoever keeps its connection takes the next call to a process that does not end. */
function sendElsewhere(headers: AnswerHeaders, { name }: Phase): void {
  if (name !== 'serving') headers.connection = 'close'
}
