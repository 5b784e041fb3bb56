import type { Save } from '../house-rules/save.ts'
import { will } from '../house-rules/save.ts'
import type { Practice, RecordChange } from '../practice.ts'
import type { Caller } from '../sign-in/caller.ts'
import { quote, type Transaction } from '../storage/database.ts'
import { plannedSave, readStored, writeSave } from './update.ts'

interface RollUp {
  readonly child: string
  readonly link: string
  readonly parent: string
  /** The state that the parent takes when all children have ended, or undefined when it stays. */
  readonly state: (children: readonly string[], parentState: string) => string | undefined
}

/** All skipped, else any incomplete, else complete (contract servicenow-core.md 11.6, Closure roll-up). */
function outcome(children: readonly string[], parentState: string): string | undefined {
  if (['3', '4', '7'].includes(parentState)) return undefined
  if (children.includes('4')) return '4'
  return children.every(state => state === '7') ? '7' : '3'
}

/** Implement goes to Review by itself when no change task is active (contract servicenow-core.md 11.5). */
const toReview = (_: readonly string[], parentState: string) => (parentState === '-1' ? '0' : undefined)

const ROLL_UPS: readonly RollUp[] = [
  { child: 'sc_task', link: 'request_item', parent: 'sc_req_item', state: outcome },
  { child: 'sc_req_item', link: 'request', parent: 'sc_request', state: outcome },
  { child: 'change_task', link: 'change_request', parent: 'change_request', state: toReview },
]

function rollUpOf(save: Save): RollUp | undefined {
  return ROLL_UPS.find(({ child, link }) => child === save.table.name && will(save, link) !== '')
}

/** Whether ending this record may end its parent, which needs a transaction around both. */
export function hasConsequences(save: Save): boolean {
  return save.before?.active === 'true' && will(save, 'active') === 'false' && rollUpOf(save) !== undefined
}

/**
 * Ends the parent when its last child ended. The parent is locked before its children are counted: of two children that
 * end at once, the second to lock sees the first as ended.
 */
export async function applyConsequences(practice: Practice, transaction: Transaction, save: Save, caller: Caller): Promise<RecordChange[]> {
  const rollUp = rollUpOf(save)
  const parentTable = rollUp && practice.dictionary.table(rollUp.parent)
  if (!rollUp || !parentTable) return []
  const { database } = practice
  const parentId = will(save, rollUp.link)
  const parent = await readStored(practice, transaction, parentTable, parentId, true)
  if (!parent) return []
  const children = await transaction.run(
    `select active, state from ${database.name('task')} where ${quote(rollUp.link)} = $1 and sys_class_name = $2`,
    [parentId, rollUp.child],
  )
  if (children.some(([active]) => active === 't')) return []
  const state = rollUp.state(
    children.map(([, value]) => value ?? ''),
    parent.values.state ?? '',
  )
  if (state === undefined) return []
  const planned = plannedSave(practice, parent, caller, { values: { state }, journals: {} })
  const projection = practice.projections.of(parentTable, 'sys_id', 'false')
  const updated = await writeSave(practice, transaction, parent, planned, projection)
  if (updated.kind !== 'saved') return []
  const further = hasConsequences(planned) ? await applyConsequences(practice, transaction, planned, caller) : []
  return [{ table: parentTable.name, sysId: parentId }, ...further]
}
