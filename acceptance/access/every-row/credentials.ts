import { randomBytes } from 'node:crypto'
import { ask, basic } from '../../system/answer.ts'
import { Partner } from '../../system/partner.ts'
import type { StartedSystem } from '../../system/start-system.ts'

/** An Authorization header, and whom it stands for. */
export interface Credential {
  name: string
  authorization: string | undefined
  standsFor: 'nobody' | 'partner without agreement' | 'partner' | 'person' | 'reading token' | 'writing token'
}

/** A client as it signs in at the token endpoint: in the form, or in the header. */
export interface Client {
  name: string
  form: Record<string, string>
  authorization?: string
  isLive: boolean
}

const unknown = () => randomBytes(32).toString('base64url')

/** Partners whose projects have come to an end, each by another way. */
async function endedPartners({ backOffice, partner }: StartedSystem) {
  const [customer, other] = [partner('customer'), partner('otherCustomer')]
  const project = async (like: Partner) => new Partner(await backOffice.addProject(like.access, 'sandbox', 'read-once'))
  const [revoked, expired, deactivated, withoutSecret] = [
    await project(customer),
    await project(customer),
    await project(customer),
    await project(customer),
  ]
  const left = new Partner(await backOffice.addPartner('Partner without agreement', other.access, 'sandbox'))
  const used = [revoked, deactivated, left]
  // What was looked up a moment ago is still remembered when it ends.
  for (const one of used) await one.listOpenTickets()
  await backOffice.revokeToken(await revoked.token())
  await backOffice.expireToken(await expired.token())
  await backOffice.deactivateProject(deactivated.access.clientId)
  await backOffice.endAgreement(left.name, 'sandbox')
  await backOffice.revokeSecretsOf(withoutSecret.access.clientId)
  return { revoked, expired, deactivated, left, withoutSecret }
}

/** Tokens of the operator: one that reads, one that writes, and those that have come to an end, each by another way. */
async function operatorTokens(system: StartedSystem) {
  const { exchange, portalUsers } = system.firstSteps
  const left = { email: 'left-with-a-token@deskbridge.example', password: 'a password of the walk' }
  const make = async (name: string, scope: 'read' | 'write', { email, password } = portalUsers.operator) => {
    const body = JSON.stringify({ name, scope, seconds: 3_600 })
    const headers = { authorization: basic(email, password), 'content-type': 'application/json' }
    return (await ask(`${exchange}/operator/tokens`, { method: 'POST', headers, body })).body.token as string
  }
  await system.changeAsOperator('POST', '/operator/people', left)
  const tokens = {
    reading: await make('reads', 'read'),
    writing: await make('writes', 'write'),
    revoked: await make('revoked', 'write'),
    ended: await make('ended', 'write'),
    ofOneWhoLeft: await make('of one who left', 'write', left),
  }
  for (const token of [tokens.revoked, tokens.ended, tokens.ofOneWhoLeft])
    await ask(`${exchange}/operator/people`, { method: 'GET', headers: { authorization: `Bearer ${token}` } })
  await system.changeAsOperator('DELETE', '/operator/tokens/revoked')
  await system.backOffice.endOperatorToken('ended')
  await system.changeAsOperator('DELETE', `/operator/people/${left.email}`)
  return tokens
}

