import type { Mutation } from '../mutation.ts'

/** Secrets, and who guesses at them. */
export const GUESSES: readonly Mutation[] = [
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
    text: "return (await passwords.matches(password, stored, known)) ? { name: email, kind: 'person' as const } : undefined",
    replacement:
      "return stored && (await passwords.matches(password, stored, known)) ? { name: email, kind: 'person' as const } : undefined",
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
]
