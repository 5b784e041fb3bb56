import type { ApiCall } from '../call/call.ts'
import { json } from '../wire/answer.ts'

/** GET /practice/wake-ups: what was posted after changes, newest first. The rows of `practice_wake_up` say to whom. */
export async function listWakeUps({ practice }: ApiCall): Promise<Response> {
  return json(200, { result: practice.wakeUps.deliveries })
}
