import { readFileSync } from 'node:fs'
import { ENVIRONMENTS } from '../platform/environment.ts'
import { sql } from '../platform/sql.ts'
import type { Opened } from './opened.ts'

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }

const server = sql`select current_setting('server_version') as version, current_database() as name`

type Started = Pick<Opened, 'settings' | 'log' | 'folder' | 'database' | 'instances' | 'addresses' | 'firstSteps'>

/** The first line of a run: what started, with which settings, on which database, in front of which instances. No secret is in it. */
export async function logStart({ settings, log, folder, database, instances, addresses, firstSteps }: Started): Promise<void> {
  const { host } = new URL(database.url)
  log.info('exchange started', {
    version,
    node: process.versions.node,
    address: firstSteps.exchange,
    dataFolder: folder.path,
    database: { ...(await database.row<{ version: string; name: string }>(server)), server: settings.databaseUrl ? host : 'its own' },
    instances: Object.fromEntries(
      ENVIRONMENTS.map(environment => {
        const kind = instances[environment].practice ? 'practice instance' : 'ServiceNow'
        return [environment, `${kind} at ${addresses.urls[environment]}`]
      }),
    ),
    settings: settings.given,
  })
}
