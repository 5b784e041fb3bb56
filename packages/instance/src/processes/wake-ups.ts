import { setTimeout as pause } from 'node:timers/promises'
import { DEFAULT_DATE_FORMAT } from '../caller/caller.ts'
import { ALL_RIGHTS } from '../caller/rights.ts'
import { filter } from '../query-language/statement.ts'
import type { RecordChange } from '../records/record-change.ts'
import type { Store } from '../records/store.ts'
import { readStored } from '../records/update.ts'

interface WakeUp {
  readonly name: string
  readonly table: string
  readonly url: string
  readonly operations: ReadonlySet<string>
  readonly condition: string
  readonly header: readonly [string, string] | undefined
}

/** One call to whoever a row names, and how it went. */
export interface WakeUpDelivery {
  readonly at: string
  readonly name: string
  readonly url: string
  readonly table: string
  readonly sysId: string
  readonly operation: RecordChange['operation']
  attempts: number
  outcome: 'on its way' | 'delivered' | 'given up'
  said: string
}

/** A change made through another process is not announced by this one, and a row that another made counts after this long. */
const BELIEVED_MS = 1_000
const TIMEOUT_MS = 10_000
/** The platform does not retry (contract servicenow-core.md 12.4); a little patience makes practising easier. */
const WAITS_MS = [250, 1_000]
const MOST_LISTED = 200
const EVENTS = { insert: 'created', update: 'updated', delete: 'deleted' } as const

/**
 * After the commit of a change, POSTs a small JSON to whoever a row of `practice_wake_up` names. What fails here is listed and
 * never undoes a write. It is a hint: its receiver reads the record.
 */
export class WakeUps {
  readonly #store: Store
  readonly #ending = new AbortController()
  readonly #deliveries: WakeUpDelivery[] = []
  #known: Promise<readonly WakeUp[]> = Promise.resolve([])
  #until = 0

  constructor(store: Store) {
    this.#store = store
  }

  /** The latest, newest first. */
  get deliveries(): readonly WakeUpDelivery[] {
    return [...this.#deliveries].reverse()
  }

  /** Called after the commit of changes. */
  announce(changes: readonly RecordChange[]): void {
    if (changes.some(({ table }) => table === 'practice_wake_up')) this.#until = 0
    this.#deliverAll(changes).catch(this.#failed)
  }

  close(): void {
    this.#ending.abort()
  }

  /** Nothing waits for a wake-up: its failure is logged, and ends nothing. */
  readonly #failed = (error: unknown): void => {
    if (!this.#ending.signal.aborted) console.error('practice instance: a wake-up failed:', error)
  }

  async #deliverAll(changes: readonly RecordChange[]): Promise<void> {
    const { dictionary } = this.#store
    const all = await this.#readRemembered()
    if (all.length === 0) return
    for (const change of changes)
      for (const wakeUp of all) {
        if (!wakeUp.operations.has(change.operation) || !dictionary.extends(change.table, wakeUp.table)) continue
        if (await this.#matches(wakeUp, change)) this.#deliver(wakeUp, change).catch(this.#failed)
      }
  }

  /** What is being read counts as known: a change that comes meanwhile waits for it. */
  #readRemembered(): Promise<readonly WakeUp[]> {
    if (Date.now() < this.#until) return this.#known
    this.#until = Date.now() + BELIEVED_MS
    this.#known = this.#readRows().catch((error: unknown) => {
      this.#until = 0
      throw error
    })
    return this.#known
  }

  async #readRows(): Promise<readonly WakeUp[]> {
    const { database } = this.#store
    const rows = await database.run(
      `select name, table_name, url, on_insert, on_update, on_delete, condition, header_name, header_value
        from ${database.name('practice_wake_up')} where active order by sys_created_on, sys_id`,
    )
    return rows.map(([name, table, url, insert, update, remove, condition, header, value]) => ({
      name: name ?? '',
      table: table ?? '',
      url: url ?? '',
      operations: new Set([
        ...(insert === 't' ? ['insert'] : []),
        ...(update === 't' ? ['update'] : []),
        ...(remove === 't' ? ['delete'] : []),
      ]),
      condition: condition ?? '',
      header: header ? [header, value ?? ''] : undefined,
    }))
  }

  async #matches({ condition }: WakeUp, { table: name, sysId, operation }: RecordChange): Promise<boolean> {
    if (condition === '' || operation === 'delete') return true
    const { database, dictionary } = this.#store
    const table = dictionary.table(name)!
    const pairs = [['sys_id', sysId]] as const
    const found = filter({ database, dictionary, table, caller: NOBODY, visible: () => undefined, query: condition, pairs })
    const rows = await database.run(`select 1 from ${database.name(table.root)} t${found.joins}${found.where}`, found.parameters.values)
    return rows.length > 0
  }

  async #deliver(wakeUp: WakeUp, { table, sysId, operation }: RecordChange): Promise<void> {
    const at = new Date().toISOString()
    const delivery: WakeUpDelivery = {
      at,
      name: wakeUp.name,
      url: wakeUp.url,
      table,
      sysId,
      operation,
      attempts: 0,
      outcome: 'on its way',
      said: '',
    }
    this.#deliveries.push(delivery)
    if (this.#deliveries.length > MOST_LISTED) this.#deliveries.shift()
    const body = await this.#readPayload(table, sysId, operation)
    for (const wait of [0, ...WAITS_MS]) {
      if (wait > 0) await pause(wait, undefined, { signal: this.#ending.signal, ref: false }).catch(() => {})
      if (this.#ending.signal.aborted) return
      delivery.attempts += 1
      delivery.said = await post(wakeUp, body, this.#ending.signal)
      if (/^2\d\d$/.test(delivery.said)) {
        delivery.outcome = 'delivered'
        return
      }
    }
    delivery.outcome = 'given up'
  }

  /** The fields that such messages usually carry (contract servicenow-core.md 12.4, row 5). */
  async #readPayload(table: string, sysId: string, operation: RecordChange['operation']): Promise<string> {
    const stored = await readStored(this.#store, { table: this.#store.dictionary.table(table)!, sysId })
    const { number, short_description, state, priority, assigned_to, assignment_group, business_service, sys_mod_count, sys_updated_on } =
      stored?.values ?? {}
    return JSON.stringify({
      sys_id: sysId,
      sys_class_name: table,
      operation,
      event_occurred: EVENTS[operation],
      number,
      short_description,
      state,
      priority,
      assigned_to,
      assignment_group,
      service: business_service,
      sys_mod_count,
      sys_updated_on,
    })
  }
}

/** @returns the status, or why there is none */
async function post({ url, header }: WakeUp, body: string, ending: AbortSignal): Promise<string> {
  try {
    if (!/^https?:$/.test(new URL(url).protocol)) return 'not an http address'
    const headers = { 'content-type': 'application/json', ...(header ? { [header[0]]: header[1] } : {}) }
    const signal = AbortSignal.any([ending, AbortSignal.timeout(TIMEOUT_MS)])
    const answer = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal })
    await answer.body?.cancel()
    return String(answer.status)
  } catch (error) {
    const { message, cause } = error as Error & { cause?: { code?: string } }
    return cause?.code ?? message
  }
}

const NOBODY = {
  sysId: '',
  userName: '',
  name: '',
  roles: new Set<string>(),
  rights: ALL_RIGHTS,
  zone: 'UTC',
  dateFormat: DEFAULT_DATE_FORMAT,
}
