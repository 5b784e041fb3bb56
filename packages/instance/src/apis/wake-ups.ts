import { json } from '../wire/answer.ts'
import type { Call } from '../wire/call.ts'

/** GET /practice/wake-ups: what was posted after changes, newest first. The rows of `practice_wake_up` say to whom. */
export async function listWakeUps({ practice }: Call): Promise<Response> {
  return json(200, { result: practice.wakeUps.deliveries })
}
