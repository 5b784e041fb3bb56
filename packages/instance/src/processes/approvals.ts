import { ADVISORY_GROUP } from '../house-rules/change.ts'
import { changes, will } from '../house-rules/save.ts'
import type { AfterRule, Records, StoredValues } from '../records/after-rule.ts'

/**
 * Approvals (contract servicenow-core.md 8.2, 11.5). A change in Assess asks the people of its assignment group, in Authorize the
 * advisory group; one person's yes is the group's. What was decided shows in the record's `approval`, and moves a change or request.
 */

const [NEW, ASSESS, AUTHORIZE, SCHEDULED, CANCELED] = ['-5', '-4', '-3', '-2', '4'] as const

/** What a decision means for the state of the record that it was about. */
const MOVES: Readonly<Record<string, (record: StoredValues) => { approved?: StoredValues; rejected?: StoredValues }>> = {
  change_request: ({ state }) => ({
    ...(state === ASSESS ? { approved: { state: AUTHORIZE, approval: 'requested' } } : {}),
    ...(state === AUTHORIZE ? { approved: { state: SCHEDULED } } : {}),
    ...(state === ASSESS || state === AUTHORIZE ? { rejected: { state: NEW } } : {}),
  }),
  sc_request: ({ request_state: state }) =>
    state === 'requested' ? { approved: { request_state: 'in_process' }, rejected: { request_state: 'closed_rejected' } } : {},
}

/** A change that came to Assess or Authorize, by whatever way, asks for approval; one that left them asks no more. */
const changeAsks: AfterRule = {
  table: 'change_request',
  applies: (save, operation) => operation === 'update' && changes(save, 'state'),
  run: async ({ save, sysId }, records) => {
    const state = will(save, 'state')
    await withdrawApprovals(records, sysId, state === CANCELED ? 'cancelled' : 'not_required')
    const group = state === ASSESS ? will(save, 'assignment_group') : state === AUTHORIZE ? await readAdvisoryGroup(records) : ''
    if (group === '') return
    const members = await records.run(
      `select u.sys_id from ${records.name('sys_user_grmember')} m join ${records.name('sys_user')} u on u.sys_id = m."user"
        where m."group" = $1 and u.active order by u.name, u.sys_id`,
      [group],
    )
    if (members.length === 0) return
    const asked = await records.insert('sysapproval_group', { parent: sysId, assignment_group: group, approval: 'requested' })
    for (const [approver] of members)
      await records.insert('sysapproval_approver', {
        approver: approver!,
        sysapproval: sysId,
        source_table: 'change_request',
        group: asked,
        state: 'requested',
      })
  },
}

async function readAdvisoryGroup(records: Records): Promise<string> {
  const [row] = await records.run(`select value from ${records.name('sys_properties')} where lower(name) = $1`, [ADVISORY_GROUP])
  return row?.[0] ?? ''
}

/** Who was asked and has not answered need not any more. */
async function withdrawApprovals(records: Records, recordId: string, state: 'cancelled' | 'not_required', group?: string): Promise<void> {
  const among = group === undefined ? '' : `^group=${group}`
  for (const open of await records.find('sysapproval_approver', `sysapproval=${recordId}${among}^stateINrequested,not requested`))
    await records.update('sysapproval_approver', open.sys_id!, { state })
  if (group !== undefined) return
  for (const open of await records.find('sysapproval_group', `parent=${recordId}^approval=requested`))
    await records.update('sysapproval_group', open.sys_id!, { approval: state, state: '4' })
}

const isAsked: AfterRule = {
  table: 'sysapproval_approver',
  applies: (save, operation) =>
    operation !== 'delete' && will(save, 'sysapproval') !== '' && will(save, 'state') === 'requested' && save.before?.state !== 'requested',
  run: async ({ save }, records) => {
    const recordId = will(save, 'sysapproval')
    const record = await records.read('task', recordId)
    if (record && record.values.approval !== 'requested') await records.update('task', recordId, { approval: 'requested' }, true)
  },
}

const isDecided: AfterRule = {
  table: 'sysapproval_approver',
  applies: (save, operation) =>
    operation === 'update' &&
    changes(save, 'state') &&
    ['approved', 'rejected'].includes(will(save, 'state')) &&
    will(save, 'sysapproval') !== '',
  run: async ({ save }, records) => {
    const recordId = will(save, 'sysapproval')
    // The record is locked before its approvals are counted: of two decisions at once, the second sees the first.
    const record = await records.read('task', recordId)
    if (!record) return
    const decision = will(save, 'state') as 'approved' | 'rejected'
    if (will(save, 'group') !== '' && !(await decideGroup(records, recordId, will(save, 'group'), decision))) return
    if (decision === 'approved' && (await hasOpenApprovals(records, recordId))) return
    const moved = MOVES[record.table.name]?.(record.values)[decision] ?? {}
    await records.update('task', recordId, { approval: decision, ...moved }, true)
    if (decision === 'rejected') await withdrawApprovals(records, recordId, 'cancelled')
  },
}

/** @returns whether the group as a whole has decided with this decision of one of its people */
async function decideGroup(records: Records, recordId: string, groupId: string, decision: string): Promise<boolean> {
  const group = await records.read('sysapproval_group', groupId)
  if (!group) return true
  if (decision === 'approved' && group.values.wait_for === 'all' && (await hasOpenApprovals(records, recordId, groupId))) return false
  await records.update('sysapproval_group', groupId, { approval: decision, state: decision === 'approved' ? '3' : '4' })
  await withdrawApprovals(records, recordId, 'not_required', groupId)
  return true
}

/** Nothing of a request that was rejected is worked on. */
const requestIsRejected: AfterRule = {
  table: 'sc_request',
  applies: (save, operation) =>
    operation === 'update' && changes(save, 'request_state') && will(save, 'request_state') === 'closed_rejected',
  run: async ({ sysId }, records) => {
    for (const task of await records.find('sc_task', `active=true^request=${sysId}^ORrequest_item.request=${sysId}`))
      await records.update('sc_task', task.sys_id!, { state: '4' })
    for (const item of await records.find('sc_req_item', `active=true^request=${sysId}`))
      await records.update('sc_req_item', item.sys_id!, { state: '4', approval: 'rejected' })
  },
}

async function hasOpenApprovals(records: Records, recordId: string, groupId?: string): Promise<boolean> {
  const among = groupId === undefined ? '' : `^group=${groupId}`
  return (await records.find('sysapproval_approver', `sysapproval=${recordId}${among}^state=requested`)).length > 0
}

/** All of them, in the order in which they run. */
export const approvals: readonly AfterRule[] = [changeAsks, isAsked, isDecided, requestIsRejected]
