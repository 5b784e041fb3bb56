import { randomBytes } from 'node:crypto'
import { answerOf, basic, type Customers, type Fields, query, type Room, roomOf } from './room.ts'
import type { GivenInstance } from './which-instance.ts'

/** What records of a run carry in a field that their table has, so that whoever finds one later knows where it is from. */
const MARKED = 'deskbridge conformance'

/** The same cases against an instance that is not ours. Whatever they make is removed when the room is closed. */
export async function openGivenRoom({ url, userName, password }: GivenInstance): Promise<Room> {
  const mark = `${MARKED} ${randomBytes(4).toString('hex')}`
  /** The newest last. */
  const made: string[] = []
  const send: Room['fetch'] = async (path, { method = 'GET', user = 'admin', headers, ...rest } = {}) => {
    if (!['admin', ''].includes(user)) throw new TypeError(`practice only: a given instance has no ${user}`)
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: { ...(user === '' ? {} : { authorization: basic(userName, password) }), ...headers },
      duplex: 'half',
      ...rest,
    } as RequestInit)
    const location = answer.status === 201 ? answer.headers.get('location') : null
    if (location) made.push(new URL(location, url).pathname)
    return answer
  }
  const call: Room['call'] = (method, path, body, user, headers) =>
    answerOf(send, method, path, method === 'POST' && /\/table\/\w+(\?|$)/.test(path) ? marked(body, mark) : body, user, headers)
  const [me] = (await call('GET', `/api/now/table/sys_user?sysparm_query=${query('sys_id=javascript:gs.getUserID()')}`)).body.result
  const { create, find } = roomOf(call)
  return {
    url,
    caller: { userName, sysId: me.sys_id, name: me.name },
    customers: await customersOf(create, find, mark),
    get instance(): never {
      throw new TypeError('practice only: a given instance is not in this process')
    },
    get databaseUrl(): never {
      throw new TypeError('practice only: the database of a given instance is its own')
    },
    fetch: send,
    call,
    create,
    find,
    close: async () => {
      const left: string[] = []
      for (const path of made.reverse()) {
        const { status } = await send(path, { method: 'DELETE' })
        // A case may have removed it itself.
        if (status !== 204 && status !== 404) left.push(`${path} (${status})`)
      }
      const marks = (await find('task', `correlation_id=${mark}`, 'correlation_id')).filter(value => value === mark)
      if (left.length + marks.length > 0) throw new Error(`${marks.length} records with "${mark}" are left behind; not removed: ${left}`)
    },
  }
}

/** Records of tables that have no `correlation_id` are not marked: what is unknown to a table is ignored. */
function marked(body: unknown, mark: string): unknown {
  if (Array.isArray(body)) return body.map(each => marked(each, mark))
  return typeof body === 'object' && body !== null ? { correlation_id: mark, ...body } : body
}

/** The people whom cases speak of: those who are there, else they are made, and removed with the rest. */
async function customersOf(create: Room['create'], find: Room['find'], mark: string): Promise<Customers> {
  const oneOf = async (table: string, field: string, fields: Fields) => {
    const ids = await find(table, `${field}=${fields[field]}`, 'sys_id')
    // A query with a field that an instance does not know finds everything.
    if (ids.length > 1) throw new Error(`${ids.length} records of ${table} have the ${field} ${fields[field]}`)
    return { sysId: ids[0] ?? (await create(table, fields)).sys_id! }
  }
  const customer = async (short: string, name: string, first: string) => {
    const company = await oneOf('core_company', 'name', { name, notes: mark })
    const user = (last: string) =>
      oneOf('sys_user', 'user_name', {
        user_name: `${short}.user.${last.toLowerCase()}`,
        first_name: first,
        last_name: `User ${last}`,
        email: `user.${last.toLowerCase()}@${short}.example`,
        company: company.sysId,
        employee_number: mark,
      })
    return { ...company, users: [await user('One'), await user('Two')] as const }
  }
  return [await customer('north', 'Demo Customer North', 'North'), await customer('south', 'Demo Customer South', 'South')]
}
