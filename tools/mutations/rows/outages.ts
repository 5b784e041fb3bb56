import type { Mutation } from '../mutation.ts'

export const OUTAGES: readonly Mutation[] = [
  {
    sentence: 'While the database is away',
    breaks: 'a statement is waited for for 50 s',
    file: 'packages/exchange/src/platform/database.ts',
    text: 'const STATEMENT_WITHIN_MS = 5_000',
    replacement: 'const STATEMENT_WITHIN_MS = 50_000',
    proof: {
      file: 'packages/exchange/src/platform/database.test.ts',
      title: 'a statement without an answer is given up before a caller has waited for 10 seconds, and ends on the server too',
    },
    says: 'timed out',
  },
  {
    sentence: 'It is answered 503 with Retry-After,',
    breaks: 'nothing is ever known to be undone',
    file: 'packages/exchange/src/platform/effects.ts',
    text: 'calls.getStore()?.wrote !== true',
    replacement: 'calls.getStore()?.wrote === false && calls.getStore() === undefined',
    proof: {
      file: 'packages/exchange/src/platform/database.test.ts',
      title: 'a call knows whether it can have written anything when the database went away',
    },
  },
  {
    sentence: 'It is answered 503 with Retry-After,',
    breaks: 'a call that may have written counts as nothing done',
    file: 'packages/exchange/src/platform/effects.ts',
    text: 'if (call) call.wrote = true',
    replacement: 'if (call) call.wrote = false',
    proof: {
      file: 'packages/exchange/src/platform/database.test.ts',
      title: 'a call knows whether it can have written anything when the database went away',
    },
  },
  {
    sentence: 'With DATABASE_URL no process',
    breaks: 'an error of a connection is nobody’s',
    file: 'packages/exchange/src/platform/database.ts',
    text: `  pool.on('connect', connection => connection.on('error', () => {}))
`,
    replacement: '',
    proof: {
      file: 'acceptance/faults/connections-ended.test.ts',
      title: 'all connections to the database are ended 40 times at random moments: two exchanges go on, and everything is there once',
    },
  },
  {
    sentence: 'Once it is back everything',
    breaks: 'what failed once is not tried again',
    file: 'packages/exchange/src/platform/again.ts',
    text: 'for (let failures = 0; !signal.aborted; ) {',
    replacement: 'for (let failures = 0; !signal.aborted && failures === 0; ) {',
    proof: {
      file: 'packages/exchange/src/platform/notices.test.ts',
      title: 'the database is …: afterwards one connection listens, and each notice is heard once',
    },
    says: 'timed out',
  },
  {
    sentence: 'Asked to end, it ends within',
    breaks: 'closing may take as long as it likes',
    file: 'packages/exchange/src/start/start.ts',
    text: 'await Promise.race([close(), pause(CLOSE_IN_ALL_MS, undefined, { ref: false })])',
    replacement: 'await close()',
    proof: {
      file: 'acceptance/faults/ended-while-the-database-stands-still.test.ts',
      title: 'asked to end while its database stands still, an exchange ends all the same',
    },
    says: 'timed out',
  },
  {
    sentence: 'Asked to end, it ends within',
    breaks: 'a start is not interrupted',
    file: 'packages/cli/src/exchange/start.ts',
    text: 'await Promise.race([started, ending.then(() => undefined)])',
    replacement: 'await started',
    proof: {
      file: 'acceptance/faults/ended-while-the-database-stands-still.test.ts',
      title: 'asked to end while it starts at a database that stands still, it ends at once',
    },
    says: 'timed out',
  },
  {
    sentence: 'One connection a process',
    breaks: 'a connection that broke is left open',
    file: 'packages/exchange/src/platform/notices.ts',
    text: `      socket.destroy()
`,
    replacement: '',
    proof: {
      file: 'packages/exchange/src/platform/notices.test.ts',
      title: 'the database is …: afterwards one connection listens, and each notice is heard once',
    },
  },
  {
    sentence: 'While none does, work goes',
    breaks: 'what was remembered counts on',
    file: 'packages/exchange/src/sign-in/tokens.ts',
    text: `  notices.onBack(forget)
`,
    replacement: '',
    proof: {
      file: 'acceptance/faults/listener-away.test.ts',
      title: 'a token that is revoked while one exchange hears no notices is worth nothing there as soon as it hears them again',
    },
  },
  {
    sentence: 'While none does, work goes',
    breaks: 'nobody is told that notices are away',
    file: 'packages/exchange/src/operator/troubles.ts',
    text: 'const silent = !listening &&',
    replacement: 'const silent = listening &&',
    proof: {
      file: 'acceptance/faults/listener-away.test.ts',
      title: 'the server has no more connections to give and ends the one that listens: work goes on, and it is said',
    },
  },
  {
    sentence: 'A process that stood still',
    breaks: 'the fence is not asked',
    file: 'packages/exchange/src/recorded-writes/write-row.ts',
    text: "write_id = $1 and holder = $2 and fence = $3 and state <> 'done'`",
    replacement: "write_id = $1 and holder = $2 and $3::bigint is not null and state <> 'done'`",
    proof: {
      file: 'packages/exchange/src/recorded-writes/recorded-writes.store.test.ts',
      title:
        'whoever stood still for longer than its hold > and is the same folder again, after a start: its former hold is over all the same',
    },
  },
  {
    sentence: 'It asks again before it sends',
    breaks: 'a write leaves without a last look',
    file: 'packages/exchange/src/connections/connect-desk.ts',
    text: `      if (request.method !== 'GET') await lastCheck()
`,
    replacement: '',
    proof: {
      file: 'packages/exchange/src/connections/connect-desk.test.ts',
      title: 'a write is checked right before it leaves: what is held by somebody else by then never reaches the instance',
    },
  },
  {
    sentence: 'It asks again before it sends',
    breaks: 'time in which the machine was suspended does not count',
    file: 'packages/exchange/src/recorded-writes/hold.ts',
    text: 'Math.max(performance.now() - steady, Date.now() - wall)',
    replacement: 'Math.max(performance.now() - steady, wall - wall)',
    proof: {
      file: 'packages/exchange/src/recorded-writes/hold.test.ts',
      title: 'a machine that was suspended counts: only its wall clock went on',
    },
  },
  {
    sentence: 'No two writes take the same',
    breaks: 'two comments may be under way on one record',
    file: 'packages/exchange/src/recorded-writes/plan.ts',
    text: "return journalsIn(step.values).length ? 'journal' : null",
    replacement: 'return null',
    proof: {
      file: 'packages/exchange/src/recorded-writes/recorded-writes.store.test.ts',
      title:
        'a comment on a record to which another one is on its way > is not begun while one is under way, waits with its own key, and is begun once the other is done',
    },
  },
  {
    sentence: 'No two writes take the same',
    breaks: 'two equal files may be under way on one record',
    file: 'packages/exchange/src/recorded-writes/plan.ts',
    text: '.update(`${step.size} ${normalName(step.name)}`)',
    replacement: '.update(`${step.folder} ${step.file} ${normalName(step.name)}`)',
    proof: {
      file: 'packages/exchange/src/recorded-writes/plan.test.ts',
      title:
        'of two files that are added to one record > those of one name and size are under way one after the other, wherever they wait and whatever they hold',
    },
  },
  {
    sentence: 'No two writes take the same',
    breaks: 'two equal names in other bytes may be under way on one record',
    file: 'packages/exchange/src/recorded-writes/plan.ts',
    text: '${step.size} ${normalName(step.name)}',
    replacement: '${step.size} ${step.name}',
    proof: {
      file: 'packages/exchange/src/recorded-writes/plan.test.ts',
      title: 'of two files that are added to one record > so are those whose names are the same in other bytes',
    },
  },
  {
    sentence: 'A ticket that cannot be written',
    breaks: 'what is under way on one record is under way on all',
    file: 'packages/exchange/src/migrations/0004_outages.sql',
    text: '(environment, sys_id, under_way)',
    replacement: '(environment, under_way)',
    proof: {
      file: 'acceptance/faults/one-ticket-stops-nobody.test.ts',
      title: 'a ticket that cannot be saved now, with two dozen comments that wait for one another, does not keep others waiting',
    },
  },
  {
    sentence: 'What is done later than it',
    breaks: 'a provider’s step is done whosever the task is',
    file: 'packages/exchange/src/recorded-writes/carry-out.ts',
    text: `      await assertTheirs(held, place)
`,
    replacement: '',
    proof: {
      file: 'acceptance/faults/given-to-somebody-else.test.ts',
      title: 'a provider’s In Progress that is done later is not done on a task that has been given to another group',
    },
  },
  {
    sentence: 'What is done later than it',
    breaks: 'a comment is added whosever the ticket is',
    file: 'packages/exchange/src/recorded-writes/assert-theirs.ts',
    text: '  if (!theirs) {',
    replacement: '  if (!theirs && place > 9) {',
    proof: {
      file: 'acceptance/faults/given-to-somebody-else.test.ts',
      title: 'a customer’s comment that is added later is not added to a ticket that has been moved to another company',
    },
  },
  {
    sentence: 'A primary that fails loses',
    breaks: 'a connection that broke is a mistake of ours',
    file: 'packages/exchange/src/platform/outage.ts',
    text: "{ says: 'Connection terminated', why",
    replacement: "{ says: 'Connection xterminated', why",
    proof: {
      file: 'acceptance/faults/failover.test.ts',
      title:
        'the database server is killed and its synchronous standby promoted: nothing is lost or doubled, and nothing has to be looked for',
    },
  },
  {
    sentence: 'A database that has gone',
    breaks: 'a mark that is lower says nothing',
    file: 'packages/exchange/src/lost-time/lost-time.ts',
    text: 'const behind = counter < reached && memory.counter >= reached',
    replacement: 'const behind = counter < 0 && memory.counter >= reached',
    proof: {
      file: 'packages/exchange/src/lost-time/lost-time.test.ts',
      title: 'a database whose mark is lower than the folder’s has gone back: before the first statement, once, and after a restart too',
    },
  },
  {
    sentence: 'A database that has gone',
    breaks: 'a write that is missing says nothing',
    file: 'packages/exchange/src/lost-time/lost-time.ts',
    text: 'if (behind || missing > 0) {',
    replacement: 'if (behind) {',
    proof: {
      file: 'packages/exchange/src/lost-time/lost-time.test.ts',
      title: 'a database without a write that it had accepted has gone back, although its mark is right',
    },
  },
  {
    sentence: 'For 7 days whatever it does',
    breaks: 'it is over at once',
    file: 'packages/exchange/src/lost-time/lost-time.store.ts',
    text: 'const LOOKED_FOR_DAYS = 7',
    replacement: 'const LOOKED_FOR_DAYS = 0',
    proof: {
      file: 'packages/exchange/src/lost-time/lost-time.test.ts',
      title: 'what one process has noticed counts for the others at once',
    },
  },
  {
    sentence: 'Each ticket, comment, note',
    breaks: 'nobody looks back on the time that was lost',
    file: 'packages/exchange/src/lost-time/lost-time.ts',
    text: 'if (since) return {',
    replacement: 'if (since && noticedAt < 0) return {',
    proof: {
      file: 'acceptance/faults/restored-from-backup.test.ts',
      title: 'the database is restored from a backup, and all partners send everything again: each ticket, comment and file stays one',
    },
  },
  {
    sentence: 'Where two records could be',
    breaks: 'the first of two is taken',
    file: 'packages/exchange/src/recorded-writes/probe.ts',
    text: `if (row && other)
`,
    replacement: `if (row && other && row === other)
`,
    proof: {
      file: 'acceptance/running/readiness.test.ts',
      title: 'two records for one filing are parked for the operator, and the filing goes on once a person has chosen',
    },
  },
  {
    sentence: '/readyz is 503 while the',
    breaks: 'one that drains says that it is ready',
    file: 'packages/exchange/src/exchange.routes.ts',
    text: "if (phase.name !== 'serving') return not(",
    replacement: "if (phase.name === 'starting') return not(",
    proof: {
      file: 'acceptance/running/readiness.test.ts',
      title: 'asked to end it says so at once, works on while it drains, then refuses what is new and answers what is under way',
    },
  },
  {
    sentence: '/readyz is 503 while the',
    breaks: 'what is hidden needs nobody’s attention',
    file: 'packages/exchange/src/operator/troubles.ts',
    text: `    ...records,
`,
    replacement: '',
    proof: {
      file: 'acceptance/running/readiness.test.ts',
      title:
        'an exchange behind a load balancer, with its instance over a network > a journal that is hidden is said to anyone by its kind, and to the operator with its cause',
    },
  },
  {
    sentence: 'An idle connection is kept',
    breaks: 'one is kept for 5 s',
    file: 'packages/exchange/src/platform/listening.ts',
    text: 'export const KEEP_ALIVE_SECONDS = 90',
    replacement: 'export const KEEP_ALIVE_SECONDS = 5',
    proof: {
      file: 'acceptance/running/on-the-wire.test.ts',
      title: 'an idle connection > stays longer than a proxy keeps its own, at every port, unless KEEP_ALIVE_SECONDS says otherwise',
    },
  },
  {
    sentence: 'While it drains each answer',
    breaks: 'an answer keeps its caller',
    file: 'packages/exchange/src/platform/serve.ts',
    text: "if (name !== 'serving') headers.connection = 'close'",
    replacement: "if (name === 'starting') headers.connection = 'close'",
    proof: {
      file: 'acceptance/running/on-the-wire.test.ts',
      title: 'while it drains > it answers, each answer sends its caller elsewhere, and what is idle ends with it',
    },
  },
  {
    sentence: 'A refusal is heard also by',
    breaks: 'what still comes is not read',
    file: 'packages/exchange/src/platform/listening.ts',
    text: 'ms: 15_000,',
    replacement: 'ms: 1,',
    proof: {
      file: 'acceptance/running/on-the-wire.test.ts',
      title: 'a refusal in the middle of a body is heard > by a program that listens only when it has sent everything: …',
    },
  },
  {
    sentence: 'A refusal is heard also by',
    breaks: 'whatever still comes is read',
    file: 'packages/exchange/src/platform/listening.ts',
    text: '128 * 1024 * 1024',
    replacement: '128 * 1024 * 1024 * 1024',
    proof: {
      file: 'acceptance/running/on-the-wire.test.ts',
      title: 'a refusal in the middle of a body is heard > and a caller who never ends is not listened to for ever',
    },
  },
  {
    sentence: 'A migration that was applied',
    breaks: 'an edited one is taken for the one that was applied',
    file: 'packages/exchange/src/platform/migrations.ts',
    text: 'if (!known?.checksum || known.checksum === checksum) continue',
    replacement: 'if (known?.checksum !== name || known.checksum === checksum) continue',
    proof: {
      file: 'packages/exchange/src/platform/migrations.test.ts',
      title: 'a migration that is applied and was edited since is refused, with its file and what to do; nothing else is applied',
    },
  },
  {
    sentence: 'A migration that was applied',
    breaks: 'databases of earlier versions never get checksums',
    file: 'packages/exchange/src/platform/migrations.ts',
    text: 'else if (known.checksum === null) await recordChecksum(client, migration)',
    replacement: "else if (known.checksum === '') await recordChecksum(client, migration)",
    proof: {
      file: 'packages/exchange/src/platform/migrations.test.ts',
      title:
        'a database of a version that kept no checksums gets those of its files at its first start, and edits are refused from then on',
    },
  },
  {
    sentence: 'A command on the database',
    breaks: 'a data folder and a database are made for it',
    file: 'packages/exchange/src/start/on-database.ts',
    text: "if (!existsSync(join(resolve(dataFolder), 'postgres'))) throw",
    replacement: "if (dataFolder === '') throw",
    proof: {
      file: 'acceptance/running/on-the-database.test.ts',
      title: 'deskbridge … > makes no database where there is none, and says where it has looked',
    },
  },
  {
    sentence: 'A command on the database',
    breaks: 'tables are made in the database of something else',
    file: 'packages/exchange/src/start/on-database.ts',
    text: 'if (!(await database.row<{ isUsed: boolean }>(isUsed))?.isUsed) throw',
    replacement: "if (dataFolder === '') throw",
    proof: {
      file: 'acceptance/running/on-the-database.test.ts',
      title: 'deskbridge … > makes no exchange of a database that holds none',
    },
  },
]
