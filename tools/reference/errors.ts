import { ERRORS, type ErrorCode } from '../../packages/exchange/src/platform/errors.ts'
import type { Route } from '../../packages/exchange/src/platform/route.ts'
import { anchor, code, page, table } from './markdown.ts'

/** Answered before any row is reached, so no row lists them. */
export const BEFORE_ANY_ROW: readonly ErrorCode[] = ['invalid_path', 'no_such_path', 'method_not_allowed']

export function errorsPage(rows: readonly Route[]): string {
  return page(
    'Errors',
    '`packages/exchange/src/platform/errors.ts` and the route rows',
    'The body of every refusal is `{"error":{"code","message","hint"}}`, with `field` where one field was wrong; the token endpoint answers as RFC 6749, section 5.2 says. Codes are stable, sentences may improve. The hint in an answer goes before what stands here: of what is not safe to send again ([which](connect-api.md) says its operation) it says which list to look at.',
    table(
      ['code', 'status', 'what to do', 'operations'],
      (Object.keys(ERRORS) as ErrorCode[]).map(name => {
        const [status, hint] = ERRORS[name]
        return [code(name), String(status), hint, operations(rows, name)]
      }),
    ),
  )
}

function operations(rows: readonly Route[], name: ErrorCode): string {
  if (BEFORE_ANY_ROW.includes(name)) return 'every path'
  const listing = rows.filter(row => row.errors.includes(name))
  return listing.map(row => `[${row.operationId}](connect-api.md#${anchor(row.operationId)})`).join(', ')
}
