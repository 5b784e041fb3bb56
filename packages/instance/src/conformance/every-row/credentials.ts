import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { createInstance, DEMO } from '../../index.ts'
import { basic, callInstance, PASSWORD, type Room } from '../practice-room.ts'

/** How somebody signs in, and as whom. */
export interface Credential {
  name: string
  headers: Record<string, string>
  standsFor: 'nobody' | 'somebody' | 'administrator'
}

const CLIENT = { client_id: 'walk', client_secret: 'a generated secret' }
const FORM = { 'content-type': 'application/x-www-form-urlencoded' }

/** An access token by client credentials; the same one until it ends. */
async function tokenOf(instance: Room['instance'], client: Record<string, string>): Promise<string> {
  const form = new URLSearchParams({ grant_type: 'client_credentials', ...client }).toString()
  const { status, body } = await callInstance(instance, 'POST', '/oauth_token.do', form, '', FORM)
  if (status !== 200) throw new Error(JSON.stringify(body))
  return body.access_token
}

/** Every kind of credential of the instance, what people take for one, and those of the other environment. */
export async function credentialsOf(room: Room): Promise<Credential[]> {
  const { instance } = room
  const register = ({ client_id: clientId, client_secret: clientSecret }: typeof CLIENT, userName: string) =>
    instance.setOAuthClient({ clientId, clientSecret, userName })
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
  const remove = async (table: string, query: string) => {
    for (const id of await room.find(table, query, 'sys_id')) await room.call('DELETE', `/api/now/table/${table}/${id}`)
  }

  await instance.setPasswords(PASSWORD, [DEMO.agents[1].userName])
  const [gone, locked] = await Promise.all(
    [{ active: 'false' }, { locked_out: 'true' }].map(async (fields, at) => {
      const { user_name: name } = await room.create('sys_user', { user_name: `walk.user.${at}`, last_name: 'Walk' })
      await instance.setPassword(name!, PASSWORD)
      await room.call('GET', '/api/now/ui/user/current_user', undefined, name)
      const [id] = await room.find('sys_user', `user_name=${name}`, 'sys_id')
      await room.call('PATCH', `/api/now/table/sys_user/${id}`, fields)
      return name!
    }),
  )
  await register(CLIENT, DEMO.agents[1].userName)
  const live = await tokenOf(instance, CLIENT)

  // The token of a client is the same one until it ends: each has a client of its own.
  const tokenOfNew = async (client_id: string) => {
    await register({ ...CLIENT, client_id }, 'admin')
    return tokenOf(instance, { ...CLIENT, client_id })
  }
  const revoked = await tokenOfNew('revoked')
  await room.call('GET', `/oauth_revoke_token.do?token=${revoked}`, undefined, '')
  const deleted = await tokenOfNew('deleted')
  await remove('oauth_credential', 'peer.client_id=deleted')
  const expired = await tokenOfNew('expired')
  await sql(
    room,
    `update sandbox.oauth_credential c set expires = now() - interval '1 second' from sandbox.oauth_entity e
     where e.sys_id = c.peer and e.client_id = 'expired'`,
  )
  const switchedOff = await tokenOfNew('switched-off')
  const [client] = await room.find('oauth_entity', 'client_id=switched-off', 'sys_id')
  await room.call('PATCH', `/api/now/table/oauth_entity/${client}`, { active: 'false' })

  const key = async (fields: Record<string, string> = {}) => {
    const token = randomBytes(16).toString('hex')
    await room.create('api_key', { name: 'Walk', token, user: DEMO.admin.sysId, ...fields })
    return { 'x-sn-apikey': token }
  }

  const other = await createInstance({ databaseUrl: room.databaseUrl, schema: 'production' })
  await other.setPassword('admin', 'the password of production')
  await other.setOAuthClient({ clientId: CLIENT.client_id, clientSecret: CLIENT.client_secret, userName: 'admin' })
  const ofProduction = await tokenOf(other, CLIENT)
  await other.close()

  const nobody = (name: string, headers: Record<string, string> = {}): Credential => ({ name, headers, standsFor: 'nobody' })
  return [
    nobody('nothing'),
    nobody('an empty header', { authorization: '' }),
    nobody('a word', { authorization: 'nonsense' }),
    nobody('an unknown user', { authorization: basic('nobody') }),
    nobody('a wrong password', { authorization: basic('admin', 'a guess') }),
    nobody('no password', { authorization: basic('admin', '') }),
    nobody('a deactivated user', { authorization: basic(gone!) }),
    nobody('a user who is locked out', { authorization: basic(locked!) }),
    nobody('a password as Bearer', { authorization: basic('admin').replace('Basic', 'Bearer') }),
    nobody('a token as Basic', { authorization: `Basic ${live}` }),
    nobody('an unknown token', bearer('nonsense')),
    nobody('a revoked token', bearer(revoked)),
    nobody('a token whose row was deleted', bearer(deleted)),
    nobody('an expired token', bearer(expired)),
    nobody('a token of a client that is switched off', bearer(switchedOff)),
    nobody('a client and its secret', { authorization: basic(CLIENT.client_id, CLIENT.client_secret) }),
    nobody('an unknown API key', { 'x-sn-apikey': 'nonsense' }),
    nobody('an API key that is switched off', await key({ active: 'false' })),
    nobody('an expired API key', await key({ expires: '2020-01-01 00:00:00' })),
    nobody('the password of the other environment', { authorization: basic('admin', 'the password of production') }),
    nobody('a token of the other environment', bearer(ofProduction)),
    ...[DEMO.agents[0].userName, 'deskbridge.integration', WITHOUT_ROLES].map(
      (user): Credential => ({ name: user, headers: { authorization: basic(user) }, standsFor: 'somebody' }),
    ),
    { name: 'a token', headers: bearer(live), standsFor: 'somebody' },
    { name: 'the administrator', headers: { authorization: basic('admin') }, standsFor: 'administrator' },
    { name: 'an API key of the administrator', headers: await key(), standsFor: 'administrator' },
  ]
}

/** Somebody of a customer, who reads what is shown to all and his own tickets. */
export const WITHOUT_ROLES = 'north.user.one'

async function sql(room: Room, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: room.databaseUrl })
  await client.connect()
  await client.query(statement)
  await client.end()
}
