import type { Mutation } from '../mutation.ts'

const OPERATORS = 'acceptance/access/administration.test.ts'
const SECRETS_OF_PROJECTS = 'acceptance/access/projects-and-secrets.test.ts'
const person = (title: string) => ({ file: OPERATORS, title: `a person of the operator > ${title}` })
const token = (title: string) => ({ file: OPERATORS, title: `a token of the operator > ${title}` })
const secret = (title: string) => ({ file: SECRETS_OF_PROJECTS, title: `a client secret > ${title}` })

/** Who administers the exchange, and what partners' systems sign in with. */
export const ADMINISTRATION: readonly Mutation[] = [
  {
    sentence: 'who may enter (people, passwords, tokens)',
    breaks: 'a token makes tokens',
    file: 'packages/exchange/src/sign-in/operators.ts',
    text: "if (operator.kind !== 'person') throw",
    replacement: "if (operator.name === '') throw",
    proof: token('of scope read changes nothing; of scope write it changes neither people nor tokens'),
  },
  {
    sentence: 'one of scope read may only look',
    breaks: 'a token of scope read changes something',
    file: 'packages/exchange/src/sign-in/operators.ts',
    text: "if (!reads && found.scope !== 'write')",
    replacement: "if (!reads && found.name === '')",
    proof: token('of scope read changes nothing; of scope write it changes neither people nor tokens'),
  },
  {
    sentence: 'it has an end, within 366 days',
    breaks: 'a token may be good for ten years',
    file: 'packages/exchange/src/operators/operator-tokens.routes.ts',
    text: 'const LONGEST_SECONDS = 366 * DAY',
    replacement: 'const LONGEST_SECONDS = 3_660 * DAY',
    proof: token('always has an end, within 366 days'),
  },
  {
    sentence: 'revoked or ended it opens nothing',
    breaks: 'a token goes on after its end',
    file: 'packages/exchange/src/sign-in/operator-tokens.store.ts',
    text: 'where token_sha256 = $1 and revoked_at is null and ends_at > now()),',
    replacement: 'where token_sha256 = $1 and revoked_at is null),',
    proof: token('that was revoked, or whose end has come, opens nothing in any process'),
  },
  {
    sentence: 'revoked or ended it opens nothing',
    breaks: 'a revoked token goes on',
    file: 'packages/exchange/src/sign-in/operator-tokens.store.ts',
    text: 'where token_sha256 = $1 and revoked_at is null and ends_at > now()),',
    replacement: 'where token_sha256 = $1 and ends_at > now()),',
    proof: token('that was revoked, or whose end has come, opens nothing in any process'),
  },
  {
    sentence: 'A client secret is made and shown, or not made',
    breaks: 'it is saved before all is done that can fail',
    file: 'packages/exchange/src/sign-in/tokens.ts',
    text: 'const done = await change(queries)',
    replacement: 'const done = await change(database)',
    proof: secret('that nobody was told is not there, and ends no other: where it cannot be shown, nothing was done'),
  },
  {
    sentence: 'Where nobody knows whether a secret',
    breaks: 'the general hint is given: that it is safe to send again',
    file: 'packages/exchange/src/platform/serve.ts',
    text: 'settings.silence()), row.ifUnknown)',
    replacement: 'settings.silence()), undefined)',
    proof: { file: SECRETS_OF_PROJECTS, title: 'where nobody knows whether it was made > … is not asked for again: its list is looked at' },
  },
  {
    sentence: 'where it is not known with which secret',
    breaks: 'they outlive a rotation',
    file: 'packages/exchange/src/projects/projects.store.ts',
    text: 'set expires_at = least(expires_at,',
    replacement: 'set expires_at = greatest(expires_at,',
    proof: secret('that is replaced at once ends the tokens of before tokens knew their secret too'),
  },
  {
    sentence: 'people are looked up at each call',
    breaks: 'a right password is remembered whatever it is compared with',
    file: 'packages/exchange/src/sign-in/passwords.ts',
    text: 'JSON.stringify([password, stored])',
    replacement: 'JSON.stringify([password, Boolean(stored)])',
    proof: person('whose password was changed is out at once with the old one, in every process'),
  },
  {
    sentence: 'with a person go the tokens',
    breaks: 'the tokens of a removed person stay',
    file: 'packages/exchange/src/operators/people.ts',
    text: 'return endTokensOf(queries, email)',
    replacement: "return endTokensOf(queries, '')",
    proof: person('who was removed is out at once, in every process, with the tokens that it had made'),
  },
  {
    sentence: 'the last person cannot be removed',
    breaks: 'the last person is removed',
    file: 'packages/exchange/src/operators/people.ts',
    text: 'if (all.length === 1) throw',
    replacement: 'if (all.length === 0) throw',
    proof: person('who is the last one stays, also when two remove each other at once'),
  },
  {
    sentence: 'a token knows its secret',
    breaks: 'a token of a revoked secret stays good',
    file: 'packages/exchange/src/sign-in/sign-in.store.ts',
    text: '    and s.revoked_at is null and (s.ends_at is null or s.ends_at > now())`',
    replacement: '    and (s.ends_at is null or s.ends_at > now())`',
    proof: secret('that is revoked ends the tokens that were got with it, in every process, and no other of its project'),
  },
  {
    sentence: 'A client secret that is revoked ends the tokens',
    breaks: 'no process is told of a revoked secret',
    file: 'packages/exchange/src/projects/projects.ts',
    text: `({ tokens }: ProjectParts, clientId: string, fingerprint: string): Promise<ShownProject> =>
  tokens.changeAccess(`,
    replacement: `({ database }: ProjectParts, clientId: string, fingerprint: string): Promise<ShownProject> =>
  database.transaction(`,
    proof: secret('that is revoked ends the tokens that were got with it, in every process, and no other of its project'),
  },
  {
    sentence: 'Where the notice of it is lost',
    breaks: 'a process remembers a token for ten minutes',
    file: 'packages/exchange/src/sign-in/tokens.ts',
    text: 'const REMEMBERED_MS = 30_000',
    replacement: 'const REMEMBERED_MS = 600_000',
    proof: secret('that is revoked while no notice of it arrives opens nothing half a minute later'),
  },
  {
    sentence: 'where it is not known with which secret',
    breaks: 'a token that knows no secret goes on',
    file: 'packages/exchange/src/projects/projects.store.ts',
    text: 'where t.project_id = secret.project_id and t.secret_sha256 is null and t.revoked_at is null)',
    replacement: 'where t.project_id = secret.project_id and t.secret_sha256 is null and t.revoked_at is not null)',
    proof: secret('ends with its revocation the tokens of before tokens knew their secret'),
  },
  {
    sentence: 'A secret that was rotated is good',
    breaks: 'a token is promised for longer than its secret is good',
    file: 'packages/exchange/src/sign-in/sign-in.store.ts',
    text: 'least(now() + make_interval(secs => $3), ends_at)',
    replacement: 'now() + make_interval(secs => $3)',
    proof: secret('that is rotated stays good beside the new one until its end, with its tokens; then both open nothing'),
  },
  {
    sentence: 'A project that was ended signs in nowhere',
    breaks: 'no process is told of an ended project',
    file: 'packages/exchange/src/projects/projects.ts',
    text: `({ tokens }: ProjectParts, clientId: string): Promise<ShownProject> =>
  tokens.changeAccess(`,
    replacement: `({ database }: ProjectParts, clientId: string): Promise<ShownProject> =>
  database.transaction(`,
    proof: {
      file: SECRETS_OF_PROJECTS,
      title: 'a project > that is ended signs in nowhere, and its tokens open nothing, in every process; its name is free again',
    },
  },
  {
    sentence: '256 random bits, and 30 tries a minute',
    breaks: 'tokens are looked at without counting',
    file: 'packages/exchange/src/sign-in/operators.ts',
    text: "guesses.check({ kind: 'token', name: hash.toString('hex'), secret: '', address }, () =>",
    replacement: '((_counted: object, look: () => Promise<{ name: string; scope: string } | undefined>) => look())({ address }, () =>',
    proof: token('is guessed at thirty times a minute from a network, whatever is guessed'),
  },
  {
    sentence: 'it is shown on a terminal, or goes into a new file',
    breaks: 'the file may be read by all',
    file: 'packages/cli/src/operating/secret-place.ts',
    text: "openSync(path, 'wx', 0o600)",
    replacement: "openSync(path, 'wx', 0o644)",
    proof: token('is written into a file for its owner alone; the command line works with it'),
  },
  {
    sentence: 'it is shown on a terminal, or goes into a new file',
    breaks: 'a secret is printed where there is no terminal',
    file: 'packages/cli/src/operating/secret-place.ts',
    text: 'if (!process.stdout.isTTY)',
    replacement: 'if (process.stdout.isTTY)',
    proof: token('is not made where nobody could get it: without a terminal or a new file'),
  },
  {
    sentence: 'a command asks another machine over https:// alone',
    breaks: 'a credential goes over http:// to another machine',
    file: 'packages/cli/src/operating/address.ts',
    text: "if (url.protocol === 'http:' && !isThisMachine(url.hostname))",
    replacement: "if (url.protocol === 'ftp:' && !isThisMachine(url.hostname))",
    proof: { file: OPERATORS, title: 'the command line of the operator > answers "…" with 2, and says what to write' },
  },
]
