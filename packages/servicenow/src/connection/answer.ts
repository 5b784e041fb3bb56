import { type Failure, ServiceNowError } from '../error.ts'
import type { Attempt } from './attempt.ts'
import type { InstanceAnswer } from './call.ts'
import { downloadStream } from './download.ts'
import { doubt } from './no-answer.ts'
import { wordsOfError } from './refusal.ts'
import type { TimeLimit } from './time-limit.ts'

/**
 * Reads a 2xx, which is not always a success (2.5): a hibernating developer instance answers with a web page, a cancelled transaction
 * with half an array and an embedded `error`.
 */
export async function readAnswer(once: Attempt, response: Response, limit: TimeLimit): Promise<InstanceAnswer> {
  const { call } = once
  const { status, headers } = response
  const answer: InstanceAnswer = { status, headers, result: undefined, total: totalOf(headers) }
  const page = headers.get('content-type')?.startsWith('text/html') ?? false
  // An attachment may be a web page; the instance marks its own files with their metadata (4).
  if (page && !(call.answer === 'bytes' && headers.has('x-attachment-metadata'))) {
    limit.abort()
    throw unusable(once, {
      kind: 'asleep',
      status,
      detail: 'the instance answered with a web page: it hibernates, or this is not the address of its API',
    })
  }
  if (call.answer === 'bytes') {
    answer.body = downloadStream(response.body, once, limit)
    return answer
  }
  const text = await limit.race(response.text())
  if ((call.answer === 'nothing' || call.answer === 'anything') && text === '') return answer
  if (call.answer === 'anything') {
    answer.result = anyBody(once, response, text)
    return answer
  }
  answer.result = resultOf(once, status, text)
  return answer
}

function resultOf(once: Attempt, status: number, text: string): unknown {
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch (cause) {
    throw unusable(once, {
      kind: 'broken-answer',
      status,
      detail: text === '' ? 'the answer is empty' : 'the answer is not whole JSON',
      cause,
    })
  }
  if (!(body instanceof Object)) throw unusable(once, { kind: 'broken-answer', status, detail: 'the answer has no result' })
  // Rows followed by an error are not an answer: the transaction was cancelled on the way (KB0778443).
  if ('error' in body) throw embedded(once, status, body.error)
  if (once.call.answer !== 'nothing' && !('result' in body))
    throw unusable(once, { kind: 'broken-answer', status, detail: 'the answer has no result' })
  return (body as { result?: unknown }).result
}

/** A body without the platform's envelope. Only what says of itself that it failed is a failure. */
function anyBody(once: Attempt, { status, headers }: Response, text: string): unknown {
  if (!headers.get('content-type')?.includes('json')) return text
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch (cause) {
    throw unusable(once, { kind: 'broken-answer', status, detail: 'the answer is not whole JSON', cause })
  }
  if (body instanceof Object && 'error' in body && 'status' in body && body.status === 'failure') throw embedded(once, status, body.error)
  return body
}

function embedded(once: Attempt, status: number, error: unknown): ServiceNowError {
  const { message, detail } = wordsOfError(error)
  return unusable(once, {
    kind: 'broken-answer',
    status,
    detail: [message, detail].filter(Boolean).join(': ') || 'an error inside a success',
  })
}

function unusable({ action, call }: Attempt, failure: Pick<Failure, 'kind' | 'status' | 'detail' | 'cause'>): ServiceNowError {
  return new ServiceNowError({ ...failure, action, written: doubt(call) })
}

function totalOf(headers: Headers): number | undefined {
  const text = headers.get('x-total-count')
  return text !== null && /^\d+$/.test(text) ? Number(text) : undefined
}
