import type { Refusal } from '../refusals/refusal.ts'
import type { Form } from './accept.ts'
import { textAnswer } from './text-answer.ts'
import { xmlAnswer } from './xml.ts'

const JSON_TYPE = 'application/json;charset=UTF-8'
const XML_TYPE = 'application/xml;charset=UTF-8'

/** An answer in JSON; whoever prefers XML is given that in the end. */
export function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Response {
  return textAnswer(JSON.stringify(body), { status, headers: { 'Content-Type': JSON_TYPE, ...headers } })
}

/** A refusal as an answer. */
export function refusalAnswer(refusal: Refusal): Response {
  return textAnswer(refusal.body(), { status: refusal.status, headers: { 'Content-Type': JSON_TYPE, ...refusal.headers } })
}

/** An answer in the form that the caller prefers. Every API answers JSON; this is the one place where it becomes XML. */
export async function convertTo(answer: Response, form: Form): Promise<Response> {
  const { headers, status } = answer
  // A file is given as it was taken, whatever it is.
  if (form === 'json' || headers.get('content-type') !== JSON_TYPE || headers.has('x-attachment-metadata')) return answer
  const text = xmlAnswer(JSON.parse(await answer.text()))
  const made = textAnswer(text, { status, headers })
  made.headers.set('Content-Type', XML_TYPE)
  made.headers.delete('Content-Length')
  return made
}
