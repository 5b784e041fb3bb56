import type { Mutation } from '../mutation.ts'

/** Writes of which nobody knows whether they were done, or that were done in part. */
export const UNKNOWN_OUTCOMES: readonly Mutation[] = [
  {
    sentence: 'A write whose outcome is',
    breaks: 'what was begun is done without a look',
    file: 'packages/exchange/src/recorded-writes/carry-out.ts',
    text: 'const found = !certain && (wasBegun || held.back) ?',
    replacement: 'const found = held.back ?',
    proof: {
      file: 'acceptance/faults/blind.test.ts',
      title: 'a lost answer and a journal that cannot be read (…): not known, until it can, and then written once',
    },
  },
  {
    sentence: 'A look that may not see everything',
    breaks: 'an empty journal says that nothing is there',
    file: 'packages/exchange/src/recorded-writes/probe.ts',
    text: `if (found > 0) return
`,
    replacement: `if (found >= 0) return
`,
    proof: {
      file: 'acceptance/faults/blind.test.ts',
      title: 'a lost answer and a journal that cannot be read (…): not known, until it can, and then written once',
    },
  },
  {
    sentence: 'An unconfirmed write counts',
    breaks: 'the settle time is ignored: a ticket is made again',
    file: 'packages/exchange/src/recorded-writes/look-for-step.ts',
    text: 'mayStillArrive ? 1_000 : sent ? settleMs - write.attemptAgeMs : 0,',
    replacement: 'mayStillArrive ? 1_000 : 0,',
    proof: {
      file: 'acceptance/faults/late-writes.test.ts',
      title: 'after its call was given up > a ticket reaches the instance … s late, within the settle time, and is there once',
    },
  },
  {
    sentence: 'An unconfirmed write counts',
    breaks: 'the settle time is ignored: a comment is written again',
    file: 'packages/exchange/src/recorded-writes/look-for-step.ts',
    text: 'mayStillArrive ? 1_000 : sent ? settleMs - write.attemptAgeMs : 0,',
    replacement: 'mayStillArrive ? 1_000 : 0,',
    proof: {
      file: 'acceptance/faults/late-writes.test.ts',
      title: 'after its call was given up > a comment reaches the instance … s late, within the settle time, and is there once',
    },
  },
  {
    sentence: 'An unconfirmed write counts',
    breaks: 'the settle time is ignored: a file is added again',
    file: 'packages/exchange/src/recorded-writes/look-for-step.ts',
    text: 'mayStillArrive ? 1_000 : sent ? settleMs - write.attemptAgeMs : 0,',
    replacement: 'mayStillArrive ? 1_000 : 0,',
    proof: {
      file: 'acceptance/faults/late-writes.test.ts',
      title: 'after its call was given up > a file reaches the instance … s late, within the settle time, and is there once',
    },
  },
  {
    sentence: 'An unconfirmed write counts',
    breaks: 'over a network it is 6 s',
    file: 'packages/exchange/src/settings.ts',
    text: "fallback: '60',",
    replacement: "fallback: '6',",
    proof: { file: 'packages/exchange/src/settings.test.ts', title: 'without any variable everything has its documented default' },
  },
  {
    sentence: 'An unconfirmed write counts',
    breaks: 'in process it is none',
    file: 'packages/exchange/src/connections/connect-desk.ts',
    text: 'const IN_PROCESS_SETTLE_MS = 2_000',
    replacement: 'const IN_PROCESS_SETTLE_MS = 0',
    proof: {
      file: 'packages/exchange/src/connections/connect-desk.test.ts',
      title: 'a write that was not found counts as absent after 2 s in this process',
    },
  },
  {
    sentence: 'In process it is short, because',
    breaks: 'the statements of a killed process go on',
    file: 'packages/exchange/src/platform/sessions.ts',
    text: "return `${url}${search ? '&' : '?'}${added}`",
    replacement: 'return url',
    proof: {
      file: 'acceptance/faults/killed-while-stalled.test.ts',
      title: 'killed while its practice instance waits for the database, and started again: the ticket is there once',
    },
  },
  {
    sentence: '503 outcome_unknown means',
    breaks: 'what is not known is called not done',
    file: 'packages/exchange/src/connections/trouble.ts',
    text: "new ExchangeError('outcome_unknown', 'The service desk has not",
    replacement: "new ExchangeError('service_desk_unavailable', 'The service desk has not",
    proof: {
      file: 'acceptance/faults/one-answer-lost.test.ts',
      title:
        'a ticket is filed once, whatever happens to the call > a time-out while a ticket is created, and no retry: the resolver finishes it',
    },
  },
  {
    sentence: '503 service_desk_unavailable',
    breaks: 'a comment that was not written is called not known',
    file: 'packages/exchange/src/connections/trouble.ts',
    text: "if (written === 'unknown') return outcomeUnknown",
    replacement: 'if (written !== undefined) return outcomeUnknown',
    proof: {
      file: 'acceptance/faults/refused-for-good.test.ts',
      title: 'a refusal of the instance itself is for good, a page of what stands before it is not > …',
    },
  },
  {
    sentence: 'Whatever step a crash hits,',
    breaks: 'a retry takes up nothing that stands still',
    file: 'packages/exchange/src/recorded-writes/holds.store.ts',
    text: `set holder = $2, held_until = \${HELD}, fence = fence + 1
  where write_id = $1 and state <> 'done'`,
    replacement: `set holder = $2, held_until = \${HELD}, fence = fence + 1
  where write_id = $1 and state = 'open'`,
    proof: {
      file: 'acceptance/faults/left-out.test.ts',
      title: 'a comment that is left out is an error that names it; the retry adds it, once',
    },
  },
  {
    sentence: 'Whatever step a crash hits,',
    breaks: 'nobody takes up what no retry comes for',
    file: 'packages/exchange/src/recorded-writes/holds.store.ts',
    text: "where state = 'open' and next_attempt_at <= now()",
    replacement: 'where false and next_attempt_at <= now()',
    proof: {
      file: 'acceptance/faults/one-answer-lost.test.ts',
      title:
        'a ticket is filed once, whatever happens to the call > a time-out while a ticket is created, and no retry: the resolver finishes it',
    },
  },
  {
    sentence: 'A file that ServiceNow refused',
    breaks: 'the error is silent about the file and its ticket',
    file: 'packages/exchange/src/recorded-writes/endings.ts',
    text: 'return namingTheFile(held, place, error)',
    replacement: 'return error',
    proof: {
      file: 'acceptance/faults/refused-for-good.test.ts',
      title:
        'a file of a type that the service desk does not take > is refused with 400 and the reason, on a new ticket, which is there, and on one that was there before',
    },
  },
  {
    sentence: 'A file that ServiceNow refused',
    breaks: 'a retry does everything again',
    file: 'packages/exchange/src/recorded-writes/carry-out.ts',
    text: `    if (before?.done) continue
`,
    replacement: '',
    proof: {
      file: 'acceptance/faults/one-answer-lost.test.ts',
      title:
        'a file is added once, whatever happens to the call > a file refused after the ticket was made: the error says so, and the retry adds only what is missing',
    },
  },
  {
    sentence: 'Two equal files in one request',
    breaks: 'an equal file of the same request is taken for the lost one',
    file: 'packages/exchange/src/recorded-writes/probe.ts',
    text: `      !known.has(candidate.sys_id),
`,
    replacement: `      candidate.sys_id !== '',
`,
    proof: {
      file: 'acceptance/faults/one-answer-lost.test.ts',
      title: 'a file is added once, whatever happens to the call > two equal files in one request stay two, with a … at the …',
    },
  },
  {
    sentence: 'What was asked for is held',
    breaks: 'what was left out counts as done',
    file: 'packages/exchange/src/recorded-writes/perform.ts',
    text: 'return outcome.lacks ? outcome : { done: true, ...outcome }',
    replacement: 'return { done: true, ...outcome }',
    proof: {
      file: 'acceptance/faults/left-out.test.ts',
      title: 'a comment that is left out is an error that names it; the retry adds it, once',
    },
  },
  {
    sentence: 'What was asked for is held',
    breaks: 'a retry sends everything again',
    file: 'packages/exchange/src/recorded-writes/plan.ts',
    text: "if (!lacks.length || step.kind === 'attach') return step",
    replacement: "if (lacks.length >= 0 || step.kind === 'attach') return step",
    proof: {
      file: 'acceptance/faults/left-out.test.ts',
      title: 'a filing > whose … is left out is an error that names it; the retry adds only that',
    },
  },
  {
    sentence: 'Without correlation id or',
    breaks: 'it waits for its partner',
    file: 'packages/exchange/src/recorded-writes/endings.ts',
    text: 'needed ? { state: ',
    replacement: 'needed && lacks.length > 9 ? { state: ',
    proof: {
      file: 'acceptance/faults/left-out.test.ts',
      title: 'a filing > whose … is left out is parked for the operator, until it is mended: one …',
    },
  },
  {
    sentence: 'No instance is called while',
    breaks: 'a desk does not ask whether one is held',
    file: 'packages/exchange/src/connections/connect-desk.ts',
    text: `      assertNoTransactionHeld('A ServiceNow instance')
`,
    replacement: '',
    proof: {
      file: 'packages/exchange/src/connections/connect-desk.test.ts',
      title: 'no look and no write of a desk reaches its instance while a database transaction is held, and each does once it is committed',
    },
  },
  {
    sentence: 'No instance is called while',
    breaks: 'nothing notices that a transaction is held',
    file: 'packages/exchange/src/platform/database.ts',
    text: 'if (holding.getStore()) throw',
    replacement: "if (holding.getStore() && what === '') throw",
    proof: { file: 'packages/exchange/src/platform/database.test.ts', title: 'no instance is called while a database transaction is held' },
  },
  {
    sentence: 'An unconfirmed write counts',
    breaks: 'the settle time is ignored: a comment is written again',
    file: 'packages/servicenow/src/connection/connection.ts',
    text: 'this.settleMs = settleMs ?? DEFAULT_SETTLE_MS',
    replacement: 'this.settleMs = settleMs === undefined ? DEFAULT_SETTLE_MS : 0',
    proof: {
      file: 'acceptance/faults/late-writes.test.ts',
      title: 'a comment is done late within the settle time, and nobody sends it again: the exchange does not write it a second time',
    },
  },
  {
    sentence: 'An unconfirmed write counts',
    breaks: 'the settle time is ignored: a file is added again',
    file: 'packages/servicenow/src/connection/connection.ts',
    text: 'this.settleMs = settleMs ?? DEFAULT_SETTLE_MS',
    replacement: 'this.settleMs = settleMs === undefined ? DEFAULT_SETTLE_MS : 0',
    proof: {
      file: 'acceptance/faults/late-writes.test.ts',
      title: 'a file is done late within the settle time, and nobody sends it again: the exchange does not add it a second time',
    },
  },
  {
    sentence: 'An unconfirmed write counts',
    breaks: 'the settle time is ignored: what a list does not show yet is added again',
    file: 'packages/exchange/src/recorded-writes/look-for-step.ts',
    text: 'mayStillArrive ? 1_000 : sent ? settleMs - write.attemptAgeMs : 0,',
    replacement: 'mayStillArrive ? 1_000 : 0,',
    proof: {
      file: 'acceptance/faults/late-writes.test.ts',
      title: 'a file whose answer was lost is in no list for 8 s, within the settle time: it is not added a second time',
    },
  },
]
