import { hash } from 'node:crypto'
import { type Caller, DEFAULT_DATE_FORMAT, DEFAULT_ZONE } from '../caller/caller.ts'
import type { Rights } from '../caller/rights.ts'
import type { Database } from '../storage/database.ts'
import { isZone } from '../time/time-zone.ts'
import { type BasicProperties, mayUseBasic } from './basic-restriction.ts'
import { verifyPassword } from './password.ts'
import { deleteToken, findTokenUser } from './tokens.ts'

interface Account {
  readonly caller: Caller
  /** Active and not locked out. */
  readonly usable: boolean
  /** For web services alone, never for a browser. */
  readonly webServiceOnly: boolean
  readonly passwordHash: string
}

/**
 * How long an account or token is believed without asking the database again. Writes through this instance object are
 * seen at once; a second process that shares the schema sees them after this long.
 */
const BELIEVED_MS = 1_000
const MOST_REMEMBERED = 5_000

interface Remembered<T> {
  readonly until: number
  readonly value: Promise<T>
}

/** What decides who may sign in, and what then is allowed. */
export interface SignInRules extends BasicProperties {
  /** Another number since rights mean something else. */
  readonly version: number
  rights(roles: ReadonlySet<string>): Rights
}

/** Finds out who signs in (contract servicenow-core.md 2.6). */
export class Accounts {
  readonly #database: Database
  readonly #standing: SignInRules
  #version = 0
  readonly #accounts = new Map<string, Remembered<Account | undefined>>()
  readonly #secrets = new Map<string, Remembered<string | undefined>>()
  /** Whether credentials are right, by a digest of them and of the stored hash that they were held against. */
  readonly #verified = new Map<string, Promise<boolean>>()

  constructor(database: Database, standing: SignInRules) {
    this.#database = database
    this.#standing = standing
  }

  /** Called when users, roles or tokens changed through this instance. */
  forget(): void {
    this.#accounts.clear()
    this.#secrets.clear()
  }

  /** The user of Basic credentials, if they are right and the user may sign in. An unknown user takes as long as a known one. */
  async findByPassword(userName: string, password: string): Promise<Caller | undefined> {
    const account = await this.#findAccount(userName)
    const stored = account?.passwordHash ?? ''
    const digest = hash('sha256', `${stored}\0${password}`)
    let verified = this.#verified.get(digest)
    if (!verified) {
      if (this.#verified.size >= MOST_REMEMBERED) this.#verified.clear()
      // Many first requests at once wait for one slow check.
      verified = verifyPassword(password, stored)
      this.#verified.set(digest, verified)
      const forget = () => this.#verified.delete(digest)
      // What is wrong is not remembered, nor what nobody has looked at.
      verified.then(right => right || forget(), forget)
    }
    return (await verified) && account?.usable ? account.caller : undefined
  }

  /** The same, for somebody who sends the password with each request, which may be restricted. */
  async findByBasic(userName: string, password: string): Promise<Caller | undefined> {
    const caller = await this.findByPassword(userName, password)
    const account = caller && (await this.#findAccount(userName))
    return account && mayUseBasic(this.#standing, this.#database.clock.now(), caller, account.webServiceOnly) ? caller : undefined
  }

  /** The user of an access token that has not expired. */
  findByToken(token: string): Promise<Caller | undefined> {
    return this.#findBySecret(`token ${hash('sha256', token)}`, () => findTokenUser(this.#database, token, 'access_token'))
  }

  findByApiKey(key: string): Promise<Caller | undefined> {
    const digest = hash('sha256', key)
    return this.#findBySecret(`key ${digest}`, async () => {
      const name = (table: string) => this.#database.name(table)
      const [row] = await this.#database.run(
        `select u.user_name from ${name('api_key')} k join ${name('sys_user')} u on u.sys_id = k."user"
         where k.token = $1 and k.active and (k.expires is null or k.expires > now())`,
        [digest],
      )
      return row?.[0] ?? undefined
    })
  }

  async #findBySecret(key: string, userOf: () => Promise<string | undefined>): Promise<Caller | undefined> {
    const userName = await remember(this.#secrets, key, userOf)
    return userName === undefined ? undefined : this.findByName(userName)
  }

  /** Ends an access or refresh token at once. */
  async endToken(token: string): Promise<void> {
    await deleteToken(this.#database, token)
    this.forget()
  }

  /** A user who may sign in, by user name. */
  async findByName(userName: string): Promise<Caller | undefined> {
    const account = await this.#findAccount(userName)
    return account?.usable ? account.caller : undefined
  }

  #findAccount(userName: string): Promise<Account | undefined> {
    if (this.#version !== this.#standing.version) this.#accounts.clear()
    this.#version = this.#standing.version
    return remember(this.#accounts, userName.toLowerCase(), () => this.#readAccount(userName))
  }

  async #readAccount(userName: string): Promise<Account | undefined> {
    const name = (table: string) => this.#database.name(table)
    const [row] = await this.#database.run(
      `with recursive u as (select * from ${name('sys_user')} where lower(user_name) = lower($1)),
         g(id) as (select m."group" from ${name('sys_user_grmember')} m join u on m."user" = u.sys_id
           union select p.parent from g join ${name('sys_user_group')} p on p.sys_id = g.id),
         r(id) as ((select h.role from ${name('sys_user_has_role')} h join u on h."user" = u.sys_id
             union select x.role from ${name('sys_group_has_role')} x join g on x."group" = g.id)
           union select c.contains from r join ${name('sys_user_role_contains')} c on c.role = r.id)
       select u.sys_id, u.user_name, u.name, u.active, u.locked_out, u.user_password, u.time_zone, u.date_format, u.web_service_access_only,
         (select string_agg(n.name, ',') from r join ${name('sys_user_role')} n on n.sys_id = r.id) from u`,
      [userName.replaceAll('\0', '')],
    )
    if (!row) return undefined
    const [sysId, known, displayName, active, locked, passwordHash, zone, dateFormat, webServiceOnly, roles] = row
    const granted = new Set((roles ?? '').split(',').filter(role => role !== ''))
    return {
      caller: {
        sysId: sysId ?? '',
        userName: known ?? userName,
        name: displayName ?? '',
        roles: granted,
        rights: this.#standing.rights(granted),
        zone: zone && isZone(zone) ? zone : DEFAULT_ZONE,
        dateFormat: dateFormat ?? DEFAULT_DATE_FORMAT,
      },
      usable: active === 't' && locked !== 't',
      webServiceOnly: webServiceOnly === 't',
      passwordHash: passwordHash ?? '',
    }
  }
}

function remember<T>(map: Map<string, Remembered<T>>, key: string, read: () => Promise<T>): Promise<T> {
  const known = map.get(key)
  if (known && known.until > Date.now()) return known.value
  if (map.size >= MOST_REMEMBERED) map.clear()
  const value = read()
  map.set(key, { until: Date.now() + BELIEVED_MS, value })
  // A failed read must not be believed.
  value.catch(() => map.delete(key))
  return value
}
