import type { Mutation } from '../mutation.ts'

/** Other users of the machine. */
export const MACHINE: readonly Mutation[] = [
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
