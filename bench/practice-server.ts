/** A practice instance as a process of its own: the database, the schema, the administrator's password. */
import { startInstance } from '@deskbridge/instance'

const [databaseUrl = '', schema = '', password = ''] = process.argv.slice(2)
const { instance, url } = await startInstance({ databaseUrl, schema, port: 0 })
await instance.setPassword('admin', password)
process.send!({ url })
process.on('disconnect', () => process.exit())
process.on('SIGTERM', () => process.exit())