/** Every kind of credential that there is, and what people take for one. */
export async function credentialsOf(system: StartedSystem): Promise<{ credentials: Credential[]; clients: Client[] }> {
  const { customer, exchange, portalUsers, instances } = system.firstSteps
  const { operator, partner: person } = portalUsers
  const ended = await endedPartners(system)
  const operatorToken = await operatorTokens(system)
  const token = await system.partner('customer').token()
  const left = 'left@deskbridge.example'
  await system.backOffice.addOperator(left, operator.email)
  await ask(`${exchange}/operator/unanswered`, { method: 'GET', headers: { authorization: basic(left, operator.password) } })
  await system.backOffice.removePerson(left)

  const clientOf = ({ clientId, clientSecret }: { clientId: string; clientSecret: string }) => ({
    client_id: clientId,
    client_secret: clientSecret,
  })
  const nobody = (name: string, authorization?: string): Credential => ({ name, authorization, standsFor: 'nobody' })
  const credentials: Credential[] = [
    nobody('no header'),
    nobody('an empty header', ''),
    nobody('a scheme alone', 'Bearer'),
    nobody('a word', 'nonsense'),
    nobody('an unknown token', `Bearer ${unknown()}`),
    nobody('a token without its scheme', token),
    nobody('a token with another scheme', `Token ${token}`),
    nobody('a token as Basic', `Basic ${token}`),
    nobody('a token with more behind it', `Bearer ${token}, Bearer ${token}`),
    nobody('a client secret for a token', `Bearer ${customer.clientSecret}`),
    nobody('the operator’s name and password for a token', basic(operator.email, operator.password).replace('Basic', 'Bearer')),
    nobody('a client and its secret as Basic', basic(customer.clientId, customer.clientSecret)),
    nobody('a partner’s person with the password', basic(person.email, person.password)),
    nobody('an operator with a wrong password', basic(operator.email, 'a guess')),
    nobody('an operator who has left', basic(left, operator.password)),
    nobody('a user of the service desk', basic(instances.production.username!, instances.production.password!)),
    nobody('a revoked token', `Bearer ${await ended.revoked.token()}`),
    nobody('an expired token', `Bearer ${await ended.expired.token()}`),
    nobody('a revoked token of the operator', `Bearer ${operatorToken.revoked}`),
    nobody('a token of the operator that has ended', `Bearer ${operatorToken.ended}`),
    nobody('a token of an operator who has left', `Bearer ${operatorToken.ofOneWhoLeft}`),
    nobody('a token of the operator as Basic', basic(operator.email, operatorToken.writing)),
    { name: 'a token of the operator that reads', authorization: `Bearer ${operatorToken.reading}`, standsFor: 'reading token' },
    { name: 'a token of the operator that writes', authorization: `Bearer ${operatorToken.writing}`, standsFor: 'writing token' },
    nobody('a token of a deactivated project', `Bearer ${await ended.deactivated.token()}`),
    { name: 'a token without agreement', authorization: `Bearer ${await ended.left.token()}`, standsFor: 'partner without agreement' },
    ...(await Promise.all(
      (['customer', 'otherCustomer', 'provider', 'productionCustomer'] as const).map(async role => ({
        name: `a token of ${role}`,
        authorization: `Bearer ${await system.partner(role).token()}`,
        standsFor: 'partner' as const,
      })),
    )),
    { name: 'an operator', authorization: basic(operator.email, operator.password), standsFor: 'person' },
  ]

  const { client_id, client_secret } = clientOf(customer)
  const dead = (name: string, form: Record<string, string>, authorization?: string): Client => ({
    name,
    form,
    isLive: false,
    ...(authorization === undefined ? {} : { authorization }),
  })
  const clients: Client[] = [
    ...(['customer', 'otherCustomer', 'provider', 'productionCustomer'] as const).map(role => ({
      name: role,
      form: clientOf(system.firstSteps[role]),
      isLive: true,
    })),
    { name: 'customer, in the header', form: {}, authorization: basic(client_id, client_secret), isLive: true },
    dead('nobody', {}),
    dead('an unknown client', { client_id: 'nobody', client_secret }),
    dead('a client without its secret', { client_id }),
    dead('a client with an unknown secret', { client_id, client_secret: unknown() }),
    dead('a client with another one’s secret', { client_id, client_secret: system.firstSteps.otherCustomer.clientSecret }),
    dead('a client with its token', { client_id, client_secret: token }),
    dead('a client whose secret was revoked', clientOf(ended.withoutSecret.access)),
    dead('a client of a deactivated project', clientOf(ended.deactivated.access)),
    dead('an operator', { client_id: operator.email, client_secret: operator.password }),
    dead('an operator, in the header', {}, basic(operator.email, operator.password)),
    dead('a user of the service desk', {}, basic(instances.sandbox.username!, instances.sandbox.password!)),
    dead('a token in the header', {}, `Bearer ${token}`),
  ]
  return { credentials, clients }
}
