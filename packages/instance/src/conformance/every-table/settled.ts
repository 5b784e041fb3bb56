interface Settled {
  readonly why: string
  /** The cases that prove what it becomes; without any, nothing here writes it. */
  readonly provenBy?: string
}

/** Columns that a save settles by rules, whatever is sent, by table. */
export const SETTLED: Readonly<Record<string, Readonly<Record<string, Settled>>>> = {
  task: {
    state: { why: 'leads to other states', provenBy: 'house-rules.test.ts' },
    active: { why: 'follows the state', provenBy: 'house-rules.test.ts' },
    reassignment_count: { why: 'is counted when the group changes', provenBy: 'house-rules.test.ts' },
    comments_and_work_notes: { why: 'is what both journals say', provenBy: 'house-rules.test.ts' },
    approval_history: { why: 'stays empty' },
  },
  incident: {
    incident_state: { why: 'is the state', provenBy: 'house-rules.test.ts' },
    priority: { why: 'is made of impact and urgency', provenBy: 'lookups.test.ts' },
    hold_reason: { why: 'is there only while on hold', provenBy: 'house-rules.test.ts' },
  },
  problem: { priority: { why: 'is made of impact and urgency', provenBy: 'lookups.test.ts' } },
  sysapproval_approver: { document_id: { why: 'is the record that the approval is for', provenBy: 'approvals.test.ts' } },
}
