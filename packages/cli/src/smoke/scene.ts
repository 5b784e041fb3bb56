import { randomBytes } from 'node:crypto'
import { type ConnectClient, connectClient } from '@deskbridge/connect'
import type { FirstSteps, InstanceSteps } from '@deskbridge/exchange'
import { connect, type ServiceNow, serviceNow } from '@deskbridge/servicenow'
import { Hearing } from './hearing.ts'

/** A partner's system: the client that partners use, and what it has read from its queue so far. */
export interface Partner {
  client: ConnectClient
  updates: Hearing
  newReference(): string
}

/** Who takes part in the story, and what later sentences need of earlier ones. */
export interface Scene {
  customer: Partner
  provider: Partner
  /** Another customer, and the same customer's production. */
  strangers: readonly Partner[]
  /** Somebody at the service desk, at work in ServiceNow. */
  desk: ServiceNow
  service: string
  solverGroup: string
  screenshot: { name: string; bytes: Uint8Array; content_type: string }
  ticket?: TicketNumbers
  incidentId?: string
  task?: TicketNumbers
  taskId?: string
}

/** The numbers of a ticket or task on both sides. */
export interface TicketNumbers {
  kpn_ticket_number: string
  customer_reference_number: string
}

/** One sentence of the story, and what must happen for it to be true. */
export interface Sentence {
  says: string
  happens(scene: Scene): Promise<void>
}

/** Everybody of a running system, by its first-steps.json. */
export function openScene(steps: FirstSteps): Scene {
  const partner = (credentials: { clientId: string; clientSecret: string }) => openPartner(steps, credentials)
  return {
    customer: partner(steps.customer),
    provider: partner(steps.provider),
    strangers: [partner(steps.otherCustomer), partner(steps.productionCustomer)],
    desk: openDesk(steps.instances.sandbox),
    service: steps.customer.service,
    solverGroup: steps.provider.solverGroup.sys_id,
    screenshot: { name: 'screenshot.png', bytes: randomBytes(20_000), content_type: 'image/png' },
  }
}

function openPartner(steps: FirstSteps, { clientId, clientSecret }: { clientId: string; clientSecret: string }): Partner {
  // What does not answer is said at once: a person waits for the next sentence.
  const addresses = { baseUrl: steps.connectBaseUrl, tokenUrl: steps.tokenUrl, patience: { attempts: 1 } }
  const client = connectClient({ ...addresses, clientId, clientSecret })
  const start = `SMOKE-${new Date().toISOString().slice(0, 10)}-${randomBytes(3).toString('hex')}`
  let filed = 0
  return { client, updates: new Hearing(() => client.ticketUpdates()), newReference: () => `${start}-${++filed}` }
}

function openDesk({ url, username: userName = '', password = '' }: InstanceSteps): ServiceNow {
  return serviceNow(connect({ baseUrl: url, signIn: { kind: 'basic', userName, password } }))
}
