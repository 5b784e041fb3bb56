import { will } from '../house-rules/save.ts'
import type { AfterRule } from '../records/after-rule.ts'
import { quote } from '../storage/database.ts'

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

/** Ends the parent when its last child ended. */
export const rollUps: readonly AfterRule[] = ROLL_UPS.map(({ child, link, parent, state }) => ({
  table: child,
  applies: (save, operation) =>
    operation === 'update' && save.before?.active === 'true' && will(save, 'active') === 'false' && will(save, link) !== '',
  run: async ({ save }, records) => {
    const parentId = will(save, link)
    // The parent is locked before its children are counted: of two that end at once, the second to lock sees the first as ended.
    const stored = await records.read(parent, parentId)
    if (!stored) return
    const children = await records.run(
      `select active, state from ${records.name('task')} where ${quote(link)} = $1 and sys_class_name = $2`,
      [parentId, child],
    )
    if (children.some(([active]) => active === 't')) return
    const states = children.map(([, value]) => value ?? '')
    const reached = state(states, stored.values.state ?? '')
    if (reached !== undefined) await records.update(parent, parentId, { state: reached })
  },
}))
