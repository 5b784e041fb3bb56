import type { SavedConnections } from '@deskbridge/servicenow'
import type { Capture } from '../capture/index.ts'
import type { Access, Desk, Desks, OperatorConnections } from '../connections/index.ts'
import type { Addresses as AddressesAlone, FirstSteps, InstanceSteps } from '../first-start/index.ts'
import type { LostTime } from '../lost-time/index.ts'
import type { CallLog } from '../platform/call-log.ts'
import type { DataFolder } from '../platform/data-folder.ts'
import type { Database } from '../platform/database.ts'
import type { Environment } from '../platform/environment.ts'
import type { Log } from '../platform/log.ts'
import type { Metrics } from '../platform/metrics.ts'
import type { Notices } from '../platform/notices.ts'
import type { Phase } from '../platform/phase.ts'
import type { Silence } from '../platform/silence.ts'
import type { RecordedWrites } from '../recorded-writes/index.ts'
import type { Settings } from '../settings.ts'
import type { Guesses, Operators, Passwords, Quota, Tokens } from '../sign-in/index.ts'
import type { OpenSpool } from '../spool/index.ts'
import type { UpdateQueue } from '../update-queue/index.ts'
import type { Door } from './door.ts'
import type { WakeCalls } from './wake-calls.ts'

/** PostgreSQL that was started with the exchange, or that of DATABASE_URL. */
export interface DatabaseServer {
  url: string
  stop(): Promise<void>
}

/** What stands behind a service desk: a practice instance of our own, or the operator's ServiceNow. */
export interface OpenedInstance {
  desk: Desk
  /** Undefined for ServiceNow. */
  practice: PracticeInstance | undefined
  steps: Omit<InstanceSteps, 'url'>
}

/** How the operator's ServiceNow is reached in each environment; undefined where a practice instance stands in for it. */
export type OpenedAccesses = Record<Environment, Access | undefined>

export interface PracticeInstance {
  onChange(listener: () => void): Done
  /** Lets it answer on its port; its address. */
  serve(): Promise<{ url: string; close(): Promise<void> }>
  close(): Promise<void>
}

/** The address of each environment's instance, and the servers of ours that answer there. */
export interface Addresses {
  urls: Record<Environment, string>
  close(): Promise<void>
}

/** Of a part that makes nothing for others. */
type Done = unknown

/** All that a running exchange consists of, by the name of the part that opens it. */
export interface Opened {
  settings: Settings
  log: Log
  calls: CallLog
  /** What commands change on the database beside the exchange is logged. */
  beside: Done
  metrics: Metrics
  /** Settled with the reason when something that everything needs has ended by itself. */
  broken: PromiseWithResolvers<string>
  phase: Phase
  folder: DataFolder
  door: Door
  lostTime: LostTime
  silence: Silence
  databaseServer: DatabaseServer
  database: Database
  notices: Notices
  lostTimeWatch: Done
  spool: OpenSpool
  leftBehind: Done
  passwords: Passwords
  demoCompany: Done
  alikeReferences: Done
  savedConnections: SavedConnections
  accesses: OpenedAccesses
  instances: Record<Environment, OpenedInstance>
  desks: Desks
  wakeCalls: WakeCalls
  capture: Capture
  recordedWrites: RecordedWrites
  practiceChanges: Done
  quota: Quota
  guesses: Guesses
  tokens: Tokens
  operators: Operators
  queue: UpdateQueue
  connections: OperatorConnections
  housekeeping: NodeJS.Timeout
  baselines: Done
  addresses: Addresses
  firstSteps: AddressesAlone | FirstSteps
  remarks: string[]
  front: Done
}
