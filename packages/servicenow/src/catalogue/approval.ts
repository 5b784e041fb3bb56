import { z } from 'zod'
import { getRow, listRow, type RecordFamily, readerNeeds, writerNeeds } from '../rows/record-rows.ts'
import { verb } from '../rows/verb.ts'
import { within } from '../rows/within.ts'

/** Approvals: one row of sysapproval_approver for each person who is asked (servicenow-core 8.2). */

const family = {
  family: 'approval',
  table: 'sysapproval_approver',
  one: 'an approval',
  many: 'approvals',
  hint: '',
  source: 'servicenow-core 8.2',
  readers: ['approver_user', 'itil'],
  writers: ['approver_user', 'itil'],
  exampleId: '0c60ae2d4a362312003a98bdfcd4c5b1',
  exampleShown: {
    sys_id: '0c60ae2d4a362312003a98bdfcd4c5b1',
    approver: '62826bf03710200044e0bfc8bcbe5df1',
    sysapproval: '1c87925347c12200e0ef563dbb9a7177',
    state: 'requested',
  },
  exampleValues: {},
  exampleChange: {},
} as const satisfies RecordFamily

const answer = {
  table: family.table,
  needs: writerNeeds(family),
  source: family.source,
  probe: 'Ask approval.get: state tells whether it was answered.',
}

export const approvalActions = [
  getRow(family),
  listRow(family),
  within({
    name: 'approval.listMine',
    table: family.table,
    title: 'List what waits for my approval',
    whenToUse: 'To see which approvals are asked of the user of this connection. Ask for sysapproval.number to see for which ticket.',
    needs: readerNeeds(family),
    asks: {},
    condition: () => 'approver=javascript:gs.getUserID()^state=requested',
    example: { input: {}, row: family.exampleShown },
    source: family.source,
  }),
  verb({
    ...answer,
    name: 'approval.approve',
    title: 'Approve',
    whenToUse: 'To say yes to an approval that is asked of the user, or of somebody for whom the user may answer.',
    asks: { comments: z.string().min(1).optional().describe('What to say with it.') },
    values: ({ comments }) => ({ state: 'approved', comments }),
    example: { input: {}, output: { ...family.exampleShown, state: 'approved' } },
  }),
  verb({
    ...answer,
    name: 'approval.reject',
    title: 'Reject',
    whenToUse: 'To say no to an approval, with the reason.',
    asks: { comments: z.string().min(1).describe('Why not.') },
    values: ({ comments }) => ({ state: 'rejected', comments }),
    example: { input: { comments: 'Not in the week of the audit' }, output: { ...family.exampleShown, state: 'rejected' } },
  }),
] as const
