import { z } from 'zod'
import { readHorizonsInForce } from '../lost-time/index.ts'
import { type Call, type Route, route } from '../platform/route.ts'
import { readUnansweredNews } from '../responses/index.ts'
import type { Operator } from '../sign-in/index.ts'
import { readTroubles, TROUBLES, type Troubled, type TroubleKind } from './troubles.ts'

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

const troublesOutput = z.object({
  result: z.array(
    z.object({
      kind: z.enum(Object.keys(TROUBLES) as [TroubleKind, ...TroubleKind[]]),
      environment: z.string().nullable(),
      count: z.number(),
      since: z.string(),
      cause: z.string(),
      sys_ids: z.array(z.string()),
      meaning: z.string(),
    }),
  ),
  lost_times: z
    .array(z.object({ since: z.string(), noticed_at: z.string(), looked_for_until: z.string(), why: z.string() }))
    .meta({ description: 'Times that the database has lost: until then whatever it does not know is looked for before it is written' }),
})

/** What the operator’s people look at: troubles, and updates without an answer. */
export const operatorRoutes = ({ database, capture, notices }: Troubled): Route[] => [
  route({
    method: 'GET',
    path: '/operator/troubles',
    operationId: 'operator-troubles',
    tag: 'Operator',
    summary: 'What needs attention now, with numbers and causes',
    access: 'operator',
    output: troublesOutput,
    errors: ['sign_in_required', 'too_many_wrong_secrets', 'internal', 'exchange_unavailable'],
    handle: async () => {
      const [troubles, horizons] = await Promise.all([readTroubles({ database, capture, notices }), readHorizonsInForce(database)])
      return {
        result: troubles.map(({ kind, environment, count, since, cause, records }) => ({
          kind,
          environment,
          count,
          since: since.toISOString(),
          cause,
          sys_ids: [...records],
          meaning: TROUBLES[kind],
        })),
        lost_times: horizons.map(({ since, noticedAt, until, why }) => ({
          since: since.toISOString(),
          noticed_at: noticedAt.toISOString(),
          looked_for_until: until.toISOString(),
          why,
        })),
      }
    },
  }),
  route({
    method: 'GET',
    path: '/operator/unanswered',
    operationId: 'operator-unanswered',
    tag: 'Operator',
    summary: 'New updates that no partner has answered for a day, and those answered with Failure',
    access: 'operator',
    query: olderThan,
    output: unansweredOutput,
    errors: ['invalid_field', 'sign_in_required', 'internal', 'exchange_unavailable'],
    handle: async (call: Call<Operator, OlderThan, unknown>) => {
      const rows = await readUnansweredNews(database, Number(call.query.older_than_seconds ?? UNANSWERED_AFTER_SECONDS))
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
