import type { Operation } from '../house-rules/save.ts'

/**
 * A business rule of one's own, as a small module brings it: `createInstance({ businessRules: [...] })`, or
 * `deskbridge instance --rules FILE.mjs`, whose default export is a list of these.
 */
export interface BusinessRule {
  readonly name: string
  /** The rule is for this table and what extends it. */
  readonly table: string
  /** Before a save it may change the record or stop it; after a save it works in the same transaction. */
  readonly when: 'before' | 'after'
  readonly insert?: boolean
  readonly update?: boolean
  readonly delete?: boolean
  /** Lower runs first. Default 100. */
  readonly order?: number
  readonly condition?: (moment: RuleMoment) => boolean
  readonly run: (moment: RuleMoment) => void | Promise<void>
}

/** Rules that cannot be used; the message says in a sentence why. */
export class RuleProblem extends TypeError {}

/** One save, as a business rule sees it. */
export interface RuleMoment {
  readonly operation: Operation
  readonly table: string
  readonly sysId: string
  /** The record as it will be. A before-rule assigns; `comments` and `work_notes` add to the journal. Values are as stored. */
  readonly current: Record<string, string>
  /** The record as it was; empty on insert. */
  readonly previous: Readonly<Record<string, string>>
  readonly user: { readonly sysId: string; readonly userName: string; readonly name: string; readonly roles: ReadonlySet<string> }
  changes(field: string): boolean
  /** Stops the save, which answers 403 "aborted by Business Rule". */
  abort(): never
  /** Other records, in the same transaction and without regard to the user's rights. */
  readonly records: {
    find(table: string, query: string): Promise<readonly Readonly<Record<string, string>>[]>
    insert(table: string, values: Readonly<Record<string, string>>): Promise<string>
    update(table: string, sysId: string, values: Readonly<Record<string, string>>): Promise<boolean>
    delete(table: string, sysId: string): Promise<boolean>
  }
}
