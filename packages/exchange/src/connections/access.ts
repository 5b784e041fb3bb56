import type { ConnectionOptions } from '@deskbridge/servicenow'

/** Where an instance is, and one way to sign in there. */
export type WayIn = Pick<ConnectionOptions, 'baseUrl' | 'signIn' | 'tls'>

/** How a desk's instance is reached now, and whenever that changes. */
export interface Access {
  /** The credentials in use, and those of before the last rotation where they are kept. */
  now(): { inUse: WayIn; previous?: WayIn | undefined }
  onChange(listener: () => void): void
  /** Credentials were refused: looks whether they have changed, and settles when that is known. Never fails. */
  look(): Promise<void>
  /** Nothing is followed any more. */
  close(): void
}

/** The same from the start of the exchange to its end. */
export const steadyAccess = (inUse: WayIn): Access => ({
  now: () => ({ inUse }),
  onChange: () => {},
  look: async () => {},
  close: () => {},
})
