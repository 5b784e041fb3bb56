import type { House } from '../house.ts'

export const postgres: House = {
  floors: ['door', 'server', 'machine'],
  hasDoors: false,
  rooms: {
    door: { floor: 'door', about: 'what is imported; a database for each test file', may: ['server'], files: ['index.ts', 'testing.ts'] },
    server: {
      floor: 'server',
      about: 'makes a database in a folder, starts and ends its server, or finds the one that runs',
      may: ['machine'],
      files: ['embedded.ts', 'running.ts', 'initialise.ts', 'old-server.ts'],
    },
    machine: {
      floor: 'machine',
      about: 'binaries, users, passwords and sockets of this machine',
      may: [],
      files: ['binaries.ts', 'client.ts', 'own-user.ts', 'password.ts', 'socket-folder.ts', 'unavailable.ts'],
    },
  },
}
