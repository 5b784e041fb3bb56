import type { House } from '../house.ts'

export const cli: House = {
  floors: ['bin', 'command', 'commands', 'what commands share', 'process'],
  ground: 'process',
  hasDoors: false,
  rooms: {
    bin: { floor: 'bin', about: 'runs on any Node, and finds one that is new enough', may: ['command'] },
    command: {
      floor: 'command',
      about: 'finds the command, and says what went wrong in a sentence',
      may: 'anything below',
      files: ['command.ts'],
    },

    exchange: { floor: 'commands', about: 'starts the exchange; says that its database was restored', may: [] },
    instance: { floor: 'commands', about: 'a practice instance alone', may: ['connecting'] },
    connection: { floor: 'commands', about: 'saved connections', may: ['connecting', 'doctor'] },
    doctor: { floor: 'commands', about: 'looks at a connection without changing anything', may: ['connecting'] },
    action: { floor: 'commands', about: 'the catalogue’s rows for people', may: ['catalogue', 'connecting'] },
    mcp: { floor: 'commands', about: 'the same rows as tools of an assistant', may: ['catalogue', 'connecting'] },
    smoke: { floor: 'commands', about: 'tells a whole story to a running system', may: [] },

    partner: { floor: 'commands', about: 'the partners, and their agreements', may: ['operating'] },
    operator: { floor: 'commands', about: 'who administers the exchange: people and tokens', may: ['operating'] },
    project: { floor: 'commands', about: 'the projects of partners, and their secrets', may: ['operating'] },

    catalogue: { floor: 'what commands share', about: 'the rows, bytes in their input, and the words for what came of them', may: [] },
    connecting: { floor: 'what commands share', about: 'which instance a command works with', may: [] },
    operating: {
      floor: 'what commands share',
      about: 'which exchange the operator’s commands ask, with what, and sub-commands as rows',
      may: [],
    },

    process: {
      floor: 'process',
      about: 'standard output and its reader, signals, a person at the terminal, sentences for people',
      may: [],
    },
  },
}
