/** How a call ended without an answer. */
export interface BrokenTransport {
  kind: 'unreachable' | 'broken-answer'
  detail: string
  /** `no` when the connection never came about, so that not a byte of the request left. */
  written: 'no' | 'unknown'
}

/** Node's and undici's codes for "there was never a connection". ECONNRESET and the like are not among them: then bytes may have left. */
const NEVER_CONNECTED = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_FAIL',
  'EAI_NODATA',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
])

interface SystemError {
  code?: unknown
  syscall?: unknown
  message?: unknown
  cause?: unknown
}

/** Reads what `fetch` threw: a TypeError `fetch failed` whose cause is the system's own error. */
export function brokenTransport(thrown: unknown): BrokenTransport {
  const cause = rootOf(thrown)
  const code = typeof cause.code === 'string' ? cause.code : ''
  // A refused or timed-out connect carries `syscall: 'connect'`, a reset of an open one `read` or `write`.
  const neverSent = NEVER_CONNECTED.has(code) || cause.syscall === 'connect' || cause.syscall === 'getaddrinfo'
  // An upload must not follow a redirect; fetch then throws instead of answering.
  if (cause.message === 'unexpected redirect') return { kind: 'broken-answer', detail: 'redirected elsewhere', written: 'unknown' }
  const detail = [code, typeof cause.message === 'string' ? cause.message : ''].filter(Boolean).join(' ')
  return { kind: 'unreachable', detail: detail || 'the connection failed', written: neverSent ? 'no' : 'unknown' }
}

function rootOf(thrown: unknown): SystemError {
  let error = (thrown ?? {}) as SystemError
  for (let depth = 0; depth < 5 && error.code === undefined && error.cause instanceof Object; depth++) error = error.cause as SystemError
  return error
}
