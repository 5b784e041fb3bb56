import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPostgres } from '@deskbridge/postgres'
import { ROOT } from '../files.ts'
import { PAGE, schemaPage } from './page.ts'

/** `npm run schema` writes docs/reference/schema.md from a new PostgreSQL, which it starts and throws away. */
const folder = mkdtempSync(join(tmpdir(), 'deskbridge-schema-'))
chmodSync(folder, 0o755)
const server = await startPostgres({ folder: join(folder, 'postgres'), settings: { fsync: 'off' } })
try {
  writeFileSync(join(ROOT, PAGE), await schemaPage(server.url()))
  console.log(`written  ${PAGE}`)
} finally {
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
}
