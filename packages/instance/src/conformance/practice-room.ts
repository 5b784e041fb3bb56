import { freshDatabase } from '@deskbridge/postgres/testing'
import { createInstance, DEMO, type Instance, type InstanceOptions } from '../index.ts'

export type Fields = Record<string, unknown>

export interface Answer {
  status: number
  headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked at as a partner's script would.
  body: any
}

export interface Room {
  instance: Instance
  databaseUrl: string
  /** Calls the instance's handler as a user; a body is sent as JSON. */
  call(method: string, path: string, body?: unknown, user?: string, headers?: Record<string, string>): Promise<Answer>
  close(): Promise<void>
}

export const PASSWORD = 'a password of the tests'

export const basic = (user: string, password = PASSWORD) => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`

/** A practice instance with the demo company on a real PostgreSQL, in which everybody has the same password. */
export async function openRoom(options: Partial<InstanceOptions> = {}): Promise<Room> {
  const database = await freshDatabase()
  const instance = await createInstance({ databaseUrl: database.url, schema: 'sandbox', ...options })
  const users = [
    'admin',
    'deskbridge.integration',
    ...(options.demo === false ? [] : ['demo.agent.one', 'north.user.one', 'north.user.gone']),
  ]
  for (const user of users) await instance.setPassword(user, PASSWORD)
  return {
    instance,
    databaseUrl: database.url,
    call: (method, path, body, user = 'admin', headers = {}) => callInstance(instance, method, path, body, user, headers),
    close: async () => {
      await instance.close()
      await database.drop()
    },
  }
}

export async function callInstance(
  instance: Pick<Instance, 'fetch'>,
  method: string,
  path: string,
  body?: unknown,
  user = 'admin',
  headers: Record<string, string> = {},
): Promise<Answer> {
  const request = new Request(`http://localhost:8081${path}`, {
    method,
    headers: {
      ...(user === '' ? {} : { authorization: basic(user) }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const response = await instance.fetch(request)
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.startsWith('application/json')
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text }
}

export const query = (text: string) => encodeURIComponent(text)

export { DEMO }
