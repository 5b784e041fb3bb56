import type { Mutation } from '../mutation.ts'

export const CAPTURE: readonly Mutation[] = [
  {
    sentence: 'Each happening on a record',
    breaks: 'a file is not told',
    file: 'packages/exchange/src/capture/updates.ts',
    text: 'if (save.file) changes.push(',
    replacement: 'if (save.file && save.changes.size) changes.push(',
    proof: { file: 'acceptance/tickets/desk-works-on-a-change.test.ts', title: 'a file of the desk, which the customer fetches' },
  },
  {
    sentence: 'It does also when the capturing',
    breaks: 'one that comes back tells what it had read',
    file: 'packages/exchange/src/capture/turn-into-updates.ts',
    text: 'if (!(await holdsFence(queries, environment, fence, holder))) return false',
    replacement: 'if (!(await holdsFence(queries, environment, fence, holder)) && fence < 0) return false',
    proof: {
      file: 'acceptance/faults/capturer-comes-back.test.ts',
      title: 'a capturer that comes back after its lease, with what it had read, tells nothing of it',
    },
  },
  {
    sentence: 'It does also when the capturing',
    breaks: 'one that comes back moves the mark',
    file: 'packages/exchange/src/capture/record-changes.ts',
    text: 'if (!(await holdsFence(queries, environment, reach.fence, holder))) return false',
    replacement: 'if (!(await holdsFence(queries, environment, reach.fence, holder)) && reach.fence < 0) return false',
    proof: {
      file: 'acceptance/faults/capturer-comes-back.test.ts',
      title: 'a capturer that comes back after its lease, in the middle of a look, puts no mark back',
    },
  },
  {
    sentence: 'It does also when the capturing',
    breaks: 'nobody goes on',
    file: 'packages/exchange/src/capture/lease.store.ts',
    text: `where environment = $1 and (holder = $2 or held_until is null or held_until < now())
  returning fence, baseline`,
    replacement: `where environment = $1 and (holder = $2 or held_until is null)
  returning fence, baseline`,
    proof: {
      file: 'acceptance/concurrency/two-processes.test.ts',
      title: 'capture goes on within 20 seconds when its process is killed, and tells everything once',
    },
  },
  {
    sentence: 'One save is one update: a',
    breaks: 'an equal comment of a later save is taken for that of an earlier one',
    file: 'packages/exchange/src/capture/saves.ts',
    text: '[...inOrderOfSaves(unseen.audits), ...ownAudits]',
    replacement: '[...(inOrderOfSaves, unseen.audits), ...ownAudits]',
    proof: {
      file: 'packages/exchange/src/capture/saves.test.ts',
      title:
        'of equal comments of one second the first is the first save’s, also where the audit shows a later save that the journal did not show yet',
    },
  },
  {
    sentence: 'One save is one update: a',
    breaks: 'the comment of a save comes by itself too',
    file: 'packages/exchange/src/capture/updates.ts',
    text: 'if (comments !== undefined && !actions.length)',
    replacement: 'if (comments !== undefined)',
    proof: {
      file: 'acceptance/tickets/desk-works-on-an-incident.test.ts',
      title: 'one save is one update > … carries the comment of the same save, and there is no Comment beside it',
    },
  },
  {
    sentence: 'Where one save means two',
    breaks: 'the first of two is told',
    file: 'packages/exchange/src/capture/updates.ts',
    text: 'const actions = holds.filter(action => !held.includes(action))',
    replacement: 'const actions = holds.filter(action => !held.includes(action)).slice(0, 1)',
    proof: {
      file: 'acceptance/tickets/desk-works-on-a-service-request.test.ts',
      title:
        '2.4 the operator updates the ticket: Service Request > completed and closed in one save: both, in that order, the comment with the first',
    },
  },
  {
    sentence: 'The author of a change is',
    breaks: 'an author is told what it did',
    file: 'packages/exchange/src/capture/updates.ts',
    text: 'telling.authors.get(save)?.partnerId === to.partnerId ||',
    replacement: '',
    proof: {
      file: 'acceptance/tickets/customer-comments.test.ts',
      title: '2.2 the customer updates the ticket > the customer is not told of its own comment',
    },
  },
  {
    sentence: 'The author of a change is',
    breaks: 'what a partner did is told to nobody',
    file: 'packages/exchange/src/capture/updates.ts',
    text: 'telling.authors.get(save)?.partnerId === to.partnerId ||',
    replacement: 'telling.authors.get(save) !== undefined ||',
    proof: {
      file: 'acceptance/tasks/provider-works-a-task.test.ts',
      title:
        '3.3 the provider updates the task of a … > its comment reaches the ticket and the customer; its work note never reaches the customer',
    },
  },
  {
    sentence: 'An author never gets a New',
    breaks: 'a ticket is new to whoever filed it',
    file: 'packages/exchange/src/capture/updates.ts',
    text: '    to.filed || telling.told.has(to.partnerId) || telling.bonds.some(bond => bond.partnerId === to.partnerId && bond.sysId === live.sysId)',
    replacement: '    telling.told.has(to.partnerId)',
    proof: {
      file: 'acceptance/tickets/desk-works-on-an-incident.test.ts',
      title: '2.4 the operator updates the ticket: … > from starting work to closing, each step is told once and in order',
    },
  },
  {
    sentence: 'Order is that of ServiceNow,',
    breaks: 'saves are ordered by their time',
    file: 'packages/exchange/src/capture/saves.ts',
    text: 'filter(save => save.checkpoint !== undefined).sort((a, b) => compare(a.checkpoint!, b.checkpoint!) || rest(a, b))',
    replacement: 'filter(save => save.checkpoint !== undefined).sort((a, b) => compare(a.at, b.at) || rest(a, b))',
    proof: {
      file: 'acceptance/faults/clock-put-back.test.ts',
      title: 'what the desk does while its clock is put back by minutes is told, in order, though it is noticed only afterwards',
    },
  },
  {
    sentence: 'No clock of the instance',
    breaks: 'a mark follows whatever time a row has',
    file: 'packages/exchange/src/capture/record-changes.ts',
    text: 'const { now, odd } = presentOf(desk, marks.newest)',
    replacement: `const { odd } = presentOf(desk, marks.newest)
  const now = '2099-01-01 00:00:00'`,
    proof: {
      file: 'acceptance/faults/clock-of-the-instance.test.ts',
      title: 'one save carries a time two hours ahead: it moves no mark, it is said, and everything else is told at once',
    },
  },
  {
    sentence: 'No clock of the instance',
    breaks: 'a mark stays where it was',
    file: 'packages/exchange/src/capture/record-changes.ts',
    text: 'const updatedOn = earliest(reach.updatedOn ?? BEGINNING, now)',
    replacement: 'const updatedOn = reach.updatedOn ?? BEGINNING',
    proof: {
      file: 'acceptance/faults/clock-of-the-instance.test.ts',
      title: 'the clock of the instance is put back five minutes, and forward again: every comment is told, once and in order',
    },
  },
  {
    sentence: 'A journal that is empty for',
    breaks: 'what was read first is believed',
    file: 'packages/exchange/src/capture/turn-into-updates.ts',
    text: `if (doubtful.stale.size && attempt < MOST_ATTEMPTS) return turnIntoUpdates(batch, due, attempt + 1)
  const hidden = new Set([...doubtful.hidden, ...doubtful.stale])`,
    replacement: 'const hidden = new Set(attempt > MOST_ATTEMPTS ? doubtful.stale : [])',
    proof: {
      file: 'acceptance/faults/journal-silent-for-a-moment.test.ts',
      title: 'each save is told whole, in its order, and to whom the ticket belonged then',
    },
  },
  {
    sentence: 'A record that cannot be read',
    breaks: 'one that cannot be read keeps the others waiting',
    file: 'packages/exchange/src/capture/work-off.ts',
    text: 'if (error instanceof DatabaseAway || (error instanceof ServiceNowError && !ABOUT_ROWS.has(error.kind))) throw error',
    replacement: 'if (error instanceof DatabaseAway || error instanceof ServiceNowError) throw error',
    proof: {
      file: 'acceptance/faults/hidden-file.test.ts',
      title:
        'one file of one ticket is hidden, and another ticket whole: those wait, all others and other partners are told, and nothing of them is missing afterwards',
    },
  },
  {
    sentence: 'A record that cannot be read',
    breaks: 'what is hidden counts as not there',
    file: 'packages/exchange/src/capture/turn-into-updates.ts',
    text: 'const hidden = new Set([...doubtful.hidden, ...doubtful.stale])',
    replacement: 'const hidden = new Set([...doubtful.stale])',
    proof: {
      file: 'acceptance/faults/blind.test.ts',
      title: 'while the journal cannot be read (…) capture waits, says so, and tells each comment once when it can',
    },
  },
  {
    sentence: 'Of records that are nobody’s',
    breaks: 'every record is read',
    file: 'packages/exchange/src/capture/partners-records.ts',
    text: 'return page.filter(row => known.has(row.sys_id!) || isSomebodys(row)).map(seen)',
    replacement: 'return page.filter(row => known.size >= 0 || isSomebodys(row)).map(seen)',
    proof: {
      file: 'acceptance/concurrency/changes-of-nobody.test.ts',
      title: 'a thousand changes of nobody’s records: nothing is read of them beside the pages that list changes, and nothing is kept',
    },
  },
  {
    sentence: 'A text is told letter by',
    breaks: 'a field is read as HTML',
    file: 'packages/exchange/src/mapping/shown.ts',
    text: 'asWritten(isHtml ? (textOfHtml(value) ?? value) : value)',
    replacement: 'asWritten(textOfHtml(value) ?? value)',
    proof: { file: 'packages/exchange/src/mapping/texts.test.ts', title: 'what stands in angle brackets > is text, letter by letter: …' },
  },
  {
    sentence: 'A text is told letter by',
    breaks: 'a partner reads the full-width bracket',
    file: 'packages/exchange/src/mapping/partner-text.ts',
    text: 'if (!text.includes(BRACKET)) return text',
    replacement: 'if (text.length >= 0) return text',
    proof: {
      file: 'packages/exchange/src/mapping/texts.test.ts',
      title: 'a partner’s [code] > is read back as it was written, whatever it stands in',
    },
  },
  {
    sentence: 'HTML that an agent pastes',
    breaks: 'what an agent pastes is told with its tags',
    file: 'packages/exchange/src/mapping/journal-text.ts',
    text: 'asWritten(entry.length > LONGEST_HTML ? entry : withoutCode(entry))',
    replacement: 'asWritten(entry.length > 0 ? entry : withoutCode(entry))',
    proof: { file: 'packages/exchange/src/mapping/texts.test.ts', title: '[code] is markup in a journal, and nothing but text in a field' },
  },
  {
    sentence: 'HTML that an agent pastes',
    breaks: 'the dictionary is not asked',
    file: 'packages/exchange/src/connections/declared-html.ts',
    text: 'some(text => text !== undefined && DIFFERS_AS_HTML.test(text))',
    replacement: "some(text => text === undefined && DIFFERS_AS_HTML.test(''))",
    proof: {
      file: 'acceptance/tickets/declared-html.test.ts',
      title: 'what ServiceNow declares as HTML is read as text, and written so that it shows what the partner wrote',
    },
  },
  {
    sentence: 'No text keeps its update,',
    breaks: 'the depth of a text has no bound',
    file: 'packages/exchange/src/mapping/text-of-html.ts',
    text: 'export const DEEPEST_HTML = 256',
    replacement: 'export const DEEPEST_HTML = 256_000_000',
    proof: {
      file: 'packages/exchange/src/mapping/texts.test.ts',
      title: 'HTML that an agent pastes > is text as it was written where it is too long or too deep, and never fails',
    },
  },
  {
    sentence: 'No text keeps its update,',
    breaks: 'the length of a text has no bound',
    file: 'packages/exchange/src/mapping/text-of-html.ts',
    text: 'if (html.length > LONGEST_HTML) return undefined',
    replacement: 'if (html.length > LONGEST_HTML * 1_000) return undefined',
    proof: {
      file: 'packages/exchange/src/mapping/texts.test.ts',
      title: 'a field that ServiceNow declares as HTML > that is too long stays as it is',
    },
  },
  {
    sentence: 'A start does not wait for',
    breaks: 'a start waits for the first look',
    file: 'packages/exchange/src/capture/capture.ts',
    text: 'const BASELINE_WITHIN_MS = 2_000',
    replacement: 'const BASELINE_WITHIN_MS = 2_000_000',
    proof: {
      file: 'acceptance/faults/hostile-text.test.ts',
      title: 'the door opens before the first look has ended, and what happens to a ticket that is filed meanwhile is told',
    },
    says: 'was not printed within',
  },
  {
    sentence: 'What a partner files before',
    breaks: 'what was filed by then counts as history',
    file: 'packages/exchange/src/capture/baseline.ts',
    text: 'const baseline = earliest(newest, (await findFirstFiling(database, desk)) ?? newest)',
    replacement: 'const baseline = earliest(newest, newest)',
    proof: {
      file: 'acceptance/faults/hostile-text.test.ts',
      title: 'the door opens before the first look has ended, and what happens to a ticket that is filed meanwhile is told',
    },
  },
  {
    sentence: 'A work note never reaches',
    breaks: 'work notes are told of tickets too',
    file: 'packages/exchange/src/capture/updates.ts',
    text: `  const worknotes = kind.isTask ? saidIn(save, 'work_notes') : undefined
  const said`,
    replacement: `  const worknotes = saidIn(save, 'work_notes')
  const said`,
    proof: {
      file: 'acceptance/tickets/operator-makes-a-ticket.test.ts',
      title: '2.3 a ticket is created by the operator > a work note of the desk is not told',
    },
  },
  {
    sentence: 'A work note never reaches',
    breaks: 'a task’s work note is carried to its ticket',
    file: 'packages/exchange/src/capture/carries.ts',
    text: "entry => entry.element === 'comments'",
    replacement: 'entry => entry.element !== undefined',
    proof: {
      file: 'acceptance/tasks/provider-works-a-task.test.ts',
      title:
        '3.3 the provider updates the task of a … > its comment reaches the ticket and the customer; its work note never reaches the customer',
    },
  },
  {
    sentence: 'Order is that of ServiceNow,',
    breaks: 'a save by a wrong clock stands where its time puts it',
    file: 'packages/exchange/src/capture/saves.ts',
    text: 'filter(save => save.checkpoint !== undefined).sort((a, b) => compare(a.checkpoint!, b.checkpoint!) || rest(a, b))',
    replacement: 'filter(save => save.checkpoint !== undefined).sort((a, b) => compare(a.at, b.at) || rest(a, b))',
    proof: {
      file: 'acceptance/faults/clock-put-back.test.ts',
      title: 'one save among others carries a time that is wrong by … s: each is told once, in the order in which they were made',
    },
  },
  {
    sentence: 'A journal that is empty for',
    breaks: 'nobody counts the rows that the saves should have left',
    file: 'packages/exchange/src/capture/read-rows-of-turn.ts',
    text: 'return audited > journals',
    replacement: 'return audited > 1_000 + journals',
    proof: {
      file: 'acceptance/faults/journal-silent-for-a-moment.test.ts',
      title: 'read … of the journal finds nothing: each save is told whole, once',
    },
  },
  {
    sentence: 'A record that cannot be read',
    breaks: 'a record that a right hid while its save was passed over is not looked for again',
    file: 'packages/exchange/src/capture/sweeps.ts',
    text: '{ everyMs: 60_000, backSeconds: 120 }',
    replacement: '{ everyMs: 600_000, backSeconds: 120 }',
    proof: {
      file: 'acceptance/faults/hidden-file.test.ts',
      title:
        'one file of one ticket is hidden, and another ticket whole: those wait, all others and other partners are told, and nothing of them is missing afterwards',
    },
    says: 'did not come',
  },
  {
    sentence: 'Each kind of update goes to',
    breaks: 'a work note is told to a customer',
    file: 'packages/exchange/src/capture/updates.ts',
    text: "if (worknotes !== undefined) changes.push({ action: 'Worknote', attributes: { state, worknotes } })",
    replacement: "if (said !== undefined) changes.push({ action: 'Worknote', attributes: { state } })",
    proof: {
      file: 'packages/exchange/src/capture/update-kinds.test.ts',
      title: 'capture makes each kind of update of the table for those to whom it is told, and no other',
    },
  },
  {
    sentence: 'Each kind of update goes to',
    breaks: 'an update carries what its kind does not',
    file: 'packages/exchange/src/capture/updates.ts',
    text: "if (save.file) changes.push({ action: 'Attachment', attributes: { state, attachments:",
    replacement: "if (save.file) changes.push({ action: 'Attachment', attributes: { state, service: state, attachments:",
    proof: {
      file: 'packages/exchange/src/capture/update-kinds.test.ts',
      title: '… to a … carries what the table says, and nothing else',
    },
  },
]
