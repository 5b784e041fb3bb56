import { randomBytes } from 'node:crypto'
import pg from 'pg'

/** The environment variable in which the test run tells its workers where its PostgreSQL is. */
export const TEST_SERVER = 'DESKBRIDGE_TEST_POSTGRES'

/** A database of its own for one test file: its address, and what removes it, connections and all. */
export interface FreshDatabase {
  url: string
  drop(): Promise<void>
}

/** A new, empty database on the test run's real PostgreSQL: one for each test file. */
export async function makeFreshDatabase(): Promise<FreshDatabase> {
  const server = process.env[TEST_SERVER]
  if (!server) throw new Error(`${TEST_SERVER} is not set: run the tests with "npm test", which starts PostgreSQL first.`)
  const name = `test_${randomBytes(6).toString('hex')}`
  await administer(server, `create database ${name}`)
  return {
    url: server.replace('/postgres?', `/${name}?`),
    drop: () => administer(server, `drop database if exists ${name} with (force)`),
  }
}

async function administer(server: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server })
  client.on('error', () => {})
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
