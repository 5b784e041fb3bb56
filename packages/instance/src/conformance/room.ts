import type { Instance } from '../index.ts'

export type Fields = Record<string, unknown>

export interface Answer {
  status: number
  headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked at as a partner's script would.
  body: any
}

/** Two customers and their people, whom cases speak of. */
type Customer = { readonly sysId: string; readonly users: readonly [{ readonly sysId: string }, { readonly sysId: string }, ...unknown[]] }
export type Customers = readonly [Customer, Customer]

type Sent = Pick<RequestInit, 'body' | 'signal'> & { method?: string; user?: string; headers?: Record<string, string> }

export interface Room {
  /** Links begin with it. */
  url: string
  /** Who calls where a case names nobody. */
  caller: { userName: string; sysId: string; name: string }
  customers: Customers
  /** Practice only, as its database: a case that uses them says so (which-instance.ts). */
  instance: Instance
  databaseUrl: string
  /** One request as a user, with exactly this body. */
  fetch(path: string, sent?: Sent): Promise<Response>
  /** Calls as a user; a body is sent as JSON. */
  call(method: string, path: string, body?: unknown, user?: string, headers?: Record<string, string>): Promise<Answer>
  /** Creates a record and returns it. */
  create(table: string, fields: Fields, user?: string): Promise<Record<string, string>>
  /** The values of one field of all rows that a query finds, in its order. */
  find(table: string, encodedQuery: string, field?: string, user?: string): Promise<string[]>
  close(): Promise<void>
}

export const PASSWORD = 'a password of the tests'

export const basic = (user: string, password = PASSWORD) => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`

export async function answerOf(
  send: Room['fetch'],
  method: string,
  path: string,
  body?: unknown,
  user?: string,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await send(path, {
    method,
    ...(user === undefined ? {} : { user }),
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.startsWith('application/json')
  return { status: response.status, headers: response.headers, body: isJson && text !== '' ? JSON.parse(text) : text }
}

export const roomOf = (call: Room['call']): Pick<Room, 'create' | 'find'> => ({
  create: async (table, fields, user) => {
    const answer = await call('POST', `/api/now/table/${table}?sysparm_exclude_reference_link=true`, fields, user)
    if (answer.status !== 201) throw new Error(JSON.stringify(answer.body))
    return answer.body.result
  },
  find: async (table, encodedQuery, field = 'number', user = 'admin') => {
    const parameters = `sysparm_fields=${field}&sysparm_exclude_reference_link=true&sysparm_query=${query(encodedQuery)}`
    const answer = await call('GET', `/api/now/table/${table}?${parameters}`, undefined, user)
    if (answer.status !== 200) throw new Error(JSON.stringify(answer.body))
    return answer.body.result.map((row: Record<string, string>) => row[field])
  },
})

export const query = (text: string) => encodeURIComponent(text)
