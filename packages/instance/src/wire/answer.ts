import type { Refusal } from '../refusals/refusal.ts'

const JSON_TYPE = 'application/json;charset=UTF-8'

export function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'Content-Type': JSON_TYPE, ...headers } })
}

export function refused(refusal: Refusal): Response {
  return new Response(refusal.body(), { status: refusal.status, headers: { 'Content-Type': JSON_TYPE, ...refusal.headers } })
}
