import type { Mutation } from '../mutation.ts'

/** What is kept and shown of credentials, and ways to reach them. */
export const SECRETS: readonly Mutation[] = [
  {
    sentence: 'figures by partner',
    breaks: 'figures by partner are said to anybody',
    file: 'packages/exchange/src/platform/metrics.ts',
    text: '(row.forOperator && !toOperator)',
    replacement: '(row.forOperator && !row.help)',
    proof: {
      file: 'acceptance/running/metrics.test.ts',
      title: 'partners stand at /metrics by name only for whoever comes with a credential of the operator’s; all else is said to anybody',
    },
  },
  {
    sentence: 'a line of the log has names',
    breaks: 'what is changed is logged with its body',
    file: 'packages/exchange/src/platform/serve.ts',
    text: 'return { ...Object.fromEntries(named),',
    replacement: 'return { ...(body as Record<string, string>), ...Object.fromEntries(named),',
    proof: {
      file: 'acceptance/running/log.test.ts',
      title:
        'the log of an exchange > says what started and why it ended, who of the operator came and what it changed, and nothing secret',
    },
  },
  {
    sentence: 'each change over the operator',
    breaks: 'only what replaces something is logged',
    file: 'packages/exchange/src/platform/serve.ts',
    text: "  row.method !== 'GET' && !row.onlyLooks",
    replacement: "  row.method === 'PUT' && !row.onlyLooks",
    proof: {
      file: 'acceptance/running/log.test.ts',
      title:
        'the log of an exchange > says what started and why it ended, who of the operator came and what it changed, and nothing secret',
    },
  },
  {
    sentence: 'each change over the operator',
    breaks: 'what changed nothing is logged as a change',
    file: 'packages/exchange/src/platform/serve.ts',
    text: ' && row.hasChanged?.(result) !== false',
    replacement: '',
    proof: {
      file: 'acceptance/running/log.test.ts',
      title:
        'the log of an exchange > says of a project whose it is and where, nothing of an agreement that stays as it was, and what a command changes on the database',
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
    sentence: 'what somebody else laid into',
    breaks: 'connections are moved out of any folder',
    file: 'packages/cli/src/connecting/saved-connections.ts',
    text: '=== true && there.uid === process.getuid?.()',
    replacement: '=== true && there.uid >= 0',
    proof: {
      file: 'acceptance/running/connections-moved.test.ts',
      title: '(tried as root) what another user has laid into the data folder is not taken for ours',
    },
  },
  {
    sentence: 'what somebody else laid into',
    breaks: 'a link is followed',
    file: 'packages/cli/src/connecting/saved-connections.ts',
    text: '  const there = lstatSync(',
    replacement: '  const there = (process.getBuiltinModule("node:fs")).statSync(',
    proof: {
      file: 'acceptance/running/connections-moved.test.ts',
      title: 'a link in the place of the earlier folder is not followed',
    },
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
    text: 'they take the credentials from that file.',
    replacement: 'they take the credentials from that file: ${customer.clientSecret}',
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
    sentence: 'there is a demo company only where',
    breaks: 'a database of one’s own has one too',
    file: 'packages/exchange/src/settings.ts',
    text: "variable === 'DATABASE_URL' ||",
    replacement: "variable === 'NO_DATABASE_URL' ||",
    proof: {
      file: 'packages/exchange/src/settings.test.ts',
      title: 'whether there is a demo company > …',
    },
  },
  {
    sentence: 'without one, first-steps.json holds',
    breaks: 'the desk’s sign-in stands in it all the same',
    file: 'packages/exchange/src/start/parts/front.ts',
    text: 'sandbox: { ...(demo && instances.sandbox.steps),',
    replacement: 'sandbox: { ...instances.sandbox.steps,',
    proof: {
      file: 'acceptance/running/demo-or-real.test.ts',
      title:
        'without a demo company > a start makes no partner, no credential and nobody, and first-steps.json holds addresses only; smoke says what it needs',
    },
  },
  {
    sentence: 'demo credentials are made once a database',
    breaks: 'a start with another data folder makes its own',
    file: 'packages/exchange/src/first-start/demo-credentials.ts',
    text: 'if (isMade && !isOurs) return',
    replacement: 'if (isMade && !isOurs && isWhole(known)) return',
    proof: {
      file: 'acceptance/running/demo-or-real.test.ts',
      title:
        'the credentials of the demo company > are made once a database: a start with another data folder adds none, and says where they are',
    },
  },
  {
    sentence: 'one command (',
    breaks: 'their projects stay active',
    file: 'packages/exchange/src/first-start/demo.store.ts',
    text: 'update exchange.project set active = false, ended_at',
    replacement: 'update exchange.project set ended_at',
    proof: {
      file: 'acceptance/running/demo-or-real.test.ts',
      title: 'deskbridge demo end > ends every one of them in every process at once, tokens too, and nobody else’s',
    },
  },
  {
    sentence: 'demo credentials are made once a database',
    breaks: 'dead ones in the file stay there',
    file: 'packages/exchange/src/first-start/demo-credentials.ts',
    text: 'isWhole(known) && live === clientsOf(known).length',
    replacement: 'isWhole(known)',
    proof: {
      file: 'acceptance/running/demo-credentials.test.ts',
      title: 'demo credentials in our file that this database refuses make place for new ones at the next start',
    },
  },
  {
    sentence: 'one command (',
    breaks: 'one that is made at this moment stays',
    file: 'packages/exchange/src/first-start/end-demo.ts',
    text: '  await waitForDemo(queries)\n',
    replacement: '',
    proof: {
      file: 'acceptance/running/demo-credentials.test.ts',
      title: 'deskbridge demo end > waits for an exchange that makes demo credentials at this moment, and ends those',
    },
  },
  {
    sentence: 'one command (',
    breaks: 'its people go last',
    file: 'packages/exchange/src/first-start/demo.store.ts',
    text: `  await queries.changed(removePeople, [DEMO_ADDRESSES])
  await queries.changed(end, [DEMO_PARTNERS, DEMO_PROJECT, DEMO_ADDRESSES])`,
    replacement: `  await queries.changed(end, [DEMO_PARTNERS, DEMO_PROJECT, DEMO_ADDRESSES])
  await queries.changed(removePeople, [DEMO_ADDRESSES])`,
    proof: {
      file: 'acceptance/running/demo-credentials.test.ts',
      title: 'deskbridge demo end > ends a token too that the demo operator makes at this moment',
    },
  },
  {
    sentence: 'what the demo operator has made',
    breaks: 'a secret that its operator made is not named',
    file: 'packages/exchange/src/first-start/made-by-demo.store.ts',
    text: '(s.made_by ~ $1 or exists',
    replacement: '(false or exists',
    proof: {
      file: 'acceptance/running/demo-credentials.test.ts',
      title: 'deskbridge demo end > names what the demo operator has made for others, which stays; so does a start without a demo company',
    },
  },
  {
    sentence: 'a start without a demo company names those',
    breaks: 'it names the secrets and not the people',
    file: 'packages/exchange/src/first-start/remarks.ts',
    text: "[...secrets, ...persons(people)].join(', ')",
    replacement: "secrets.join(', ')",
    proof: {
      file: 'acceptance/running/demo-or-real.test.ts',
      title: 'without a demo company > a start names the demo credentials that its database still holds, and keeps none in its file',
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
    text: `        await notices.tell('sign-in', '', queries)
        return done
      })
    } finally {
      // Also where nobody knows whether it was committed.
      forget()`,
    replacement: `        return done
      })
    } finally {`,
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
]
