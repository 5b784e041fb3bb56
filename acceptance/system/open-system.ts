import type { Addresses, FirstSteps } from '@deskbridge/exchange'
import { type Answer, address, ask, basic } from './answer.ts'
import { Desk } from './desk.ts'
import { Partner } from './partner.ts'

export type { Addresses, FirstSteps }
export type PartnerRole = 'customer' | 'otherCustomer' | 'provider' | 'productionCustomer'
export type Environment = 'sandbox' | 'production'

/** A running system, and everybody who talks to it. */
export interface OpenSystem {
  readonly firstSteps: FirstSteps
  /** The same speaker each time, so that what it heard is not lost. */
  partner(role: PartnerRole): Partner
  desk(environment?: Environment): Desk
  /** What a person of the operator sees of the exchange. */
  askAsOperator(path: string, query?: Readonly<Record<string, string>>): Promise<Answer>
  /** What a person of the operator changes; a body that is text is sent as a CSV file. */
  changeAsOperator(method: string, path: string, body?: Readonly<Record<string, unknown>> | string): Promise<Answer>
}

/** Opens a system that runs already, by what its first-steps.json says. */
export function openSystem(firstSteps: FirstSteps): OpenSystem {
  const { connectBaseUrl, tokenUrl, exchange, instances } = firstSteps
  const partners = new Map<PartnerRole, Partner>()
  return {
    firstSteps,
    partner(role) {
      const known = partners.get(role) ?? new Partner({ connectBaseUrl, tokenUrl, ...firstSteps[role] })
      partners.set(role, known)
      return known
    },
    desk: (environment = 'sandbox') => new Desk(instances[environment]),
    changeAsOperator: (method, path, body) => {
      const { email, password } = firstSteps.portalUsers.operator
      return ask(address(exchange, path), {
        method,
        headers: {
          authorization: basic(email, password),
          ...(body === undefined ? {} : { 'content-type': typeof body === 'string' ? 'text/csv' : 'application/json' }),
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      })
    },
    askAsOperator: (path, query = {}) => {
      const { email, password } = firstSteps.portalUsers.operator
      return ask(address(exchange, path, query), { method: 'GET', headers: { authorization: basic(email, password) } })
    },
  }
}
