/**
 * What may import what: the one table that `npm run check` holds the code to, and that the pictures in ARCHITECTURE.md and
 * docs/reference/import-map.md are drawn from. To allow a new edge, add it here and say in the commit why.
 */

/** A package, or a folder of the repository beside the packages. */
export interface Package {
  /** One line for somebody who has never been here. */
  about: string
  /** What all its files may import of ours, besides its own. `anything` for folders that nothing imports. */
  may: readonly string[] | 'anything'
  /** What only this file or folder of it may import as well. */
  only?: Readonly<Record<string, readonly string[]>>
  /** What its tests may import as well. */
  tests?: readonly string[]
}

export const PACKAGES: Readonly<Record<string, Package>> = {
  cli: {
    about: 'the `deskbridge` command',
    may: ['exchange', 'instance', 'postgres', 'connect', 'servicenow', 'attachment', 'acceptance'],
    // What a port of ours owes proxies and callers, without the exchange behind it.
    only: { 'mcp/': ['exchange/listening'] },
    tests: ['postgres/testing'],
  },
  exchange: {
    about: 'the Connect API server',
    // It knows a service desk through `servicenow` alone; whoever starts it, starts the practice instances and the database.
    may: ['servicenow', 'attachment'],
    only: { 'start.ts': ['instance', 'postgres'], 'after-restore.ts': ['postgres'], 'first-start/': ['instance'] },
    tests: ['instance', 'postgres', 'postgres/testing', 'connect', 'acceptance'],
  },
  connect: {
    about: 'the typed client that a partner’s system uses',
    // A partner installs this one, and with it nothing of the exchange.
    may: ['attachment'],
    tests: ['exchange', 'instance', 'servicenow', 'postgres', 'postgres/testing'],
  },
  servicenow: {
    about: 'everything that ServiceNow can be asked to do',
    may: ['attachment'],
    tests: ['instance', 'postgres/testing'],
  },
  instance: {
    about: 'the practice instance',
    // Never `servicenow`, not in tests either: with a shared grammar a mistake of the builder would be one of the reader too.
    may: [],
    // An instance that is given no database brings its own.
    only: { 'storage/': ['postgres'] },
    tests: ['postgres/testing'],
  },
  attachment: { about: 'what a file is on its way: base64 and media type, one rule for all', may: [] },
  postgres: { about: 'a real PostgreSQL that comes with npm', may: [] },
  acceptance: { about: 'whole stories, as a service desk tells them', may: 'anything' },
  bench: { about: 'measurements, side by side', may: 'anything' },
  tools: { about: 'this map, the reference writers, the checks', may: 'anything' },
}

/** Files that only tests use. They may import more, and nothing else may import them. */
export const TEST_FILES = [/\.test\.ts$/, /\.child\.ts$/, /(^|\/)testing(\.ts$|\/)/, /\/conformance\//, /\/proof\//]

/**
 * The exchange, from the top floor down. Imports run down, and on one floor only along the edges that are named. A room is entered
 * through its index.ts; every room may import the platform.
 */
export const FLOORS = ['start', 'routes', 'high rooms', 'middle rooms', 'low rooms', 'platform'] as const
export type Floor = (typeof FLOORS)[number]

export interface Room {
  floor: Floor
  about: string
  /** The rooms it may import, besides the platform. */
  may: readonly string[] | 'anything below'
}

/** The files of `start` and `routes` lie beside the rooms. */
export const FILES_OF: Readonly<Record<string, readonly string[]>> = {
  start: ['index.ts', 'start.ts', 'starting.ts', 'door.ts', 'after-restore.ts', 'settings.ts'],
  routes: ['routes.ts', 'exchange.routes.ts', 'front-page.ts'],
}

export const ROOMS: Readonly<Record<string, Room>> = {
  start: { floor: 'start', about: 'reads the settings, opens all parts, listens', may: 'anything below' },
  'first-start': { floor: 'start', about: 'the demo company and first-steps.json', may: ['agreements', 'mapping', 'partners', 'sign-in'] },

  routes: { floor: 'routes', about: 'the whole REST surface on one page', may: 'anything below' },

  tickets: {
    floor: 'high rooms',
    about: 'a customer files, reads and comments on tickets',
    may: ['attachments', 'bonds', 'recorded-writes', 'update-queue', 'agreements', 'connections', 'mapping', 'sign-in'],
  },
  tasks: {
    floor: 'high rooms',
    about: 'a provider works on tasks',
    may: ['attachments', 'bonds', 'recorded-writes', 'update-queue', 'agreements', 'connections', 'mapping', 'sign-in'],
  },
  attachments: {
    floor: 'high rooms',
    about: 'the files of tickets and tasks',
    may: ['bonds', 'recorded-writes', 'agreements', 'spool', 'connections', 'sign-in'],
  },
  capture: {
    floor: 'high rooms',
    about: 'notices what changed in ServiceNow and turns it into updates',
    may: ['bonds', 'recorded-writes', 'lost-time', 'update-queue', 'agreements', 'connections', 'mapping'],
  },
  operator: {
    floor: 'high rooms',
    about: 'what the operator’s people look at',
    may: ['capture', 'bonds', 'recorded-writes', 'lost-time', 'sign-in'],
  },
  organisations: {
    floor: 'high rooms',
    about: 'which company or account of ServiceNow stands for which partner',
    may: ['agreements', 'connections', 'mapping', 'sign-in'],
  },

  bonds: {
    floor: 'middle rooms',
    about: 'which record belongs to whose reference, and the partner’s answers',
    may: ['recorded-writes', 'update-queue', 'agreements', 'connections', 'mapping', 'sign-in'],
  },
  'recorded-writes': {
    floor: 'middle rooms',
    about: 'every write to ServiceNow, done once whatever fails',
    may: ['lost-time', 'spool', 'connections', 'mapping', 'sign-in'],
  },
  'lost-time': { floor: 'middle rooms', about: 'notices that the database has gone back in time', may: [] },
  spool: { floor: 'middle rooms', about: 'files on their way between partner and ServiceNow', may: [] },
  'update-queue': { floor: 'middle rooms', about: 'what a partner has yet to be told', may: ['mapping', 'sign-in'] },

  'sign-in': { floor: 'low rooms', about: 'who calls, and how often', may: ['agreements', 'partners'] },
  partners: { floor: 'low rooms', about: 'the companies and their projects', may: [] },
  agreements: { floor: 'low rooms', about: 'what a partner may exchange', may: ['mapping'] },
  connections: { floor: 'low rooms', about: 'the service desk of an environment', may: ['mapping'] },
  mapping: { floor: 'low rooms', about: 'the partner’s words and ServiceNow’s records', may: [] },

  platform: { floor: 'platform', about: 'plumbing: HTTP, database, log, errors', may: [] },
}
