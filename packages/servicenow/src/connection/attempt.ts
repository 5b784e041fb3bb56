import type { InstanceCall } from './call.ts'

export type Fetch = (request: Request) => Promise<Response> | Response

/** One sending of a call: where to, in whose name, and for how long. */
export interface Attempt {
  fetch: Fetch
  url: string
  call: InstanceCall
  /** The row's name, for errors. */
  action: string
  /** Which header says who calls, and its value; '' is left out. */
  signInHeader: string
  authorization: string
  /** Milliseconds for the whole attempt; for an upload or a download, the longest silence. */
  timeoutMs: number
  signal: AbortSignal | undefined
}
