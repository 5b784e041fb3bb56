import { ERRORS } from '../platform/errors.ts'

const TRY_AGAIN_SECONDS = 2

/** What is answered from the first moment the port listens until everything behind it is there. */
export function whileStarting(request: Request): Response {
  const { pathname } = new URL(request.url)
  if (pathname === '/healthz') return Response.json({ status: 'ok' }, { headers: { 'cache-control': 'no-store' } })
  const body =
    pathname === '/readyz'
      ? { status: 'starting' }
      : { error: { code: 'exchange_unavailable', message: 'The exchange is starting.', hint: ERRORS.exchange_unavailable[1] } }
  return Response.json(body, {
    status: ERRORS.exchange_unavailable[0],
    headers: { 'cache-control': 'no-store', 'retry-after': String(TRY_AGAIN_SECONDS), connection: 'close' },
  })
}
