import { createHash, randomBytes } from 'node:crypto'
import pg from 'pg'
import type { Environment } from './open-system.ts'
import type { PartnerAccess } from './partner.ts'

type Terms = Record<string, unknown>

/** What the operator does before there is a portal for it, straight in the exchange's tables; each method is one thing a person decides. */
export class BackOffice {
  readonly #url: string | undefined
  #client: Promise<pg.Client> | undefined

  constructor(url: string | undefined) {
    this.#url = url
  }

  async #run(text: string, values: readonly unknown[]): Promise<pg.QueryResult> {
    if (!this.#url) throw new Error('This system keeps its database to itself.')
    this.#client ??= connected(this.#url)
    return (await this.#client).query(text, [...values])
  }

  /** Changes a partner's agreement; what is not named stays. */
  async changeAgreement(partnerName: string, environment: Environment, terms: Terms): Promise<void> {
    await this.#run(
      `update exchange.agreement a set terms = a.terms || $3 from exchange.partner p
       where p.partner_id = a.partner_id and p.name = $1 and a.environment = $2`,
      [partnerName, environment, JSON.stringify(terms)],
    )
    await this.#tellSignIn()
  }

  /** A new partner, with agreements like those of another one but without a mapping, and with credentials of its own. */
  async addPartner(name: string, like: PartnerAccess, environment: Environment): Promise<PartnerAccess> {
    await this.#run('insert into exchange.partner (name) values ($1)', [name])
    await this.#run(
      `insert into exchange.agreement (partner_id, environment, terms)
       select p.partner_id, a.environment, a.terms || '{"organisation": null}' from exchange.partner p, exchange.agreement a
       join exchange.partner model on model.partner_id = a.partner_id where p.name = $1 and model.name = $2`,
      [name, like.organisation.name],
    )
    return this.addProject({ ...like, organisation: { ...like.organisation, name } }, environment, 'read-once')
  }

  /** All rows of all tables of a schema as text, as a copy of the database has them: bytes in hexadecimal. */
  async everythingIn(schema: string): Promise<string> {
    const { rows: tables } = await this.#run('select tablename from pg_tables where schemaname = $1', [schema])
    const texts: string[] = []
    for (const { tablename } of tables) {
      const { rows } = await this.#run(`select t::text from ${schema}.${tablename} t`, [])
      texts.push(...rows.map(({ t }) => t))
    }
    return texts.join('\n')
  }

  async passwordHashes(): Promise<string[]> {
    const { rows } = await this.#run(`select password_argon2 from exchange.person where password_argon2 <> ''`, [])
    return rows.map(row => row.password_argon2)
  }

  /** Somebody of a partner, who may use its pages. */
  async addPerson(partnerName: string, email: string): Promise<void> {
    await this.#run(
      `insert into exchange.person (email, password_argon2, role, partner_id) select $2, '', 'partner', partner_id from exchange.partner where name = $1`,
      [partnerName, email],
    )
  }

  /** Says what an environment maps differently; read when the exchange starts. */
  async changeMapping(environment: Environment, mapping: Terms): Promise<void> {
    await this.#run('update exchange.environment set mapping = mapping || $2 where name = $1', [environment, JSON.stringify(mapping)])
  }

  /** A further project of a partner, with credentials of its own. */
  async addProject(access: PartnerAccess, environment: Environment, delivery: 'read-once' | 'acknowledge'): Promise<PartnerAccess> {
    const clientId = randomBytes(16).toString('hex')
    const clientSecret = randomBytes(32).toString('base64url')
    await this.#run(
      `with project as (
         insert into exchange.project (partner_id, environment, name, client_id, delivery)
         select partner_id, $2, $3, $3, $4 from exchange.partner where name = $1 returning project_id)
       insert into exchange.client_secret (secret_sha256, project_id) select $5, project_id from project`,
      [access.organisation.name, environment, clientId, delivery, sha256(clientSecret)],
    )
    return { ...access, clientId, clientSecret }
  }

  async revokeToken(token: string): Promise<void> {
    await this.#run('update exchange.access_token set revoked_at = now() where token_sha256 = $1', [sha256(token)])
    await this.#tellSignIn()
  }

  /** An hour passes for this token. It must not have been used yet: for half a minute the exchange remembers whose it is. */
  async expireToken(token: string): Promise<void> {
    await this.#run(`update exchange.access_token set expires_at = now() - interval '1 second' where token_sha256 = $1`, [sha256(token)])
  }

  async revokeSecretsOf(clientId: string): Promise<void> {
    await this.#run(
      `update exchange.client_secret s set revoked_at = now() from exchange.project p where p.project_id = s.project_id and p.client_id = $1`,
      [clientId],
    )
  }

  /** Nobody signs in as this project any more, and its tokens are worth nothing. */
  async deactivateProject(clientId: string): Promise<void> {
    await this.#run('update exchange.project set active = false where client_id = $1', [clientId])
    await this.#tellSignIn()
  }

  /** Takes a partner's agreement away. */
  async endAgreement(partnerName: string, environment: Environment): Promise<void> {
    await this.#run(
      `delete from exchange.agreement a using exchange.partner p
       where p.partner_id = a.partner_id and p.name = $1 and a.environment = $2`,
      [partnerName, environment],
    )
    await this.#tellSignIn()
  }

  /** One more person of the operator, with the password of another one. */
  async addOperator(email: string, like: string): Promise<void> {
    await this.#run(
      `insert into exchange.person (email, password_argon2, role) select $1, password_argon2, 'operator' from exchange.person where email = $2`,
      [email, like],
    )
  }

  /** The time of a token of the operator's has come. */
  async endOperatorToken(name: string): Promise<void> {
    await this.#run(`update exchange.operator_token set ends_at = now() where name = $1`, [name])
  }

  /** Somebody has left. */
  async removePerson(email: string): Promise<void> {
    await this.#run('delete from exchange.person where email = $1', [email])
  }

  async #tellSignIn(): Promise<void> {
    await this.#run(`select pg_notify('deskbridge_exchange', 'sign-in')`, [])
    // The notice travels on a connection of its own.
    await new Promise(done => setTimeout(done, 150))
  }

  async close(): Promise<void> {
    const client = await this.#client?.catch(() => undefined)
    await client?.end()
  }
}

async function connected(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  return client
}

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest()
