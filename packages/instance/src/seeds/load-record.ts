import type { Caller } from '../caller/caller.ts'
import { DEFAULT_DATE_FORMAT } from '../caller/caller.ts'
import type { Table } from '../dictionary/dictionary.ts'
import { applyRules } from '../house-rules/rules.ts'
import { undisplayedDate } from '../records/display.ts'
import { readInput } from '../records/input.ts'
import { newSave, writeNew } from '../records/insert.ts'
import { readStored, type Stored } from '../records/update.ts'
import { Refusal } from '../refusals/refusal.ts'
import { hashPassword, verifyPassword } from '../sign-in/password.ts'
import type { Transaction } from '../storage/database.ts'
import { instantOfUtc, utcText } from '../time/time-zone.ts'
import { explained, isAsSaid } from './as-said.ts'
import type { Filling } from './fill-schema.ts'
import type { SeedDifference } from './refused-seed.ts'
import type { Said, SaidValue } from './said.ts'

/** A record of a seed, on its way into its table. */
export interface Loading {
  readonly table: Table
  readonly sysId: string
  readonly said: Said
  readonly caller: Caller
}

/** Makes the record. What the seed says stands, whatever a rule would make of it; what it does not say the rules settle. */
export async function makeRecord(filling: Filling, transaction: Transaction, { table, sysId, said, caller }: Loading): Promise<void> {
  const texts = Object.fromEntries(said.values.map(({ column, text }) => [column.name, text]))
  const { user_password: password = '', ...body } = texts
  const input = await readInput(filling, { table, body, caller: { ...caller, zone: 'UTC' }, displayed: true }, transaction)
  const save = newSave(table, caller, input)
  try {
    applyRules(save, filling.dictionary, filling.standing)
  } catch (error) {
    // A seed may begin anywhere, also in a state that nobody could save.
    if (!(error instanceof Refusal)) throw error
  }
  Object.assign(save.after, input.values)
  if (table.columns.has('user_password') && password !== '') save.after.user_password = await hashPassword(password)
  const given = givenOf(texts)
  await writeNew(filling, transaction, { save, sysId, projection: filling.projections.of(table, 'sys_id', 'false'), given })
}

const asMoment = (text: string) => {
  const instant = instantOfUtc(undisplayedDate(text, DEFAULT_DATE_FORMAT))
  return instant === undefined ? undefined : utcText(instant)
}

/** Fields that only the instance writes, and a seed may give. */
const GIVEN: Readonly<Record<string, (text: string) => string | undefined>> = {
  sys_created_on: asMoment,
  sys_created_by: text => text,
  sys_updated_on: asMoment,
  sys_updated_by: text => text,
  sys_mod_count: text => (/^\d{1,9}$/.test(text) ? text : undefined),
}

function givenOf(texts: Readonly<Record<string, string>>): Record<string, string> {
  const given: Record<string, string> = {}
  for (const [name, read] of Object.entries(GIVEN)) {
    const value = read(texts[name] ?? '')
    if (value) given[name] = value
  }
  return given
}

/** Holds what a seed says of a record against the record; what it has otherwise was not taken. */
export async function compareWithRecord(
  filling: Filling,
  transaction: Transaction,
  { table, sysId, said }: Omit<Loading, 'caller'>,
): Promise<SeedDifference[]> {
  const stored = await readStored(filling, { table, sysId }, transaction)
  const different: SeedDifference[] = []
  for (const value of said.values) {
    const became = await otherThan(filling, transaction, value, stored)
    if (became !== undefined) different.push(explained(value.column, { ...value, became }))
  }
  return different
}

/** What a record has instead of a value; undefined where it has the value. */
async function otherThan(
  { database }: Filling,
  transaction: Transaction,
  { column, text }: SaidValue,
  stored: Stored | undefined,
): Promise<string | undefined> {
  const kept = stored?.values[column.name] ?? ''
  if (column.name === 'user_password') return (await verifyPassword(text, kept)) ? undefined : kept === '' ? '' : 'another password'
  if (column.type !== 'journal') return isAsSaid(column, text, kept) ? undefined : kept
  if (text === '') return undefined
  const entries = `select value from ${database.name('sys_journal_field')} where element_id = $1 and element = $2 order by value = $3 desc limit 1`
  const [[entry] = [null]] = await transaction.run(entries, [stored?.sysId ?? '', column.name, text])
  return entry === text ? undefined : (entry ?? '')
}
