import type { ApiCall, OpenCall } from '../call/call.ts'

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** One operation. `access` says who may call it at all; what of it they may see or write is decided by rights. */
export type Route =
  | {
      method: Method
      path: string
      access: 'signed in' | 'administrators'
      answers?: 'anything' | 'JSON'
      run: (call: ApiCall) => Promise<Response>
    }
  | { method: Method; path: string; access: 'anyone'; run: (call: OpenCall) => Promise<Response> }
