import { hideFrom } from '../faults/hiding.ts'
import { runUnderFaults } from '../faults/under-faults.ts'
import { endToken, signIn } from '../sign-in/credentials.ts'
import { acceptedForm } from '../wire/accept.ts'
import { convertTo, refusalAnswer } from '../wire/answer.ts'
import { finish } from '../wire/headers.ts'
import { tooLongAddress } from '../wire/long-address.ts'
import { admit } from './admission.ts'
import { answerCall } from './answer-call.ts'
import type { AnsweringParts, Passage, RequestStep } from './passage.ts'
import { refusalOf } from './refusal-of.ts'

/** The way of a request, in order: the first step that answers ends it, and one that throws a Refusal answers with that. */
const STEPS: readonly RequestStep[] = [readAddress, refreshStanding, identify, strike, admitCaller, answerUnderFaults]

/**
 * One request from its arrival to its answer.
 * @throws ConnectionReset where a fault breaks the connection, and the reason of an aborted request
 */
export async function handle(request: Request, parts: AnsweringParts): Promise<Response> {
  const passage = passageOf(request, parts)
  const { form = 'json' } = passage
  const given = await runSteps(passage)
    .then(one => convertTo(one, form))
    .catch(error => convertTo(refusalAnswer(refusalOf(error, request)), form))
  return finish(withoutBody(given, request), {
    signedIn: passage.caller !== undefined,
    now: parts.practice.database.clock.now(),
    more: passage.limitHeaders,
  })
}

function passageOf(request: Request, parts: AnsweringParts): Passage {
  const url = new URL(request.url)
  const meant = request.method === 'POST' ? request.headers.get('x-http-method-override') : null
  return {
    request,
    parts,
    url,
    method: (meant ?? request.method).toUpperCase(),
    form: url.pathname.startsWith('/api/') ? acceptedForm(request.headers.get('accept')) : 'json',
    caller: undefined,
    faults: [],
    limitHeaders: {},
  }
}

async function runSteps(passage: Passage): Promise<Response> {
  for (const step of STEPS) {
    const answer = await step(passage)
    if (answer) return answer
  }
  throw new Error('The last step answers')
}

function readAddress({ url }: Passage): Response | undefined {
  return tooLongAddress(url.pathname + url.search)
}

/** Who may do what is decided by rows, which are read at most once a second. */
async function refreshStanding({ parts }: Passage): Promise<undefined> {
  await parts.practice.standing.refresh()
}

async function identify(passage: Passage): Promise<undefined> {
  passage.caller = await signIn(passage.request, passage.url, passage.parts.accounts)
}

/** Finds the faults that strike, and takes from the caller what they take: a session that ends, records that are hidden. */
async function strike(passage: Passage): Promise<undefined> {
  const { request, url, method, parts, caller } = passage
  const address = url.pathname + url.search
  if (address.startsWith('/practice')) return
  passage.faults = parts.faults.strike(method, address, caller?.userName, request.headers.get('x-practice-fault'))
  if (!caller) return
  const expired = passage.faults.some(({ kind }) => kind === 'session-expired')
  if (expired) await endToken(request, parts.accounts)
  passage.caller = expired ? undefined : hideFrom(caller, passage.faults, parts.practice.database.clock)
}

/** Rules for whole APIs and rate limits. */
async function admitCaller(passage: Passage): Promise<undefined> {
  const { caller, method, url, parts } = passage
  if (caller && url.pathname.startsWith('/api/'))
    passage.limitHeaders = await admit(parts.practice, { limits: parts.limits, caller, method, path: url.pathname })
}

/** Finds the route and runs it, under the faults that strike. A batch sends its requests through the same door. */
function answerUnderFaults({ request, url, method, parts, caller, faults, form }: Passage): Promise<Response> {
  return runUnderFaults(faults, { request, url, method, ...parts }, call =>
    answerCall({ ...call, handleInner: inner => handle(inner, { ...parts, practice: call.practice }) }, caller, form),
  )
}

function withoutBody(answer: Response, request: Request): Response {
  return request.method === 'HEAD' ? new Response(null, { status: answer.status, headers: answer.headers }) : answer
}
