import type { Answer, Call, CallOptions } from './connection/call.ts'
import type { Connection } from './connection/connection.ts'
import { type FailureKind, ServiceNowError } from './error.ts'

/** What a row of the catalogue may do while it is performed: send calls in its own name, and fail in its own name. */
export interface Asking {
  send(call: Call): Promise<Answer>
  /** An error about an answer that came but cannot be used. For a write it leaves open whether something was written. */
  failure(kind: FailureKind, detail: string): ServiceNowError
}

export function asking(connection: Connection, action: string, writes: boolean, options: CallOptions): Asking {
  const named = { ...options, action }
  return {
    send: call => connection.request(call, named),
    failure: (kind, detail) => new ServiceNowError({ kind, action, detail, written: writes ? 'unknown' : 'no' }),
  }
}
