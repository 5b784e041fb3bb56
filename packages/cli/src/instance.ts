import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { CannotStart } from '@deskbridge/exchange'
import { DEMO, startInstance } from '@deskbridge/instance'
import { PostgresUnavailable, startPostgres } from '@deskbridge/postgres'
import { askedToEnd } from './signals.ts'

const USAGE =
  'deskbridge instance [--port 8081] [--host 127.0.0.1] [--schema production] [--data ./data-instance] [--password PASSWORD] [--empty]'

/**
 * `deskbridge instance`: a practice instance alone, on a port of its own. With DATABASE_URL it uses that server, else a
 * PostgreSQL in its data folder. The admin's password is --password, DESKBRIDGE_INSTANCE_PASSWORD, or a new one, which is shown.
 */
export async function instance(args: readonly string[]): Promise<number> {
  const options = read(args)
  const ending = askedToEnd()
  const given = options.password ?? process.env.DESKBRIDGE_INSTANCE_PASSWORD
  const password = given ?? randomBytes(18).toString('base64url')
  const store = await openStore(options.data)
  const running = await startInstance({
    databaseUrl: store.url,
    schema: options.schema,
    demo: !options.empty,
    port: options.port,
    host: options.host,
  })
  for (const user of [DEMO.admin, DEMO.integration]) await running.instance.setPassword(user.userName, password)
  process.stdout.write(
    `Practice instance: ${running.url}\nUsers: ${DEMO.admin.userName}, ${DEMO.integration.userName}; password: ${given ? 'as given' : password}\nCtrl-C ends it.\n`,
  )
  await ending
  await running.close()
  await store.close()
  return 0
}

function read(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        port: { type: 'string', default: '8081' },
        host: { type: 'string', default: '127.0.0.1' },
        schema: { type: 'string', default: 'production' },
        data: { type: 'string', default: './data-instance' },
        password: { type: 'string' },
        empty: { type: 'boolean', default: false },
      },
    })
    if (!/^\d{1,5}$/.test(values.port) || Number(values.port) > 65_535) throw new TypeError(`--port "${values.port}" is not a port`)
    if (!/^[a-z][a-z0-9_]{0,40}$/.test(values.schema))
      throw new TypeError(`--schema "${values.schema}" is not a name of small letters, digits and _`)
    return { ...values, port: Number(values.port) }
  } catch (error) {
    throw new CannotStart(`${(error as Error).message}\nUsage: ${USAGE}`)
  }
}

async function openStore(folder: string): Promise<{ url: string; close(): Promise<void> }> {
  const given = process.env.DATABASE_URL
  if (given) return { url: given, close: async () => {} }
  mkdirSync(folder, { recursive: true, mode: 0o711 })
  try {
    const postgres = await startPostgres({ folder: join(folder, 'postgres') })
    return { url: postgres.url(), close: postgres.stop }
  } catch (error) {
    throw error instanceof PostgresUnavailable ? new CannotStart(error.message) : error
  }
}
