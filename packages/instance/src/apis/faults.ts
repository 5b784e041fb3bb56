import type { ApiCall, OpenCall } from '../call/call.ts'
import { noSuchFault } from '../refusals/faults.ts'
import { json } from '../wire/answer.ts'
import { readObject } from '../wire/body.ts'
import { assertNothingSaid } from './practice-input.ts'

/** The switches for faults: doors that only the practice instance has. */

/** POST /practice/faults */
export async function switchFaultOn(call: ApiCall): Promise<Response> {
  return json(201, { result: call.faults.switchOn(await readObject(call.request)) })
}

/** GET /practice/faults */
export async function listFaults(call: ApiCall): Promise<Response> {
  return json(200, { result: call.faults.list() })
}

/** GET /practice/faults/kinds: the menu. */
export async function listFaultKinds(call: OpenCall): Promise<Response> {
  return json(200, { result: call.faults.kinds() })
}

/** DELETE /practice/faults and /practice/faults/{id} */
export async function switchFaultsOff(call: ApiCall): Promise<Response> {
  await assertNothingSaid(call, 'without an id in its path it switches all faults off')
  if (!call.faults.remove(call.parameters.id)) throw noSuchFault()
  return new Response(null, { status: 204 })
}
