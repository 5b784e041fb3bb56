import type { Mutation } from '../mutation.ts'

/** A saved connection that an exchange signs in with. */
export const SAVED_CONNECTIONS: readonly Mutation[] = [
  {
    sentence: 'What is rotated, or taken back,',
    breaks: 'a rotation is told to nobody',
    file: 'packages/exchange/src/start/parts/sign-in.ts',
    text: 'name => notices.tell(CONNECTION_NOTICE, name)',
    replacement: "name => notices.tell('nobody', name)",
    proof: {
      file: 'acceptance/running/connection-in-use.test.ts',
      title:
        'an exchange that signs in with a saved connection > uses rotated credentials at once in every process, hears its own words of before as its own, and goes back',
    },
    says: 'both processes sign in with',
  },
  {
    sentence: 'Where the notice of it was lost,',
    breaks: 'a refused call fails whatever its credentials have become',
    file: 'packages/exchange/src/connections/changing-connection.ts',
    text: 'if (this.#inUse === used) throw error',
    replacement: 'if (this.#inUse === used || error.status === 401) throw error',
    proof: {
      file: 'acceptance/running/connection-in-use.test.ts',
      title:
        'an exchange that signs in with a saved connection > has what is refused looked at: where the notice was lost, no call fails for it',
    },
  },
  {
    sentence: 'After 30 s at most',
    breaks: 'a saved connection is looked at every five minutes',
    file: 'packages/exchange/src/connections/saved-access.ts',
    text: 'const LOOK_EVERY_MS = 30_000',
    replacement: 'const LOOK_EVERY_MS = 300_000',
    proof: {
      file: 'acceptance/running/connection-in-use.test.ts',
      title: 'an exchange that signs in with a saved connection > has a rotation whose notice was lost in use within 30 s',
    },
    says: 'Not within 40 s: the credentials of',
  },
  {
    sentence: 'What was written with the credentials of before,',
    breaks: 'only the user of the credentials in use is ours',
    file: 'packages/exchange/src/connections/changing-connection.ts',
    text: '.filter(one => one !== this.#inUse)',
    replacement: '.filter(one => one === this.#inUse)',
    proof: {
      file: 'acceptance/running/connection-in-use.test.ts',
      title:
        'an exchange that signs in with a saved connection > uses rotated credentials at once in every process, hears its own words of before as its own, and goes back',
    },
  },
  {
    sentence: 'The connection that an exchange signs in with',
    breaks: 'a connection in use is removed',
    file: 'packages/exchange/src/connections/connections.ts',
    text: '    if (setting) throw new ExchangeError',
    replacement: "    if (setting === '') throw new ExchangeError",
    proof: {
      file: 'acceptance/running/connection-in-use.test.ts',
      title: 'an exchange that signs in with a saved connection > neither removes nor moves it',
    },
  },
]
