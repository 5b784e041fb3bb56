import type { Connection, ServiceNow } from '@deskbridge/servicenow'
import type { Mapping } from '../mapping/index.ts'
import type { Environment } from '../platform/environment.ts'
import type { DeclaredHtml } from './declared-html.ts'

/** The operator's service desk in one environment: its instance, and how to speak with it. */
export interface Desk {
  environment: Environment
  serviceNow: ServiceNow
  connection: Connection
  mapping: Mapping
  /** The practice instance in this process: it never times out by itself, and says when something changed. */
  inProcess: boolean
  /** Which fields of a table are HTML there. Never fails, and takes 2 s at most. */
  declaredHtml: DeclaredHtml
  /** Whether calls that nobody waits for any more are still under way in this process. Over a network the settle time stands for it. */
  mayStillWrite(): boolean
  /** The user names that ServiceNow writes into what we do: of the credentials in use, and of those that were before. */
  writers(): Promise<ReadonlySet<string>>
}

/** The service desk of each environment. */
export type Desks = Record<Environment, Desk>
