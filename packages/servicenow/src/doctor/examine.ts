import { catalogue } from '../catalogue/catalogue.ts'
import type { ConnectionOptions } from '../connection/connection.ts'
import type { Action } from '../performing/action.ts'
import { type Usability, usability } from '../performing/usability.ts'
import { couldNotTell, type Finding, type HealthCheck, type State } from './check.ts'
import { healthChecks } from './checks.ts'
import { Patient } from './patient.ts'

/** What came of one check of a connection. */
export interface CheckReport {
  readonly check: string
  readonly state: State
  readonly says: string
  /** Whether the connection can be used without it. */
  readonly needed: boolean
  /** What to change; only where it is not ok. */
  readonly change?: string | undefined
}

/** Whether one action can be used on the connection, as far as this can be told without a change. */
export interface ActionReport {
  readonly action: string
  readonly state: Usability['state']
  readonly because?: string | undefined
  readonly change?: string | undefined
}

/** What the doctor found at a connection, check by check and action by action. */
export interface Examination {
  /** Whether all is well that a connection needs. */
  readonly ok: boolean
  readonly url: string
  /** ISO 8601. */
  readonly at: string
  readonly tookMs: number
  readonly checks: readonly CheckReport[]
  readonly actions: readonly ActionReport[]
}

export interface Watcher {
  /** Told of each check when it is done, and of each action. */
  onCheck?: (report: CheckReport) => void
  onAction?: (report: ActionReport, done: number, all: number) => void
  /** After so many milliseconds what has no answer yet could not be told. Default 9,000. */
  withinMs?: number
}

const WITHIN_MS = 9_000
const GRACE_MS = 200

/**
 * Looks at a connection without changing anything: each check, then each action of the catalogue.
 * @throws ServiceNowError kind `invalid` for an address or certificate that is none; whatever fails later is a finding
 * @example
 * const { checks } = await examine({ baseUrl, signIn: { kind: 'basic', userName, password } })
 * checks.find(({ check }) => check === 'sign-in').state // → 'ok'
 */
export async function examine(options: ConnectionOptions, { onCheck, onAction, withinMs = WITHIN_MS }: Watcher = {}): Promise<Examination> {
  const began = performance.now()
  const at = new Date().toISOString()
  const patient = new Patient(options, AbortSignal.timeout(withinMs))
  const checks = await runChecks(patient, onCheck)
  const states = new Map(checks.map(({ check, state }) => [check, state]))
  const actions = states.get('REST access') === 'ok' ? await checkActions(patient, onAction) : []
  const healthy = checks.every(({ needed, state }) => !needed || state === 'ok')
  return { ok: healthy, url: patient.connection.baseUrl, at, tookMs: Math.round(performance.now() - began), checks, actions }
}

/** Checks that depend on no other run at once; they are reported in the order of the rows. */
async function runChecks(patient: Patient, onCheck: Watcher['onCheck']): Promise<CheckReport[]> {
  const running = new Map<string, Promise<CheckReport>>()
  for (const row of healthChecks) {
    const before = row.after.map(name => running.get(name)!)
    running.set(row.name, runCheck(row, before, patient))
  }
  const reports: CheckReport[] = []
  for (const report of running.values()) {
    reports.push(await report)
    onCheck?.(await report)
  }
  return reports
}

async function runCheck(row: HealthCheck, before: readonly Promise<CheckReport>[], patient: Patient): Promise<CheckReport> {
  const missing = (await Promise.all(before)).find(({ state }) => state !== 'ok')
  const finding = missing ? couldNotTell(`see ${missing.check}`) : await inspect(row, patient)
  const { state, says, change = state === 'not ok' ? row.change : undefined } = finding
  return { check: row.name, state, needed: row.needed, says, ...(change ? { change } : {}) }
}

async function inspect(row: HealthCheck, patient: Patient): Promise<Finding> {
  try {
    return await Promise.race([row.inspect(patient), failLate(patient.signal)])
  } catch (error) {
    return couldNotTell((error as Error).message)
  }
}

/** For what does not look at the signal itself, such as a resolver: a little after, so that a check can say it in its own words. */
function failLate(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const over = () => setTimeout(() => reject(new Error('no answer in time')), GRACE_MS).unref()
    if (signal.aborted) over()
    else signal.addEventListener('abort', over, { once: true })
  })
}

/** An action may be usable where a check could not tell, so each is asked by what it needs itself. */
async function checkActions({ connection, signal }: Patient, onAction: Watcher['onAction']): Promise<ActionReport[]> {
  const usable = usability(connection, { signal, retry: false })
  let done = 0
  return Promise.all(
    (catalogue as readonly Action[]).map(async action => {
      const report = { action: action.name, ...(await usable(action)) }
      onAction?.(report, ++done, catalogue.length)
      return report
    }),
  )
}
