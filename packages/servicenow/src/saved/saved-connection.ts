import type { CredentialValues, Way } from './sign-in-ways.ts'

/** The environments that a connection can be saved for. */
export const ENVIRONMENTS = ['sandbox', 'production'] as const

/** One set of credentials as it is kept: who it is for everybody, what it is for the holder of the key. */
export interface SealedCredentials {
  readonly way: Way
  /** A user name, a client ID or a certificate's subject. */
  readonly who: string
  /** When it was saved, ISO 8601. */
  readonly since: string
  readonly sealed: string
}

/** What the last check found. */
export interface SavedHealth {
  readonly state: 'ok' | 'failing'
  /** ISO 8601. */
  readonly checkedAt: string
  /** What was not as it must be, in sentences. */
  readonly problems: readonly string[]
}

/** A connection as it is kept: in a file, or in a row of the exchange's database. */
export interface SavedConnection {
  readonly name: string
  readonly environment: (typeof ENVIRONMENTS)[number]
  readonly url: string
  readonly inUse: SealedCredentials
  /** Those before the last rotation, which work until they are retired. */
  readonly previous: SealedCredentials | null
  readonly health: SavedHealth | null
}

/** What anybody is shown of it: who and where, never a secret, sealed or not. */
export interface ShownConnection extends Omit<SavedConnection, 'inUse' | 'previous' | 'health'> {
  readonly inUse: Omit<SealedCredentials, 'sealed'>
  readonly previous: Omit<SealedCredentials, 'sealed'> | null
  readonly health: SavedHealth | { readonly state: 'unknown' }
}

/** A saved connection without what is sealed. */
export function shownConnection({ name, environment, url, inUse, previous, health }: SavedConnection): ShownConnection {
  const who = ({ way, who, since }: SealedCredentials) => ({ way, who, since })
  return { name, environment, url, inUse: who(inUse), previous: previous && who(previous), health: health ?? { state: 'unknown' } }
}

/** What is needed to save one. */
export interface NewConnection {
  readonly name: string
  readonly environment: SavedConnection['environment']
  readonly url: string
  readonly way?: string | undefined
  readonly values: CredentialValues
}

/** Where connections are kept. Each change is whole or not done. */
export interface ConnectionStore {
  list(): Promise<SavedConnection[]>
  find(name: string): Promise<SavedConnection | undefined>
  /** False when the name is taken. */
  add(row: SavedConnection): Promise<boolean>
  /** Undefined when there is none. */
  change(name: string, change: (row: SavedConnection) => SavedConnection): Promise<SavedConnection | undefined>
  /** All of them in one transaction where the storage has such; says how many. */
  changeAll(change: (row: SavedConnection) => SavedConnection): Promise<number>
  /** False when there is none. */
  remove(name: string): Promise<boolean>
}
