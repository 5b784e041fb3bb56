import type { Database } from '../platform/database.ts'
import type { Environment } from '../platform/environment.ts'
import { sql } from '../platform/sql.ts'
import type { NumberLook } from './numbers.ts'
import { type Condition, type Kind, MAPPING } from './table.ts'
import type { UpdateAction } from './update-kinds.ts'
import type { Word } from './words.ts'

/** What an environment may say differently (exchange.environment.mapping). */
interface Override {
  numberLook?: NumberLook
  /** Whether we carry a comment on a provider's task to its ticket. False where the instance has a rule for it. */
  taskCommentsReachTicket?: boolean
  /** Whether the next provider of a task is shown what was said to the one before. Default: not. */
  taskHistoryIsHandedOn?: boolean
  kinds?: Partial<Record<Word, Partial<Kind>>>
}

/** The mapping of one environment. */
export interface Mapping {
  numberLook: NumberLook
  taskCommentsReachTicket: boolean
  taskHistoryIsHandedOn: boolean
  kinds: readonly Kind[]
  of(word: Word): Kind
  /** The kind that a number such as CHG0030001 belongs to, by its prefix. */
  ofNumber(number: string): Kind | undefined
  ofTable(table: string): Kind | undefined
  /** What a record of this kind's table is called: as it was filed or told before, else by what it says of itself. */
  ofRecord(kind: Kind, values: Values, word?: string): Kind
  /** The kind whose items live in this table. */
  ofItemTable(table: string): Kind | undefined
}

const overrideOf = sql`select mapping from exchange.environment where name = $1`

/** Reads how the words of an environment’s partners stand for records: the table, with what its operator has set otherwise. */
export async function readMapping(database: Database, environment: Environment): Promise<Mapping> {
  const row = await database.row<{ mapping: Override }>(overrideOf, [environment])
  return mappingWith(row?.mapping ?? {})
}

/** The table with an environment's exceptions put over it. */
export function mappingWith({
  numberLook = 'hash',
  taskCommentsReachTicket = true,
  taskHistoryIsHandedOn = false,
  kinds: changes = {},
}: Override): Mapping {
  const kinds = MAPPING.map(kind => ({ ...kind, ...changes[kind.word] }))
  const find = (test: (kind: Kind) => boolean) => kinds.find(test)
  return {
    numberLook,
    taskCommentsReachTicket,
    taskHistoryIsHandedOn,
    kinds,
    of: word => find(kind => kind.word === word)!,
    ofNumber: number => find(kind => kind.prefix === /^[A-Z]+/.exec(number)?.[0]),
    ofTable: table => find(kind => kind.table === table),
    ofRecord(kind, values, word) {
      const sharing = kinds.filter(one => one.table === kind.table)
      return sharing.find(one => one.word === word) ?? sharing.find(one => one.recognised && holds(one.recognised, values)) ?? kind
    },
    ofItemTable: table => find(kind => kind.items?.table === table),
  }
}

/** A record's raw field values; `item_states` has the states of a request's items, comma-separated. */
export type Values = Readonly<Record<string, string>>

const matches = (values: Values, field: string, wanted: readonly string[]) =>
  field === 'item_states' ? (values[field] ?? '').split(',').some(state => wanted.includes(state)) : wanted.includes(values[field] ?? '')

/** Whether a condition holds for these values. */
export function holds({ is, not = {} }: Condition, values: Values): boolean {
  return (
    Object.entries(is).every(([field, wanted]) => matches(values, field, wanted)) &&
    !Object.entries(not).some(([field, wanted]) => matches(values, field, wanted))
  )
}

/** The actions whose condition holds for these values, in the order in which they are told. */
export function actionsThatHold(kind: Kind, values: Values): UpdateAction[] {
  return kind.actions.filter(({ when }) => when.some(condition => holds(condition, values))).map(({ action }) => action)
}

/** How a ticket's state is called towards a partner: New, or the furthest action that holds. */
export function stateWord(kind: Kind, values: Values): string {
  return actionsThatHold(kind, values).at(-1) ?? 'New'
}
