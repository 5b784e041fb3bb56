import type { Mutation } from '../mutation.ts'

/** What strangers and partners send: queries, texts, bodies, mappings, spreadsheets. */
export const FOREIGN_INPUT: readonly Mutation[] = [
  {
    sentence: 'what a record says now (correlation,',
    breaks: 'any company is the caller’s',
    file: 'packages/exchange/src/agreements/agreements.ts',
    text: 'organisation ? company === organisation.sysId : false',
    replacement: 'organisation ? company !== undefined : false',
    proof: { file: 'acceptance/access/isolation.test.ts', title: 'does not read the ticket' },
  },
  {
    sentence: 'what is not yours is 404,',
    breaks: 'a file is anybody’s',
    file: 'packages/exchange/src/attachments/attachments.routes.ts',
    text: `  if (!owns(caller, kind, values, filer(values))) return false
`,
    replacement: '',
    proof: { file: 'acceptance/access/isolation.test.ts', title: 'does not fetch its file' },
  },
  {
    sentence: 'partner and environment are',
    breaks: 'an update is anybody’s',
    file: 'packages/exchange/src/update-queue/update-queue.store.ts',
    text: 'from exchange.update where environment = $1 and partner_id = $2 and transaction_id = $3',
    replacement: 'from exchange.update where $1::text is not null and $2::uuid is not null and transaction_id = $3',
    proof: { file: 'acceptance/access/isolation.test.ts', title: 'does not hear of it, nor replay from an update of it' },
  },
  {
    sentence: 'the credential alone decides',
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
    sentence: 'a value enters an encoded',
    breaks: 'a caret may stand in a value',
    file: 'packages/servicenow/src/encoded-query/harmless.ts',
    text: "if (text.includes('^')) throw",
    replacement: "if (text === '^') throw",
    proof: {
      file: 'packages/servicenow/src/encoded-query/query.test.ts',
      title: 'whatever the values, a query is read as it was meant, or refused > one value',
    },
  },
  {
    sentence: 'a value enters an encoded',
    breaks: 'javascript: may stand in a value',
    file: 'packages/servicenow/src/encoded-query/harmless.ts',
    text: ".toLowerCase().startsWith('javascript:')",
    replacement: ".toLowerCase().startsWith('javascript::')",
    proof: {
      file: 'packages/servicenow/src/encoded-query/query.test.ts',
      title: 'whatever the values, a query is read as it was meant, or refused > one value',
    },
  },
  {
    sentence: 'SQL takes values as parameters',
    breaks: 'a reference is written into its statement',
    file: 'packages/exchange/src/recorded-writes/recorded-writes.store.ts',
    text: 'await queries.writing<{ made: boolean }>(insertFiling, [',
    replacement:
      "await queries.writing<{ made: boolean }>({ ...insertFiling, name: write.writeId, text: insertFiling.text.replace('$10, $11, $12', `$10, '${write.reference}', $12`) }, [",
    proof: { file: 'acceptance/access/isolation.test.ts', title: 'references > … is kept as it is, on the way in and on the way out' },
  },
  {
    sentence: 'in ServiceNow a partner’s',
    breaks: 'a partner’s [code] switches on HTML',
    file: 'packages/exchange/src/mapping/partner-text.ts',
    text: '    return BRACKET.repeat(isMarker ? 2 * own + 1 : 2 * own) + rest',
    replacement: '    return isMarker ? `[${rest}` : BRACKET.repeat(2 * own) + rest',
    proof: {
      file: 'packages/exchange/src/mapping/texts.test.ts',
      title: 'a partner’s [code] > reads alike, is as long, and switches nothing on',
    },
  },
  {
    sentence: 'in a field that its dictionary',
    breaks: 'a partner’s tags are its own',
    file: 'packages/exchange/src/mapping/html-of-text.ts',
    text: `  '<': '&lt;',
`,
    replacement: `  '<': '<',
`,
    proof: {
      file: 'packages/exchange/src/mapping/texts.test.ts',
      title: 'a field that ServiceNow declares as HTML > shows what the partner wrote, and gives it back',
    },
  },
  {
    sentence: 'texts are read in time that',
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
    sentence: 'so in the practice instance, where',
    breaks: 'a bracket opens a tag or a comment, of which PostgreSQL looks for the end',
    file: 'packages/instance/src/storage/text-index.ts',
    text: "translate(${sql}, '<', ' ')",
    replacement: '${sql}',
    proof: { file: 'packages/instance/src/conformance/text-search.test.ts', title: 'what stands in angle brackets is text, and found' },
  },
  {
    sentence: 'bodies are read as they stream',
    breaks: 'what is read stays in memory',
    file: 'packages/exchange/src/spool/intake/read-body.ts',
    text: `    this.#decoded += bytes.length
`,
    replacement: `    this.#decoded += bytes.length
    ;((globalThis as { kept?: Buffer[] }).kept ??= []).push(Buffer.from(bytes))
`,
    proof: {
      file: 'packages/exchange/src/spool/intake/read-body.test.ts',
      title: '80 MiB need less than 50 MB of memory above idle, four at once',
    },
  },
  {
    sentence: 'base64 has no more blanks',
    breaks: 'blanks are not counted',
    file: 'packages/attachment/src/base64-decoder.ts',
    text: "if (this.#blanks > FIRST_BLANKS + this.#characters + end - this.#blanks) throw new NotBase64('it has more blanks than characters')",
    replacement: '',
    proof: {
      file: 'packages/attachment/src/base64-decoder.test.ts',
      title: 'the base64 decoder > takes blanks alone for an empty file, and no flood of them',
    },
  },
  {
    sentence: '256 KiB of text, 20 files',
    breaks: 'a text may be longer',
    file: 'packages/exchange/src/spool/intake/read-body.ts',
    text: 'text: 256 * 1024,',
    replacement: 'text: 257 * 1024,',
    proof: {
      file: 'packages/exchange/src/spool/intake/read-body.test.ts',
      title: 'the limits > count the text without the contents, exactly',
    },
  },
  {
    sentence: '256 KiB of text, 20 files',
    breaks: '21 files are taken',
    file: 'packages/exchange/src/spool/intake/read-body.ts',
    text: 'files: 20, depth',
    replacement: 'files: 21, depth',
    proof: { file: 'packages/exchange/src/spool/intake/read-body.test.ts', title: 'the limits > take 20 attachments and refuse the 21st' },
  },
  {
    sentence: '256 KiB of text, 20 files',
    breaks: 'a byte more than 80 MiB is taken',
    file: 'packages/exchange/src/spool/intake/read-body.ts',
    text: 'attachments: 80 * 1024 * 1024,',
    replacement: 'attachments: 80 * 1024 * 1024 + 1,',
    proof: {
      file: 'packages/exchange/src/spool/intake/read-body.test.ts',
      title: 'the limits > take 80 MiB and refuse one byte more, at once',
    },
  },
  {
    sentence: 'quotas per project',
    breaks: 'calls are counted and never refused',
    file: 'packages/exchange/src/sign-in/quota.ts',
    text: `      if (used >= limit)
`,
    replacement: `      if (used >= limit * 1_000)
`,
    proof: {
      file: 'acceptance/access/quota.test.ts',
      title: 'quotas > beyond it a project is answered 429 with Retry-After; other projects are not',
    },
  },
  {
    sentence: 'the files on their way are',
    breaks: 'all of them have no bound',
    file: 'packages/exchange/src/spool/room.ts',
    text: 'if (isBeyond(this.#all, more, this.#limits)) throw',
    replacement: 'if (isBeyond(this.#all, more, { bytes: Infinity, files: Infinity })) throw',
    proof: {
      file: 'packages/exchange/src/spool/spool.test.ts',
      title:
        'the spool > holds so much at most, of each who sends a quarter; what is removed is room again, and what a restart finds counts',
    },
  },
  {
    sentence: 'the files on their way are',
    breaks: 'one project may have all',
    file: 'packages/exchange/src/spool/room.ts',
    text: 'if (isBeyond(own, more, this.#share)) throw',
    replacement: 'if (isBeyond(own, more, this.#limits)) throw',
    proof: {
      file: 'acceptance/running/files-on-their-way.test.ts',
      title:
        'a project that has a quarter of the room on its way hears 429 with the numbers; others file on, and an upload that is given up is room again',
    },
  },
  {
    sentence: 'those of a refused request',
    breaks: 'those of a refused one stay for a day',
    file: 'packages/exchange/src/recorded-writes/files.store.ts',
    text: "refusedMinutes: '15'",
    replacement: "refusedMinutes: '1500'",
    proof: {
      file: 'packages/exchange/src/recorded-writes/recorded-writes.store.test.ts',
      title: 'the files of a write that nobody comes back for > are, when it is … since …, …',
    },
  },
  {
    sentence: 'those of a refused request',
    breaks: 'those of one that waits stay for 70 days',
    file: 'packages/exchange/src/recorded-writes/files.store.ts',
    text: "waitingDays: '7'",
    replacement: "waitingDays: '70'",
    proof: {
      file: 'packages/exchange/src/recorded-writes/recorded-writes.store.test.ts',
      title: 'the files of a write that nobody comes back for > are, when it is … since …, …',
    },
  },
  {
    sentence: 'a project has 1,000 access',
    breaks: 'it may have any number',
    file: 'packages/exchange/src/sign-in/sign-in.store.ts',
    text: "const TOKENS_A_PROJECT = '1000'",
    replacement: "const TOKENS_A_PROJECT = '100000'",
    proof: {
      file: 'acceptance/access/ending-a-token.test.ts',
      title: 'a program that asks for a token before each call has a thousand at most: then the oldest ends',
    },
  },
  {
    sentence: 'without a mapped organisation',
    breaks: 'a ticket without a company is whose mapping is missing',
    file: 'packages/exchange/src/agreements/agreements.ts',
    text: 'organisation ? company === organisation.sysId : false',
    replacement: 'organisation ? company === organisation.sysId : !company',
    proof: {
      file: 'acceptance/organisations/mapping.test.ts',
      title: 'an organisation that is not mapped > is shown nothing of a ticket that has no company',
    },
  },
  {
    sentence: 'without a mapped organisation',
    breaks: 'something stands in for a mapping',
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
    sentence: 'a record stands for one partner',
    breaks: 'nobody asks for whom it stands',
    file: 'packages/exchange/src/organisations/save-mappings.ts',
    text: 'if (holder === undefined || holder === one.organisation) return undefined',
    replacement: "if (holder === undefined || holder !== '') return undefined",
    proof: { file: 'acceptance/organisations/mapping.test.ts', title: 'a mapping is refused > to a record that stands for somebody else' },
  },
  {
    sentence: 'a record stands for one partner',
    breaks: 'the database holds any number',
    file: 'packages/exchange/src/migrations/0003_organisations.sql',
    text: 'create unique index agreement_organisation',
    replacement: 'create index agreement_organisation',
    proof: {
      file: 'acceptance/organisations/mapping.test.ts',
      title: 'a mapping is refused > by the database too, when two people confirm the same record at once',
    },
  },
  {
    sentence: 'what a spreadsheet would',
    breaks: 'it is written as it is',
    file: 'packages/exchange/src/organisations/organisation-file.ts',
    text: 'escape_formulas: true',
    replacement: 'escape_formulas: false',
    proof: {
      file: 'packages/exchange/src/organisations/organisation-file.test.ts',
      title: 'a file of mappings > lets a spreadsheet calculate nothing: …',
    },
  },
]
