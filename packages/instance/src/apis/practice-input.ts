import type { ApiCall } from '../call/call.ts'
import { nothingToSay } from '../refusals/practice.ts'
import { readObject } from '../wire/body.ts'

/**
 * Refuses a call of a door that takes no input and was given some: who asks for a part would have all.
 * @param does what it does, as a sentence
 */
export async function assertNothingSaid({ request }: ApiCall, does: string): Promise<void> {
  if (new URL(request.url).search !== '' || Object.keys(await readObject(request)).length > 0) throw nothingToSay(does)
}
