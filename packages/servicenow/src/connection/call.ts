/** One HTTP call to an instance, as a row of the catalogue describes it: no host, no credentials, no retry. */
export interface InstanceCall {
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  /** From the root of the instance, each segment already encoded: `/api/now/table/incident`. */
  path: string
  /** Query parameters; `undefined` is left out. Each value is percent-encoded once (10.1). */
  parameters?: Record<string, string | number | boolean | undefined> | undefined
  /** Sent as JSON. */
  json?: unknown
  /** Sent as it is, streamed. */
  upload?: UploadContent
  /**
   * What a success carries: `{"result": …}`, nothing, bytes that are handed on as a stream, or `anything`: JSON of any shape, a text, or
   * nothing, as APIs outside the platform's own rules answer. Default `json`.
   */
  answer?: 'json' | 'nothing' | 'bytes' | 'anything'
  /** True for a POST that changes nothing, such as a batch of GETs: it is repeated as a read is. */
  reads?: boolean
}

/** Whether something may be written when the call reaches the instance. */
export function writes({ method, reads = false }: InstanceCall): boolean {
  return method !== 'GET' && !reads
}

/** Bytes to send, from memory or as a stream. */
export interface UploadContent {
  contentType: string
  body: ReadableStream<Uint8Array> | Blob | Uint8Array
  /** Bytes; sent as Content-Length. Known by itself for a Blob or Uint8Array, without it a stream is sent chunked. */
  size?: number | undefined
}

/** What a call brought back. */
export interface InstanceAnswer {
  status: number
  headers: Headers
  /** The value of `result`; for `anything` the whole body; undefined for `nothing` and `bytes`. */
  result: unknown
  /** `X-Total-Count`: how many records match, **including those that the user may not read** (0.3 fact 4). */
  total: number | undefined
  /** The bytes, for `bytes`. Ends with a ServiceNowError when it stalls or breaks. */
  body?: ReadableStream<Uint8Array>
}

/** What every call accepts beside its input. */
export interface CallOptions {
  /** Ends the call; the error then is a `time-out` whose `written` says whether it may have reached the instance. */
  signal?: AbortSignal | undefined
  /** Milliseconds for one attempt; for bytes, the longest silence. Waiting and repeating together take at most three times this. */
  timeoutMs?: number | undefined
  /** `false`: one attempt only. */
  retry?: false | undefined
}
