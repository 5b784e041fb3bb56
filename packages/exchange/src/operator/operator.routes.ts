import { z } from 'zod'
import { unansweredNews } from '../bonds/index.ts'
import type { Database } from '../platform/database.ts'
import { type Call, type Route, route } from '../platform/route.ts'
import type { Operator } from '../sign-in/index.ts'

/** A New that nobody has answered for this long is somebody's to look at (first seed 2.3: the answer is mandatory). */
const UNANSWERED_AFTER_SECONDS = 24 * 60 * 60

const unansweredOutput = z.object({
  result: z.array(
    z.object({
      environment: z.string(),
      partner: z.string(),
      number: z.string(),
      ticket_type: z.string(),
      transaction_id: z.string().nullable(),
      told_at: z.string().nullable(),
      response_status: z.string().nullable(),
      error_details: z.string().nullable(),
      responded_at: z.string().nullable(),
    }),
  ),
})

const olderThan = z.object({
  older_than_seconds: z
    .string()
    .regex(/^\d{1,8}$/, { message: 'must be a whole number of seconds' })
    .optional(),
})
type OlderThan = z.output<typeof olderThan>

export const operatorRoutes = (database: Database): Route[] => [
  route({
    method: 'GET',
    path: '/operator/unanswered',
    operationId: 'operator-unanswered',
    tag: 'Operator',
    summary: 'New updates that no partner has answered for a day, and those answered with Failure',
    access: 'operator',
    query: olderThan,
    output: unansweredOutput,
    errors: ['invalid_field', 'sign_in_required', 'internal'],
    handle: async (call: Call<Operator, OlderThan, unknown>) => {
      const rows = await unansweredNews(database, Number(call.query.older_than_seconds ?? UNANSWERED_AFTER_SECONDS))
      return {
        result: rows.map(row => ({
          environment: row.environment,
          partner: row.partner,
          number: row.number,
          ticket_type: row.word,
          transaction_id: row.transactionId,
          told_at: row.newAt?.toISOString() ?? null,
          response_status: row.responseStatus,
          error_details: row.responseError,
          responded_at: row.responseAt?.toISOString() ?? null,
        })),
      }
    },
  }),
]
