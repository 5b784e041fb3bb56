import { NOW, type Rule, type Save, will } from './save.ts'

/** States in which a task is no longer active (contract servicenow-core.md 11.3 to 11.7). */
const CLOSING: Readonly<Record<string, readonly string[]>> = {
  incident: ['7', '8'],
  problem: ['107'],
  problem_task: ['157', '158'],
  change_request: ['3', '4'],
  change_task: ['3', '4'],
}

const CLOSING_TASK = ['3', '4', '7']

function isClosing(table: string, state: string): boolean {
  return (CLOSING[table] ?? CLOSING_TASK).includes(state)
}

/** `active` follows the state; who closed it and when is kept (contract servicenow-core.md 11.3). */
export const closing: Rule = save => {
  const closed = isClosing(save.table.name, will(save, 'state'))
  save.after.active = closed ? 'false' : 'true'
  if (closed && wasOpen(save)) {
    save.after.closed_at = NOW
    save.after.closed_by = save.caller.sysId
  }
  if (!closed && save.before && !wasOpen(save)) {
    save.after.closed_at = ''
    save.after.closed_by = ''
  }
}

function wasOpen({ table, before }: Save): boolean {
  return before === undefined || !isClosing(table.name, before.state ?? '')
}
