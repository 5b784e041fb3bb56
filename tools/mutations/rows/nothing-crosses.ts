import type { Mutation } from '../mutation.ts'

export const NOTHING_CROSSES: readonly Mutation[] = [
  {
    sentence: 'Partner and environment are',
    breaks: 'an update is found whosever it is',
    file: 'packages/exchange/src/update-queue/update-queue.store.ts',
    text: 'from exchange.update where environment = $1 and partner_id = $2 and transaction_id = $3',
    replacement: 'from exchange.update where environment = $1 and $2::uuid is not null and transaction_id = $3',
    proof: { file: 'acceptance/access/isolation.test.ts', title: 'does not hear of it, nor replay from an update of it' },
  },
  {
    sentence: 'What is not yours is 404,',
    breaks: 'a ticket is whose company any partner has',
    file: 'packages/exchange/src/ownership/owned-record.ts',
    text: 'const own = split.filter(({ values }) => owns(caller, kind, values, filer(values)))',
    replacement: 'const own = split.filter(({ values }) => values !== undefined || owns(caller, kind, values, filer(values)))',
    proof: { file: 'acceptance/access/isolation.test.ts', title: 'does not read the ticket' },
  },
  {
    sentence: 'Whose ticket or task it is,',
    breaks: 'a task stays with whoever had it',
    file: 'packages/exchange/src/ownership/owned-record.ts',
    text: "return roles.includes('provider') && solverGroups.some(group => group.sysId === values.assignment_group)",
    replacement: "return roles.includes('provider') && solverGroups.length > 0",
    proof: {
      file: 'acceptance/tasks/provider-gets-a-task.test.ts',
      title:
        '3.2 the operator places an update on the task of a … > a task that is taken away is told as Canceled, and is the provider’s no more',
    },
  },
  {
    sentence: 'A text that anybody can copy',
    breaks: 'whatever carries the correlation id is the filing’s',
    file: 'packages/exchange/src/ownership/filer.ts',
    text: 'return filing.sysId === sysId ? filing.partnerId : undefined',
    replacement: 'return filing.partnerId',
    proof: {
      file: 'acceptance/access/copied-record.test.ts',
      title:
        'a copy of a filed … for another company > is told to that company as the desk’s own ticket, and neither told nor shown to the one that filed the first',
    },
  },
  {
    sentence: 'A ticket that a partner filed',
    breaks: 'its company decides',
    file: 'packages/exchange/src/ownership/owned-record.ts',
    text: `  if (filer !== undefined) return filer === owner.partnerId
`,
    replacement: '',
    proof: {
      file: 'acceptance/access/moved-record.test.ts',
      title: 'a ticket that a partner filed stays its own, with all of it, whatever company the desk sets',
    },
  },
  {
    sentence: 'Of any other record each',
    breaks: 'everybody is shown all of it',
    file: 'packages/exchange/src/ownership/history.ts',
    text: 'return owner === undefined || owner === partnerId',
    replacement: 'return owner === undefined || owner !== undefined || owner === partnerId',
    proof: {
      file: 'acceptance/access/moved-record.test.ts',
      title:
        'a ticket of the operator’s that is moved from one company to another, and back > shows each what came while it was its own, in GET, New and GetAttachment',
    },
  },
  {
    sentence: 'Of any other record each',
    breaks: 'a task’s next provider is shown all of it',
    file: 'packages/exchange/src/ownership/history.ts',
    text: 'return isKnown ? entry => isShownTo(history.handovers, partnerId, entry) : () => false',
    replacement: 'return isKnown ? () => true : () => false',
    proof: {
      file: 'acceptance/access/moved-record.test.ts',
      title: 'a task that is passed on from one provider to another > shows the next one nothing of what the first one wrote or was told',
    },
  },
  {
    sentence: 'Of any other record each',
    breaks: 'a file stands by its time, though the clock was put back',
    file: 'packages/exchange/src/capture/saves.ts',
    text: 'if (!isPutBack) return',
    replacement: 'if (files.length) return',
    proof: {
      file: 'acceptance/faults/clock-put-back.test.ts',
      title: 'a file among saves of times before and behind it, noticed all at once, is told to whose the record was then',
    },
  },
  {
    sentence: 'Of any other record each',
    breaks: 'a clock put back before the record was captured last is not seen',
    file: 'packages/exchange/src/capture/saves.ts',
    text: '(captured && captured.updatedOn < moved) ||',
    replacement: '',
    proof: {
      file: 'acceptance/faults/clock-put-back.test.ts',
      title:
        'a file of the very second in which capture has seen its record last is shown to whom it was given, though clocks have told later times',
    },
  },
  {
    sentence: 'Of any other record each',
    breaks: 'a file’s own time does not show that the clock was put back',
    file: 'packages/exchange/src/capture/saves.ts',
    text: 'files.some(({ at }) => at < times[0]!)',
    replacement: 'false',
    proof: {
      file: 'acceptance/faults/clock-put-back.test.ts',
      title:
        'a file that nobody’s record gets while the clock is put back, noticed with a later save, is not told to whom it was taken from',
    },
  },
  {
    sentence: 'Of any other record each',
    breaks: 'a file that came after a move is not named with it',
    file: 'packages/exchange/src/capture/handovers.ts',
    text: 'if (isLater) named',
    replacement: 'if (isLater && !save.file) named',
    proof: {
      file: 'acceptance/faults/clock-put-back.test.ts',
      title:
        'a file of the very second in which capture has seen its record last is shown to whom it was given, though clocks have told later times',
    },
  },
  {
    sentence: 'Of any other record each',
    breaks: 'a move stands at a time before that of an earlier file',
    file: 'packages/exchange/src/capture/capture-record.ts',
    text: '...rows.journals, ...rows.files].filter(row => sources',
    replacement: '...rows.journals].filter(row => sources',
    proof: {
      file: 'acceptance/faults/clock-put-back.test.ts',
      title: 'a file with a later time than the move behind it is not shown to whom the record is given',
    },
  },
  {
    sentence: 'The present values of the',
    breaks: 'a ticket is shown to whom it belonged',
    file: 'packages/exchange/src/agreements/agreements.ts',
    text: 'organisation ? company === organisation.sysId : false',
    replacement: 'organisation ? company !== undefined : false',
    proof: {
      file: 'acceptance/access/moved-record.test.ts',
      title:
        'a ticket of the operator’s that is moved from one company to another, and back > shows each what came while it was its own, in GET, New and GetAttachment',
    },
  },
  {
    sentence: 'A credential of one environment',
    breaks: 'every ticket goes to the sandbox',
    file: 'packages/exchange/src/start/parts/desks.ts',
    text: '[environment, instances[environment].desk])) as Desks',
    replacement: '[environment, (instances[environment] && instances.sandbox).desk])) as Desks',
    proof: {
      file: 'acceptance/access/environments.test.ts',
      title:
        '4.3 and 4.4 the credentials decide the environment, the addresses stay the same > a ticket goes to the instance of the credential’s environment, and to no other',
    },
  },
  {
    sentence: 'No default credential is',
    breaks: 'half a sign-in is enough',
    file: 'packages/exchange/src/settings.ts',
    text: 'if (url && !(userName && password) && !(clientId && clientSecret))',
    replacement: "if (url === 'x' && !(userName && password) && !(clientId && clientSecret))",
    proof: { file: 'packages/exchange/src/settings.test.ts', title: 'all problems are told together, and what is missing opens no door' },
  },
  {
    sentence: 'No default credential is',
    breaks: 'a company of the desk’s own stands in',
    file: 'packages/exchange/src/agreements/agreements.ts',
    text: `if (organisation) return organisation
`,
    replacement: `if (partnerName) return organisation ?? { sysId: '0'.repeat(32), name: partnerName, table: 'core_company' }
`,
    proof: {
      file: 'acceptance/organisations/mapping.test.ts',
      title: 'an organisation that is not mapped > cannot file, and the answer says what to map',
    },
  },
  {
    sentence: 'People of other companies',
    breaks: 'whoever stands on the ticket is named',
    file: 'packages/exchange/src/mapping/shown.ts',
    text: 'Boolean(values.company) && values[`${field}.company`] === values.company',
    replacement: 'Boolean(values.company)',
    proof: {
      file: 'packages/exchange/src/mapping/mapping.test.ts',
      title: 'people of another company than the ticket’s are not told to the partner',
    },
  },
]
