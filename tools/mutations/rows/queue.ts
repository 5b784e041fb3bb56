import type { Mutation } from '../mutation.ts'

export const QUEUE: readonly Mutation[] = [
  {
    sentence: 'Updates come oldest first,',
    breaks: 'the newest comes first',
    file: 'packages/exchange/src/update-queue/update-queue.store.ts',
    text: 'number > $3 and number <= $4 order by number limit $5',
    replacement: 'number > $3 and number <= $4 order by number desc limit $5',
    proof: {
      file: 'acceptance/tickets/update-queue.test.ts',
      title: '1.2 a partner asks for what happened > the answer is a bare array, oldest first',
    },
  },
  {
    sentence: 'Updates come oldest first,',
    breaks: 'the limit is not asked',
    file: 'packages/exchange/src/update-queue/update-queue.store.ts',
    text: 'lease_end = least(last_number, position + $4)',
    replacement: 'lease_end = least(last_number, position + $4 + 1000)',
    proof: {
      file: 'acceptance/tickets/update-queue.test.ts',
      title: '1.2 a partner asks for what happened > with a limit the rest stays for the next call',
    },
  },
  {
    sentence: 'They have the same transaction_id',
    breaks: 'an update has another id each time it is read',
    file: 'packages/exchange/src/update-queue/update-queue.store.ts',
    text: `(between, [environment, partnerId, from, to, limit])
  return rows.map(row => row.message)`,
    replacement: `(between, [environment, partnerId, from, to, limit])
  return rows.map(row => row.message.replace(/"transaction_id":"[^"]{8}/, \`"transaction_id":"\${String(Math.random()).slice(2, 10)}\`))`,
    proof: {
      file: 'acceptance/tickets/update-queue.test.ts',
      title: '1.2 a partner asks for what happened > from a transaction_id on, everything comes again with the same ids, as often as asked',
    },
  },
  {
    sentence: 'While an answer is on its',
    breaks: 'a second poll gets the same',
    file: 'packages/exchange/src/update-queue/update-queue.store.ts',
    text: 'lease_until = now() + make_interval(secs => $5),',
    replacement: 'lease_until = now() - make_interval(secs => $5),',
    proof: {
      file: 'packages/exchange/src/update-queue/update-queue.test.ts',
      title: 'an answer of which nothing more is heard holds its updates for 30 s, no less and no more; then the same ones come again',
    },
  },
  {
    sentence: 'Was it cut short, or 30 s',
    breaks: 'an answer that was cut counts as read',
    file: 'packages/exchange/src/update-queue/update-queue.ts',
    text: 'endLease(database, queue, leaseId, whole)',
    replacement: 'endLease(database, queue, leaseId, whole || true)',
    proof: {
      file: 'acceptance/concurrency/reading-the-queue.test.ts',
      title: 'a poll that is cut in the middle of its answer gives the same updates again, with the same ids',
    },
  },
  {
    sentence: 'Was it cut short, or 30 s',
    breaks: 'nobody hears them again for 50 minutes',
    file: 'packages/exchange/src/update-queue/update-queue.ts',
    text: `const LEASE_SECONDS = 30
`,
    replacement: `const LEASE_SECONDS = 3_000
`,
    proof: {
      file: 'packages/exchange/src/update-queue/update-queue.test.ts',
      title: 'an answer of which nothing more is heard holds its updates for 30 s, no less and no more; then the same ones come again',
    },
  },
  {
    sentence: 'Was it cut short, or 30 s',
    breaks: 'they come again after 20 s',
    file: 'packages/exchange/src/update-queue/update-queue.ts',
    text: `const LEASE_SECONDS = 30
`,
    replacement: `const LEASE_SECONDS = 20
`,
    proof: {
      file: 'packages/exchange/src/update-queue/update-queue.test.ts',
      title: 'an answer of which nothing more is heard holds its updates for 30 s, no less and no more; then the same ones come again',
    },
  },
  {
    sentence: 'from and since read again',
    breaks: 'from begins with the next one',
    file: 'packages/exchange/src/update-queue/update-queue.ts',
    text: "(await findNumber(caller, from, 'from')) - 1,",
    replacement: "await findNumber(caller, from, 'from'),",
    proof: {
      file: 'acceptance/concurrency/reading-the-queue.test.ts',
      title: 'from, since and limit read without moving on; from begins with the update it names',
    },
  },
  {
    sentence: 'Updates are kept 90 days,',
    breaks: 'they go after a day',
    file: 'packages/exchange/src/update-queue/update-queue.ts',
    text: 'const KEPT_DAYS = 90',
    replacement: 'const KEPT_DAYS = 1',
    proof: {
      file: 'packages/exchange/src/update-queue/update-queue.test.ts',
      title: 'updates are kept for 90 days, read or not, and no longer',
    },
  },
  {
    sentence: 'Updates are kept 90 days,',
    breaks: 'they stay for two years',
    file: 'packages/exchange/src/update-queue/update-queue.ts',
    text: 'const KEPT_DAYS = 90',
    replacement: 'const KEPT_DAYS = 730',
    proof: {
      file: 'packages/exchange/src/update-queue/update-queue.test.ts',
      title: 'updates are kept for 90 days, read or not, and no longer',
    },
  },
]
