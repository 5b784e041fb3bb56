/** Why a statement failed that may go through a moment later: the database is away, or cannot take it now. */
interface Passing {
  /** SQLSTATE, whole or its beginning (PostgreSQL 18 manual, appendix A). */
  readonly state?: string
  /** `code` of an error of Node's (Node.js manual, "Common system errors"). */
  readonly code?: string
  /** How a message of the driver begins (pg 8.23, pg-pool 3.14): its errors have no code. */
  readonly says?: string
  readonly why: string
}

/** All that counts as an outage. What is not here is a mistake of ours, and stays one. */
const OUTAGES: readonly Passing[] = [
  { state: '08', why: 'the connection failed' },
  { state: '25006', why: 'the server is a standby that only reads' },
  { state: '28', why: 'the server refuses our sign-in' },
  { state: '3D000', why: 'the server does not have this database' },
  { state: '40001', why: 'two transactions could not both be done' },
  { state: '40P01', why: 'a deadlock was ended' },
  { state: '53', why: 'the server is out of connections, memory or disk' },
  { state: '55P03', why: 'a lock was not to be had' },
  { state: '57', why: 'the server ended what it was asked, or is being stopped or started' },
  { state: '58', why: 'the server cannot use its files' },
  ...['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL'].map(code => ({
    code,
    why: 'the server cannot be reached',
  })),
  ...['ENOTFOUND', 'EAI_AGAIN'].map(code => ({ code, why: 'the server’s name is not known now' })),
  ...['ENOENT', 'EACCES'].map(code => ({ code, why: 'the server’s socket is not there' })),
  ...['EMFILE', 'ENFILE', 'EAGAIN'].map(code => ({ code, why: 'this machine has no more connections' })),
  { says: 'Connection terminated', why: 'the connection broke' },
  { says: 'Client has encountered a connection error', why: 'the connection broke' },
  { says: 'Client was closed', why: 'the connection was closed' },
  { says: 'There was an error establishing an SSL connection', why: 'the connection broke' },
  { says: 'The server does not support SSL connections', why: 'the server is not up yet' },
  { says: 'timeout exceeded when trying to connect', why: 'no connection was free in time' },
  { says: 'timeout expired', why: 'the server did not answer in time' },
  { says: 'Query read timeout', why: 'the server did not answer in time' },
  { says: 'Cannot use a pool after calling end', why: 'this process is ending' },
]

/** The database cannot be used now. A caller may do the same again; what came of this statement is in `nothingDone`. */
export class DatabaseAway extends Error {
  /** Whether nothing that the call asked for can have been written. */
  readonly nothingDone: boolean
  readonly why: string

  constructor(why: string, cause: unknown, nothingDone: boolean) {
    super(`The database cannot be used now: ${why}`, { cause })
    this.name = 'DatabaseAway'
    this.why = why
    this.nothingDone = nothingDone
  }
}

/** Why this failure is an outage, by the table; undefined when it is none. */
export function outage(failure: unknown): string | undefined {
  if (failure instanceof DatabaseAway) return failure.why
  const { code = '', severity, message = '' } = failure as { code?: unknown; severity?: unknown; message?: string }
  const name = String(code)
  // PostgreSQL's own errors carry a severity; `code` is SQLSTATE with them and Node's word without.
  const fits = ({ state, code: word, says }: Passing) =>
    severity ? state !== undefined && name.startsWith(state) : name === word || (says !== undefined && message.startsWith(says))
  return OUTAGES.find(fits)?.why
}
