import { type ConnectionOptions, connect, serviceNow } from '@deskbridge/servicenow'
import type { Mapping } from '../mapping/index.ts'
import { assertNoTransactionHeld } from '../platform/database.ts'
import type { Environment } from '../platform/environment.ts'
import type { Desk } from './desk.ts'

export interface DeskSettings {
  environment: Environment
  mapping: Mapping
  baseUrl: string
  signIn: ConnectionOptions['signIn']
  /** The practice instance's handler, when it runs in this process. */
  inProcess?: (request: Request) => Promise<Response>
}

/** Connects an environment to its instance. In process nothing can be on its way unseen, so nothing needs time to settle. */
export function connectDesk({ environment, mapping, baseUrl, signIn, inProcess }: DeskSettings): Desk {
  const reach = inProcess ?? fetch
  const connection = connect({
    baseUrl,
    signIn,
    fetch: request => {
      assertNoTransactionHeld('A ServiceNow instance')
      return reach(request)
    },
    ...(inProcess ? { settleMs: 0, maxConcurrent: 64 } : {}),
  })
  const sdk = serviceNow(connection)
  let writer: Promise<string> | undefined
  return {
    environment,
    mapping,
    connection,
    serviceNow: sdk,
    inProcess: inProcess !== undefined,
    writer() {
      if (connection.userName) return Promise.resolve(connection.userName)
      writer ??= sdk.user.current({}).then(user => user.user_name)
      writer.catch(() => {
        writer = undefined
      })
      return writer
    },
  }
}
