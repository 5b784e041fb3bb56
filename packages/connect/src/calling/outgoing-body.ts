/** A request body that can be opened anew for each attempt, with the same bytes. */
export interface OutgoingBody {
  open(progress: () => void): string | ReadableStream<Uint8Array>
  /** Known beforehand: gateways such as Apigee treat a body of unknown length differently, or refuse it. */
  length: number
}

/** A body that is known as a whole. */
export function fixedBody(text: string): OutgoingBody {
  return { open: () => text, length: Buffer.byteLength(text) }
}
