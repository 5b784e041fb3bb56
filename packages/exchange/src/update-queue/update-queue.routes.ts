import { z } from 'zod'
import { momentInQuery } from '../platform/json-input.ts'
import { type Call, Raw, type Route, route } from '../platform/route.ts'
import type { Caller } from '../sign-in/index.ts'
import { updateMessage } from './update-message.ts'
import { MOST_UPDATES, type UpdateQueue } from './update-queue.ts'

const pollQuery = z
  .object({
    limit: z
      .string()
      .regex(/^\d{1,4}$/, { message: `must be a whole number from 1 to ${MOST_UPDATES}` })
      .refine(text => Number(text) >= 1 && Number(text) <= MOST_UPDATES, { message: `must be a whole number from 1 to ${MOST_UPDATES}` })
      .optional(),
    from: z.uuid({ message: 'must be a transaction_id' }).optional(),
    since: momentInQuery.optional(),
    ack: z.uuid({ message: 'must be a transaction_id' }).optional(),
  })
  .refine(query => query.from === undefined || query.since === undefined, {
    path: ['since'],
    message: 'cannot be given together with from',
  })
type PollQuery = z.output<typeof pollQuery>

/** GET /TicketUpdates. */
export const updateQueueRoutes = (queue: UpdateQueue): Route[] => [
  route({
    method: 'GET',
    path: '/network/kpn/servicenow/TicketUpdates',
    operationId: 'ticketupdates-get',
    tag: 'Ticket',
    summary: 'What happened on tickets and tasks since the last call, oldest first',
    access: 'partner',
    query: pollQuery,
    output: z.array(updateMessage),
    errors: [
      'invalid_field',
      'invalid_token',
      'not_in_agreement',
      'not_found',
      'quota_exceeded',
      'internal',
      'exchange_unavailable',
      'outcome_unknown',
    ],
    handle: async (call: Call<Caller, PollQuery, unknown>) => {
      const { limit, from, since, ack } = call.query
      const messages = await queue.poll(
        call.caller,
        {
          limit: Number(limit ?? MOST_UPDATES),
          from: from?.toLowerCase(),
          since: since === undefined ? undefined : new Date(since),
          ack: ack?.toLowerCase(),
        },
        call,
      )
      // They were checked against the schema when they were appended, and are sent as they were written.
      return new Raw(`[${messages.join(',')}]`)
    },
  }),
]
