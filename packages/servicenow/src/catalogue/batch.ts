import { z } from 'zod'
import { action } from '../performing/action.ts'
import { batchCall, batchOutput, compareEach, sendBatch, widen } from '../rows/batch-requests.ts'
import * as input from '../rows/input.ts'
import { ANYBODY } from '../rows/needs.ts'
import { writeOutcome } from '../rows/output.ts'

/** Several requests in one call (servicenow-core 7): one after the other, each for itself, not all or nothing. */

const path = input.path.refine(given => given.startsWith('/api/'), 'a path in a batch begins with "/api/"')

export const batchActions = [
  action({
    name: 'batch.read',
    title: 'Read several addresses at once',
    whenToUse: 'To have the answers of up to 100 GETs in one call. Nothing can be changed with it.',
    effect: 'reads',
    shape: 'own',
    needs: ANYBODY,
    paging: 'none',
    input: z.strictObject({
      requests: z
        .array(z.strictObject({ path, parameters: input.parameters }))
        .min(1)
        .max(100)
        .describe('What to read, in this order.'),
    }),
    output: batchOutput,
    request: ({ requests }) => ({ ...batchCall(requests.map(one => ({ method: 'GET', ...one }))), reads: true }),
    perform: sendBatch,
    example: {
      input: { requests: [{ path: '/api/now/table/incident', parameters: { sysparm_limit: 1 } }, { path: '/api/now/stats/problem' }] },
      output: {
        answers: [
          { id: '0', status: 200, ok: true, body: { result: [] } },
          { id: '1', status: 200, ok: true, body: { result: { stats: {} } } },
        ],
        unserviced: [],
      },
    },
    source: 'Batch API, POST /now/v1/batch (servicenow-core 7)',
    repeat: 'safe',
  }),
  action({
    name: 'batch.send',
    title: 'Send several requests at once',
    whenToUse: 'To have up to 100 requests performed in one call. Each succeeds or fails for itself: look at every answer.',
    effect: 'deletes',
    shape: 'own',
    needs: ANYBODY,
    paging: 'none',
    input: z.strictObject({
      requests: z
        .array(
          z.strictObject({
            method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).describe('HTTP method.'),
            path,
            parameters: input.parameters,
            json: z.unknown().optional().describe('Body, sent as JSON; at most 5 MB.'),
          }),
        )
        .min(1)
        .max(100)
        .describe('What to send, in this order.'),
    }),
    output: batchOutput.extend(writeOutcome),
    request: ({ requests }) => batchCall(requests.map(part => widen(part)?.call ?? part)),
    perform: async (sender, call, { requests }) => {
      const answer = await sendBatch(sender, call)
      await compareEach(sender, requests, answer)
      return answer
    },
    example: {
      input: { requests: [{ method: 'POST', path: '/api/now/table/problem', json: { short_description: 'Mail is slow in the morning' } }] },
      output: { answers: [{ id: '0', status: 201, ok: true, body: { result: { number: 'PRB0040001' } } }], unserviced: [] },
    },
    source: 'Batch API, POST /now/v1/batch (servicenow-core 7)',
    repeat: { probe: 'Any number of its requests may have been performed: read what each was to change.' },
  }),
] as const
