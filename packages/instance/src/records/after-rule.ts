import type { Operation, Save } from '../house-rules/save.ts'
import type { Runs } from '../storage/database.ts'
import type { Stored } from './update.ts'

/** A save of a record: planned, or written and not committed yet. */
export interface Saved {
  readonly save: Save
  readonly sysId: string
  readonly operation: Operation
}

/** Fields in stored form. */
export type StoredValues = Readonly<Record<string, string>>

/** Records as a rule reaches them: in the transaction of the save that set it going, with the rights of the instance itself. */
export interface Records extends Runs {
  /** `"schema"."name"` */
  name(table: string): string
  /** One record in stored form, which nobody else changes until the transaction ends. */
  read(table: string, sysId: string): Promise<Stored | undefined>
  /** The records that an encoded query finds, in stored form. */
  find(table: string, query: string): Promise<StoredValues[]>
  /** @returns the new record's sys_id */
  insert(table: string, values: StoredValues): Promise<string>
  /**
   * @param byProcess the instance itself moves the record, which the state models let pass
   * @returns whether there was such a record
   */
  update(table: string, sysId: string, values: StoredValues, byProcess?: boolean): Promise<boolean>
  delete(table: string, sysId: string): Promise<boolean>
}

/** What follows from a save in the same transaction: a state that rolls up, an approval that moves its change. */
export interface AfterRule {
  /** The rule is for this table and what extends it. */
  readonly table: string
  applies(save: Save, operation: Operation): boolean
  run(saved: Saved, records: Records): Promise<void>
}

/** The rules of an instance, besides the house rules that need nothing but the save itself. */
export interface Rules {
  /** Whether somebody's own rule looks at such a save before it is written, which needs a transaction around both. */
  awaits(table: string, operation: Operation): boolean
  /** Runs those; they may change the save, or throw a Refusal, which stops it. */
  runBefore(planned: Saved, records: Records): Promise<void>
  /** What will follow from a save, in order. */
  following(save: Save, operation: Operation): readonly AfterRule[]
}
