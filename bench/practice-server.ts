/** A practice instance as a process of its own: the schema, the administrator's password; the database is DATABASE_URL. */
import { startInstance } from '@deskbridge/instance'

const [schema = '', password = ''] = process.argv.slice(2)
const databaseUrl = process.env.DATABASE_URL ?? ''
const { instance, url } = await startInstance({ databaseUrl, schema, port: 0 })
await instance.setPassword('admin', password)
process.send!({ url })
process.on('disconnect', () => process.exit())
process.on('SIGTERM', () => process.exit())
