import type { House } from './house.ts'
import { attachment } from './houses/attachment.ts'
import { cli } from './houses/cli.ts'
import { connect } from './houses/connect.ts'
import { exchange } from './houses/exchange.ts'
import { instance } from './houses/instance.ts'
import { postgres } from './houses/postgres.ts'
import { servicenow } from './houses/servicenow.ts'

/**
 * What may import what: the one table that `npm run check` holds the code to, and that the pictures in ARCHITECTURE.md and
 * docs/reference/import-map.md are drawn from. To allow a new edge, add it here, or to the house of its package in houses/, and say in
 * the commit why.
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
    may: ['exchange', 'instance', 'postgres', 'connect', 'servicenow', 'attachment'],
    // Without the exchange behind it: what a port of ours owes proxies and callers, and the table of an agreement’s terms.
    only: { 'mcp/': ['exchange/listening'], 'partner/': ['exchange/agreement-terms'] },
    tests: ['postgres/testing'],
  },
  exchange: {
    about: 'the Connect API server',
    // It knows a service desk through `servicenow` alone; whoever starts it, starts the practice instances and the database.
    may: ['servicenow', 'attachment'],
    only: { 'start/': ['instance', 'postgres'], 'first-start/': ['instance'] },
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
export const TEST_FILES = [/\.test\.ts$/, /\.cases\.ts$/, /\.child\.ts$/, /(^|\/)testing(\.ts$|\/)/, /\/conformance\//, /\/proof\//]

/** The packages with rooms inside, by their names. */
export const HOUSES: Readonly<Record<string, House>> = { cli, exchange, connect, servicenow, instance, attachment, postgres }
