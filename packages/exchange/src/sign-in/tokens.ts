import type { Database, Queries } from '../platform/database.ts'
import { ExchangeError } from '../platform/errors.ts'
import type { Notices } from '../platform/notices.ts'
import type { Caller } from './caller.ts'
import type { Guesses } from './guesses.ts'
import { isOneOf, randomSecret, sha256 } from './secrets.ts'
import { findProjectSecrets, findTokenHolder, revokeToken, saveToken, type TokenHolder } from './sign-in.store.ts'
import { type ClientCredentials, invalidClient } from './token-request.ts'

/** Contract connect-api 3.3: one hour, less a second. */
const TOKEN_SECONDS = 3_599
const REMEMBERED_MS = 30_000
const REMEMBERED_TOKENS = 20_000

/** Of a client that is not there: its secret is compared all the same. */
const NOBODYS_SECRETS = [sha256(randomSecret())]

/** The access tokens of partners’ projects. */
export interface Tokens {
  issue(client: ClientCredentials, address: string): Promise<Issued>
  /** Who holds this access token. @throws ExchangeError invalid_token */
  findHolder(authorization: string | null): Promise<Caller>
  /** From now on the client's token is worth nothing, in every exchange process. A token that is not its own stays as it is. */
  revoke(client: ClientCredentials, token: string, address: string): Promise<void>
  /**
   * Changes what opens the door in a transaction: an agreement, a secret, a project, a partner. From its end on nobody is let in by what was so
   * before, in every exchange process. Telling the others is a part of it: nothing is asked of the database after the commit.
   */
  changeAccess<T>(change: (queries: Queries) => Promise<T>): Promise<T>
}

export interface Issued {
  token: string
  issuedAt: Date
  /** For how long it is good: less than an hour where its secret ends before that. */
  seconds: number
  projectName: string
  environment: string
}

/**
 * Opaque access tokens (docs/decisions/0003). What was looked up is remembered for at most 30 s, and forgotten at once when
 * anything about sign-in or agreements changes; while notices do not arrive nothing is remembered.
 */
export function openTokens(database: Database, notices: Notices, guesses: Guesses): Tokens {
  const remembered = new Map<string, { holder: TokenHolder; until: number }>()
  /** Goes up whenever something is forgotten: what was read before that is not remembered after it. */
  let forgotten = 0
  const forget = () => {
    forgotten += 1
    remembered.clear()
  }
  notices.on('sign-in', forget)
  // Notices that would have cleared some of it may be lost.
  notices.onBack(forget)

  async function lookUp(token: string): Promise<TokenHolder | undefined> {
    const known = remembered.get(token)
    if (known && known.until > performance.now() && notices.listening) return known.holder
    const before = forgotten
    const holder = await findTokenHolder(database, sha256(token))
    remembered.delete(token)
    if (holder && notices.listening && before === forgotten) {
      if (remembered.size >= REMEMBERED_TOKENS) remembered.clear()
      remembered.set(token, { holder, until: performance.now() + Math.min(REMEMBERED_MS, holder.secondsLeft * 1_000) })
    }
    return holder
  }

  async function checkClient({ clientId, clientSecret }: ClientCredentials, address: string) {
    const project = await guesses.check({ kind: 'client', name: clientId, secret: clientSecret, address }, async id => {
      const found = await findProjectSecrets(database, id)
      const right = isOneOf(clientSecret, found?.secrets ?? NOBODYS_SECRETS)
      return right && found?.active ? found : undefined
    })
    if (!project) throw invalidClient('The client_id or the client_secret is wrong.')
    return project
  }

  async function changeAccess<T>(change: (queries: Queries) => Promise<T>): Promise<T> {
    try {
      return await database.transaction(async queries => {
        const done = await change(queries)
        await notices.tell('sign-in', '', queries)
        return done
      })
    } finally {
      // Also where nobody knows whether it was committed.
      forget()
    }
  }

  return {
    changeAccess,
    async issue(client, address) {
      const project = await checkClient(client, address)
      const token = randomSecret()
      const { issuedAt, seconds } = await saveToken(database, {
        tokenHash: sha256(token),
        secretHash: sha256(client.clientSecret),
        projectId: project.projectId,
        seconds: TOKEN_SECONDS,
      })
      return { token, issuedAt, seconds: Math.floor(seconds), projectName: project.projectName, environment: project.environment }
    },
    async findHolder(authorization) {
      const token = /^bearer +([\x21-\x7e]+) *$/i.exec(authorization ?? '')?.[1]
      if (!token)
        throw invalidToken(
          authorization ? 'The Authorization header is not "Bearer" with a token.' : 'The Authorization header is missing.',
          !authorization,
        )
      const holder = await lookUp(token)
      if (!holder) throw invalidToken('The access token is unknown, expired or revoked.')
      if (!holder.terms)
        throw new ExchangeError('not_in_agreement', `There is no agreement for ${holder.partnerName} in ${holder.environment}.`)
      return holder as Caller
    },
    async revoke(client, token, address) {
      const project = await checkClient(client, address)
      await changeAccess(queries => revokeToken(queries, sha256(token), project.projectId))
    },
  }
}

/** RFC 6750, section 3: a call without any credential gets the bare challenge. */
function invalidToken(message: string, bare = false): ExchangeError {
  return new ExchangeError('invalid_token', message, {
    headers: { 'www-authenticate': bare ? 'Bearer realm="Deskbridge"' : 'Bearer realm="Deskbridge", error="invalid_token"' },
  })
}
