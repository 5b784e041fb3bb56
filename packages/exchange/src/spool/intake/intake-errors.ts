export type IntakeReason =
  | 'malformed-json'
  | 'duplicate-key'
  | 'invalid-base64'
  | 'too-large'
  | 'too-many-attachments'
  | 'spool-full'
  | 'no-room'
  | 'aborted'

interface Where {
  /** The member of the document, such as `attachments[2].content`. */
  path?: string
  /** How many bytes of the body come before the fault. */
  position?: number
  cause?: unknown
}

/** Why a request body was not taken in. Nothing of it is left on the disk when this is thrown. */
export class IntakeError extends Error {
  override readonly name = 'IntakeError'
  readonly reason: IntakeReason
  declare readonly path?: string
  declare readonly position?: number

  constructor(reason: IntakeReason, message: string, { path, position, cause }: Where = {}) {
    super(message, cause === undefined ? undefined : { cause })
    this.reason = reason
    if (path !== undefined) this.path = path
    if (position !== undefined) this.position = position
  }
}

/** The body is not JSON (RFC 8259) at this byte. */
export function malformed(message: string, position: number): IntakeError {
  return new IntakeError('malformed-json', `The body is not valid JSON at byte ${position}: ${message}`, { position })
}
