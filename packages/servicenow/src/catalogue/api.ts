import { z } from 'zod'
import type { InstanceCall } from '../connection/call.ts'
import { action } from '../performing/action.ts'
import type { Sender } from '../performing/sender.ts'
import * as input from '../rows/input.ts'
import { ANYBODY } from '../rows/needs.ts'
import { writeOutcome } from '../rows/output.ts'

/** Any request to any address of the instance, for what has no row of its own: signed in, paced and repeated like every other. */

const output = z.object({
  status: z.int().describe('HTTP status, from 200 to 299.'),
  body: z.unknown().describe('The body: JSON as it came, with its result inside where the API has one; a text; or nothing.'),
  total: z.int().optional().describe('X-Total-Count, where the answer has it.'),
})

async function sendAny(sender: Sender, call: InstanceCall): Promise<z.output<typeof output>> {
  const { status, result, total } = await sender.send(call)
  return { status, body: result, ...(total === undefined ? {} : { total }) }
}

export const apiActions = [
  action({
    name: 'api.read',
    title: 'Read any address',
    whenToUse: 'To GET what has no action of its own. Nothing can be changed with it.',
    effect: 'reads',
    shape: 'own',
    needs: ANYBODY,
    paging: 'none',
    input: z.strictObject({ path: input.path, parameters: input.parameters }),
    output,
    request: asked => ({ method: 'GET', answer: 'anything', ...asked }),
    perform: sendAny,
    example: {
      input: { path: '/api/now/table/sys_user_role', parameters: { sysparm_limit: 1, sysparm_fields: 'name' } },
      output: { status: 200, body: { result: [{ name: 'itil' }] }, total: 7 },
    },
    source: 'REST API, rules common to all resources (servicenow-core 2)',
    repeat: 'safe',
  }),
  action({
    name: 'api.request',
    title: 'Send any request',
    whenToUse: 'To call an API that has no action of its own, with any method. It may change or delete whatever the user may.',
    effect: 'deletes',
    shape: 'own',
    needs: ANYBODY,
    paging: 'none',
    input: z.strictObject({
      method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).describe('HTTP method.'),
      path: input.path,
      parameters: input.parameters,
      json: z.unknown().optional().describe('Body, sent as JSON; not with GET.'),
    }),
    output: output.extend(writeOutcome),
    request: ({ json, ...asked }) => {
      if (asked.method === 'GET' && json !== undefined) throw new Error('json: a GET has no body')
      return { ...asked, answer: 'anything', ...(json === undefined ? {} : { json }) }
    },
    perform: sendAny,
    example: {
      input: { method: 'POST', path: '/api/now/table/problem', json: { short_description: 'Mail is slow in the morning' } },
      output: { status: 201, body: { result: { number: 'PRB0040001' } } },
    },
    source: 'REST API, rules common to all resources (servicenow-core 2)',
    repeat: { probe: 'Read what the request was to change, by api.read or an action for it, before sending it again.' },
  }),
] as const
