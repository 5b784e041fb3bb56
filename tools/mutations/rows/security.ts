import type { Mutation } from '../mutation.ts'

export const SECURITY: readonly Mutation[] = [
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
  {
    sentence: 'secrets are 256 random bits',
    breaks: 'a secret has 128 bits',
    file: 'packages/exchange/src/sign-in/secrets.ts',
    text: 'randomBytes(32)',
    replacement: 'randomBytes(16)',
    proof: { file: 'packages/exchange/src/sign-in/secrets.test.ts', title: 'a secret has 256 random bits' },
  },
  {
    sentence: 'passwords are kept as argon2id',
    breaks: 'they are kept as argon2d',
    file: 'packages/exchange/src/sign-in/password-hash.worker.ts',
    text: 'hashSync(password)',
    replacement: 'hashSync(password, { algorithm: 0 })',
    proof: {
      file: 'acceptance/access/copy-of-the-database.test.ts',
      title: 'a copy of the database has no secret, token or password of the exchange in it, but what they are compared with',
    },
  },
  {
    sentence: 'a secret is held against',
    breaks: 'the comparison ends at the first difference',
    file: 'packages/exchange/src/sign-in/secrets.ts',
    text: 'timingSafeEqual(sent, candidate) || found',
    replacement: 'sent.equals(candidate) || found',
    proof: {
      file: 'packages/exchange/src/sign-in/secrets.test.ts',
      title: 'a secret is held against each of its project’s, whichever is right, by a comparison that takes the same time',
    },
  },
  {
    sentence: 'a secret is held against',
    breaks: 'the first that is right ends it',
    file: 'packages/exchange/src/sign-in/secrets.ts',
    text: 'timingSafeEqual(sent, candidate) || found',
    replacement: 'found || timingSafeEqual(sent, candidate)',
    proof: {
      file: 'packages/exchange/src/sign-in/secrets.test.ts',
      title: 'a secret is held against each of its project’s, whichever is right, by a comparison that takes the same time',
    },
  },
  {
    sentence: 'a try is reserved before',
    breaks: '20 of a name from one network are looked at',
    file: 'packages/exchange/src/sign-in/guesses.ts',
    text: '  place: 10,',
    replacement: '  place: 20,',
    proof: {
      file: 'acceptance/access/guesses.test.ts',
      title: 'guesses at once > of 200 wrong client secrets ten are looked at, and the partner gets its token meanwhile',
    },
  },
  {
    sentence: 'a try is reserved before',
    breaks: 'a network has 60 tries',
    file: 'packages/exchange/src/sign-in/guesses.ts',
    text: '  network: 30,',
    replacement: '  network: 60,',
    proof: {
      file: 'acceptance/access/guesses.test.ts',
      title:
        'guesses from many places, and at many names > from one address 30 guesses a minute are looked at, whatever the names; who has signed in from there before still does',
    },
  },
  {
    sentence: 'a try is reserved before',
    breaks: 'a name has 160 tries',
    file: 'packages/exchange/src/sign-in/guesses.ts',
    text: '  further: 30,',
    replacement: '  further: 60,',
    proof: {
      file: 'acceptance/access/guesses.test.ts',
      title:
        'a name is guessed at 130 times a minute at most, wherever from; its owner signs in where it did before, and a newcomer while 100 networks have not come',
    },
  },
  {
    sentence: 'a try is reserved before',
    breaks: 'each process counts for itself',
    file: 'packages/exchange/src/sign-in/guesses.ts',
    text: 'reserveTry(database, `${kind} ${counted}`,',
    replacement: 'reserveTry(database, `${kind} ${counted} ${process.pid}`,',
    proof: { file: 'acceptance/access/guesses.test.ts', title: 'guesses at once > two exchanges count together' },
  },
  {
    sentence: 'from where a name has signed',
    breaks: 'nobody is known from before',
    file: 'packages/exchange/src/sign-in/guesses.ts',
    text: "if (known) return void (await take('known place', TRIES.place, name, network))",
    replacement: "if (known && network === '') return void (await take('known place', TRIES.place, name, network))",
    proof: {
      file: 'acceptance/access/guesses.test.ts',
      title:
        'guesses from many places, and at many names > from one address 30 guesses a minute are looked at, whatever the names; who has signed in from there before still does',
    },
  },
  {
    sentence: 'elsewhere each network’s',
    breaks: 'first and further tries are one',
    file: 'packages/exchange/src/sign-in/guesses.ts',
    text: "const share = nth === 1 ? 'first' : 'further'",
    replacement: "const share = nth === 0 ? 'first' : 'further'",
    proof: {
      file: 'acceptance/access/guesses.test.ts',
      title:
        'a name is guessed at 130 times a minute at most, wherever from; its owner signs in where it did before, and a newcomer while 100 networks have not come',
    },
  },
  {
    sentence: 'unknown people and partners’',
    breaks: 'whoever is no operator is refused at once',
    file: 'packages/exchange/src/sign-in/operators.ts',
    text: 'return (await passwords.matches(basic.password, stored, known)) ? { email } : undefined',
    replacement: 'return stored && (await passwords.matches(basic.password, stored, known)) ? { email } : undefined',
    proof: {
      file: 'acceptance/access/guesses.test.ts',
      title: 'slow hashes > an operator, somebody unknown and a partner’s person hear the same of a wrong password, after the same work',
    },
  },
  {
    sentence: 'one slow hash at a time on',
    breaks: 'any number may wait in the practice instance',
    file: 'packages/instance/src/sign-in/password.ts',
    text: 'const MOST_WAITING = 32',
    replacement: 'const MOST_WAITING = 32_000',
    proof: {
      file: 'packages/instance/src/conformance/sign-in.test.ts',
      title: 'who may come in > a flood of wrong passwords of … ends with 429, and whoever has signed in works on',
    },
  },
  {
    sentence: 'one slow hash at a time on',
    breaks: 'who is known waits behind strangers',
    file: 'packages/exchange/src/sign-in/passwords.ts',
    text: 'return (task[queueOptionsSymbol] as { known?: boolean } | null)?.known ? this.#known : this.#strangers',
    replacement: 'return (task[queueOptionsSymbol] as { known?: boolean } | null)?.known ? this.#strangers : this.#known',
    proof: {
      file: 'acceptance/access/guesses.test.ts',
      title:
        'slow hashes > while guesses keep the hash busy a ticket with a file waits for none of them, and an operator who is known goes first',
    },
    says: 'timed out',
  },
  {
    sentence: 'counts are in a fixed number',
    breaks: 'each name has a row',
    file: 'packages/exchange/src/sign-in/guesses.store.ts',
    text: 'const BUCKETS = 65_536',
    replacement: 'const BUCKETS = 2_000_000_000',
    proof: {
      file: 'acceptance/access/guesses.test.ts',
      title:
        'guesses from many places, and at many names > strangers make no table grow: one address makes as many rows as it has tries, and all together a fixed number',
    },
  },
  {
    sentence: 'X-Forwarded-For counts only',
    breaks: 'any connection may say who calls',
    file: 'packages/exchange/src/platform/caller-address.ts',
    text: `      if (!trusted(caller)) break
`,
    replacement: '',
    proof: {
      file: 'packages/exchange/src/platform/caller-address.test.ts',
      title: 'a connection that is no trusted proxy’s speaks for itself, whatever its header says',
    },
  },
  {
    sentence: 'X-Forwarded-For counts only',
    breaks: 'it is read from the left',
    file: 'packages/exchange/src/platform/caller-address.ts',
    text: "entriesOf(forwardedFor ?? '').reverse()",
    replacement: "entriesOf(forwardedFor ?? '')",
    proof: {
      file: 'packages/exchange/src/platform/caller-address.test.ts',
      title: 'behind trusted proxies the caller is whom the outermost of them was called by > …',
    },
  },
  {
    sentence: 'secrets and tokens are stored',
    breaks: 'a secret is stored as it is',
    file: 'packages/exchange/src/sign-in/secrets.ts',
    text: "hash('sha256', text, 'buffer')",
    replacement: "Buffer.concat([hash('sha256', text, 'buffer'), Buffer.from(text)])",
    proof: {
      file: 'acceptance/access/copy-of-the-database.test.ts',
      title: 'a copy of the database has no secret, token or password of the exchange in it, but what they are compared with',
    },
  },
  {
    sentence: 'secrets and tokens are stored',
    breaks: 'a password is hashed with argon2i',
    file: 'packages/exchange/src/sign-in/password-hash.worker.ts',
    text: 'hashSync(password)',
    replacement: 'hashSync(password, { algorithm: 1 })',
    proof: {
      file: 'acceptance/access/copy-of-the-database.test.ts',
      title: 'a copy of the database has no secret, token or password of the exchange in it, but what they are compared with',
    },
  },
  {
    sentence: 'saved credentials are sealed',
    breaks: 'a key file may be read by all',
    file: 'packages/servicenow/src/saved/key-file.ts',
    text: `  chmodSync(temporary, 0o600)
`,
    replacement: `  chmodSync(temporary, 0o644)
`,
    proof: {
      file: 'packages/servicenow/src/saved/sealing.test.ts',
      title: 'a key file is made on first need, for its owner alone, and stays',
    },
  },
  {
    sentence: 'saved credentials are sealed',
    breaks: 'a key file that others may read is used',
    file: 'packages/servicenow/src/saved/key-file.ts',
    text: 'if ((statSync(path).mode & 0o077) !== 0)',
    replacement: 'if ((statSync(path).mode & 0o001) !== 0)',
    proof: { file: 'packages/servicenow/src/saved/sealing.test.ts', title: 'a key file that others may read is not used' },
  },
  {
    sentence: 'name, environment and address',
    breaks: 'the place is not sealed with it',
    file: 'packages/servicenow/src/saved/saved-connections.ts',
    text: '`connection ${name} ${environment} ${url}`',
    replacement: '`connection ${name.length > 0}`',
    proof: {
      file: 'packages/servicenow/src/saved/saved-connections.test.ts',
      title: 'the file of a connection that somebody changed is refused, so that a password cannot be sent to another address',
    },
  },
  {
    sentence: 'they are never shown again,',
    breaks: 'what is sealed is shown',
    file: 'packages/servicenow/src/saved/saved-connection.ts',
    text: 'const who = ({ way, who, since }: SealedCredentials) => ({ way, who, since })',
    replacement: 'const who = (one: SealedCredentials) => one',
    proof: {
      file: 'packages/servicenow/src/saved/saved-connections.test.ts',
      title: 'a saved connection shows who and where, and gives its secret to the connection alone',
    },
  },
  {
    sentence: 'no command takes a secret',
    breaks: 'a password may be an argument',
    file: 'packages/cli/src/instance/command.ts',
    text: "        'password-stdin': { type: 'boolean', default: false },",
    replacement: `        password: { type: 'string' },
        'password-stdin': { type: 'boolean', default: false },`,
    proof: {
      file: 'acceptance/running/practice-instance-command.test.ts',
      title: 'deskbridge instance > refuses …, and repeats no secret',
    },
    says: 'timed out',
  },
  {
    sentence: 'no secret is printed: the',
    breaks: 'a start prints the customer’s secret',
    file: 'packages/cli/src/exchange/start.ts',
    text: '  credentials           ${firstStepsPath}',
    replacement: '  credentials           ${firstStepsPath} ${customer.clientSecret}',
    proof: { file: 'acceptance/running/starting.test.ts', title: 'a start > prints no secret: journals and containers keep what it says' },
  },
  {
    sentence: 'no secret is printed: the',
    breaks: 'first-steps.json may be read by all',
    file: 'packages/exchange/src/first-start/first-steps.ts',
    text: '{ mode: 0o600 }',
    replacement: '{ mode: 0o644 }',
    proof: {
      file: 'acceptance/running/starting.test.ts',
      title: 'a start > first-steps.json has everything, and only its owner may read it',
    },
  },
  {
    sentence: 'a generated one is shown',
    breaks: 'it is shown to whoever asks',
    file: 'packages/cli/src/process/own-secret.ts',
    text: 'return show && process.stdout.isTTY ? secret :',
    replacement: 'return show ? secret :',
    proof: {
      file: 'acceptance/running/practice-instance-command.test.ts',
      title: 'deskbridge instance > makes one where none is given, which stays and is shown to nobody but its owner',
    },
  },
  {
    sentence: 'what changes something is',
    breaks: 'a page of another site may ask',
    file: 'packages/exchange/src/platform/other-site.ts',
    text: "site === 'same-origin' || site === 'none' :",
    replacement: "site !== 'x' :",
    proof: {
      file: 'acceptance/running/operator-connections.test.ts',
      title: 'an operator’s saved connections > what a page of another site could send unasked changes nothing',
    },
  },
  {
    sentence: 'what changes something is',
    breaks: 'any Origin may ask',
    file: 'packages/exchange/src/platform/other-site.ts',
    text: "origin === null || hostOf(origin) === header('host')?.toLowerCase()",
    replacement: 'origin === null || hostOf(origin) !== undefined',
    proof: {
      file: 'acceptance/running/operator-connections.test.ts',
      title: 'an operator’s saved connections > what a page of another site could send unasked changes nothing',
    },
  },
  {
    sentence: 'the path is judged as it',
    breaks: 'dot segments are tidied up',
    file: 'packages/exchange/src/platform/request-path.ts',
    text: "if (parts.includes('.') || parts.includes('..')) throw",
    replacement: "if (parts.includes('...')) throw",
    proof: {
      file: 'acceptance/access/every-path.test.ts',
      title: 'a path > that leads elsewhere once it is tidied up is refused, before anything is asked',
    },
  },
  {
    sentence: 'the path is judged as it',
    breaks: 'a route may be written otherwise',
    file: 'packages/exchange/src/platform/serve.ts',
    text: `  refuseOtherSpellings,
`,
    replacement: '',
    proof: {
      file: 'acceptance/access/every-path.test.ts',
      title: 'a path > that leads elsewhere once it is tidied up is refused, before anything is asked',
    },
  },
  {
    sentence: 'only an organisation’s name',
    breaks: 'no name may hold one',
    file: 'packages/exchange/src/organisations/organisations.input.ts',
    text: 'const organisation = textUpTo(LONGEST_ORGANISATION)',
    replacement: 'const organisation = pathPart(LONGEST_ORGANISATION)',
    proof: {
      file: 'acceptance/access/every-path.test.ts',
      title: 'a path > names an organisation with a slash in its name where its parameter takes one',
    },
  },
  {
    sentence: 'each parameter of a path',
    breaks: 'a part of a path may be any text',
    file: 'packages/exchange/src/platform/serve.ts',
    text: 'row.params ? checked(row.params, context.req.param()) : {}',
    replacement: 'row.params ? context.req.param() : {}',
    proof: {
      file: 'acceptance/access/every-path.test.ts',
      title: 'a path > with a hostile part is refused in words, whatever the operation: never a failure, never another operation’s answer',
    },
  },
  {
    sentence: 'the doctor says that a sign-in',
    breaks: 'any answer is one of the Table API',
    file: 'packages/servicenow/src/doctor/sign-in-proof.ts',
    text: '  const wrong = outcome instanceof ServiceNowError ? failed(patient, outcome) : listed(patient, outcome.result)',
    replacement: '  const wrong = outcome instanceof ServiceNowError ? failed(patient, outcome) : undefined',
    proof: {
      file: 'packages/servicenow/src/doctor/false-instances.test.ts',
      title: 'credentials that an instance does not refuse are not said to be accepted > because it answers …',
    },
  },
  {
    sentence: 'the doctor says that a sign-in',
    breaks: 'invented credentials are not tried',
    file: 'packages/servicenow/src/doctor/sign-in-proof.ts',
    text: 'if (stranger.status < 300) return notOk(',
    replacement: 'if (stranger.status < 200) return notOk(',
    proof: {
      file: 'packages/servicenow/src/doctor/false-instances.test.ts',
      title: 'credentials that an instance does not refuse are not said to be accepted > because it answers everybody who gives any with …',
    },
  },
  {
    sentence: 'credentials that it does',
    breaks: 'what does not work is rotated in',
    file: 'packages/exchange/src/connections/connections.ts',
    text: 'if (!examination.ok) {',
    replacement: 'if (!examination) {',
    proof: {
      file: 'acceptance/running/operator-connections.test.ts',
      title: 'an operator’s saved connections > are saved, checked, shown without secrets, rotated, moved, retired and removed',
    },
  },
  {
    sentence: 'opaque, 3,599 s',
    breaks: 'a token has no end',
    file: 'packages/exchange/src/sign-in/sign-in.store.ts',
    text: 't.revoked_at is null and t.expires_at > now() and p.active',
    replacement: 't.revoked_at is null and p.active',
    proof: { file: 'acceptance/access/sign-in.test.ts', title: 'a token that has ended > an expired one is answered 401' },
  },
  {
    sentence: 'worthless at once when revoked,',
    breaks: 'a revoked one is remembered',
    file: 'packages/exchange/src/sign-in/tokens.ts',
    text: `  const tellAll = () => {
    forget()
    return notices.tell('sign-in')`,
    replacement: `  const tellAll = () => {
    return notices.tell('x')`,
    proof: { file: 'acceptance/access/ending-a-token.test.ts', title: 'only its owner ends a token, and then it is worth nothing at once' },
  },
  {
    sentence: 'worthless at once when revoked,',
    breaks: 'anybody ends a token',
    file: 'packages/exchange/src/sign-in/sign-in.store.ts',
    text: 'where token_sha256 = $1 and project_id = $2 and revoked_at is null',
    replacement: 'where token_sha256 = $1 and $2::uuid is not null and revoked_at is null',
    proof: { file: 'acceptance/access/ending-a-token.test.ts', title: 'only its owner ends a token, and then it is worth nothing at once' },
  },
  {
    sentence: 'private detail goes to the',
    breaks: 'an error has the credential that is wrong',
    file: 'packages/servicenow/src/saved/credentials.ts',
    text: 'throw wrong(`the ${odd.about} has a character that cannot be typed`)',
    replacement: 'throw wrong(`the ${odd.about} has a character that cannot be typed: ${values.password}`)',
    proof: {
      file: 'packages/servicenow/src/saved/credentials.test.ts',
      title: 'what is missing, stray or wrong is named and never shown: … as …',
    },
  },
  {
    sentence: 'every file is for its owner',
    breaks: 'first-steps.json may be read by all',
    file: 'packages/exchange/src/first-start/first-steps.ts',
    text: '{ mode: 0o600 }',
    replacement: '{ mode: 0o644 }',
    proof: {
      file: 'acceptance/running/other-users-of-the-machine.test.ts',
      title: 'another user of the machine > finds nothing to read in the data folder, and no way into its database',
    },
  },
  {
    sentence: 'PostgreSQL listens on a Unix',
    breaks: 'its password can be guessed',
    file: 'packages/postgres/src/password.ts',
    text: "const password = known || randomBytes(32).toString('base64url')",
    replacement: "const password = known || (randomBytes(32) && 'guessed')",
    proof: {
      file: 'acceptance/running/other-users-of-the-machine.test.ts',
      title: 'another user of the machine > finds nothing to read in the data folder, and no way into its database',
    },
  },
  {
    sentence: 'PostgreSQL listens on a Unix',
    breaks: 'its password may be read by all',
    file: 'packages/postgres/src/password.ts',
    text: "{ mode: 0o600, flag: 'wx', flush: true }",
    replacement: "{ mode: 0o644, flag: 'wx', flush: true }",
    proof: {
      file: 'acceptance/running/other-users-of-the-machine.test.ts',
      title: 'another user of the machine > finds nothing to read in the data folder, and no way into its database',
    },
  },
  {
    sentence: 'PostgreSQL listens on a Unix',
    breaks: 'its socket is everybody’s',
    file: 'packages/postgres/src/embedded.ts',
    text: "unix_socket_permissions: '0700'",
    replacement: "unix_socket_permissions: '0777'",
    proof: {
      file: 'acceptance/running/other-users-of-the-machine.test.ts',
      title: 'another user of the machine > finds nothing to read in the data folder, and no way into its database',
    },
  },
  {
    sentence: 'started as root it runs as',
    breaks: 'it runs as a user of an account’s number',
    file: 'packages/postgres/src/own-user.ts',
    text: 'const user = isUnused(uid) ? both(uid) : both(findUnusedNumber())',
    replacement: 'const user = isUnused(uid) ? both(uid) : both(NOBODY)',
    proof: {
      file: 'acceptance/running/other-users-of-the-machine.test.ts',
      title:
        'another user of the machine > (tried as root) is not who PostgreSQL runs as: that user has no account, and its number alone opens nothing',
    },
  },
  {
    sentence: 'started as root it runs as',
    breaks: 'any group enters while it is made',
    file: 'packages/postgres/src/initialise.ts',
    text: `    chmodSync(data, 0o710)
`,
    replacement: `    chmodSync(data, 0o711)
    chmodSync(workplace, 0o777)
`,
    proof: {
      file: 'acceptance/running/other-users-of-the-machine.test.ts',
      title:
        '(tried as root) what another user made beforehand in a folder that all share > (a process of nobody’s) does not get into a database while it is being made',
    },
  },
  {
    sentence: 'one that belonged to nobody,',
    breaks: 'one that trusts its owner stays so',
    file: 'packages/postgres/src/password.ts',
    text: 'if (known && readTextIfThere(join(data, RULES_FILE)) === RULES)',
    replacement: "if (readTextIfThere(join(data, RULES_FILE)) !== '')",
    proof: {
      file: 'acceptance/running/other-users-of-the-machine.test.ts',
      title:
        'another user of the machine > gets nothing from a database that trusted its owner: at the next start it asks for a password, and has what it had',
    },
  },
  {
    sentence: 'outside its data folder nothing',
    breaks: 'copied programs may be anybody’s',
    file: 'packages/postgres/src/binaries.ts',
    text: 'return found?.isDirectory() === true && found.uid === 0 && (found.mode & 0o022) === 0',
    replacement: 'return found?.isDirectory() === true',
    proof: { file: 'packages/postgres/src/binaries.test.ts', title: 'what others made in the place of the copied programs is never run' },
  },
  {
    sentence: 'a data folder or a database',
    breaks: 'a folder that all may write to stays so',
    file: 'packages/exchange/src/platform/data-folder.ts',
    text: `  chmodSync(folder, mode & 0o7755)
`,
    replacement: '',
    proof: {
      file: 'acceptance/running/other-users-of-the-machine.test.ts',
      title: 'another user of the machine > who could change what is in the data folder stops the start, and a folder of our own is shut',
    },
  },
]
