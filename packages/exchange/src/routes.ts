import { attachmentRoutes } from './attachments/index.ts'
import { connectionRoutes, type Desks, type OperatorConnections } from './connections/index.ts'
import { type ExchangeParts, exchangeRoutes } from './exchange.routes.ts'
import { onboardingRoutes } from './onboarding/index.ts'
import { operatorRoutes } from './operator/index.ts'
import { operatorTokenRoutes, peopleRoutes } from './operators/index.ts'
import { organisationRoutes } from './organisations/index.ts'
import type { Route } from './platform/route.ts'
import { projectRoutes } from './projects/index.ts'
import type { RecordedWrites } from './recorded-writes/index.ts'
import { type Passwords, signInRoutes, type Tokens } from './sign-in/index.ts'
import { taskRoutes } from './tasks/index.ts'
import { ticketRoutes } from './tickets/index.ts'
import { type UpdateQueue, updateQueueRoutes } from './update-queue/index.ts'

export interface RouteParts extends ExchangeParts {
  desks: Desks
  tokens: Tokens
  writes: RecordedWrites
  queue: UpdateQueue
  connections: OperatorConnections
  passwords: Passwords
}

/**
 * The whole REST surface. Every row says who may call it.
 *
 * | method | path | access |
 * |---|---|---|
 * | POST | /oauth/client_credential/accesstoken, revoketoken | anyone |
 * | POST, PATCH, GET | /network/kpn/servicenow/Ticket | partner |
 * | GET | /network/kpn/servicenow/ListOpenTickets, TicketUpdates, GetAttachment | partner |
 * | PATCH | /network/kpn/servicenow/Task | partner |
 * | GET | /operator/unanswered, /operator/troubles | operator |
 * | GET | /operator/people, /operator/tokens | operator |
 * | GET, POST, DELETE | /operator/projects, …/:client_id/end, …/:client_id/secrets | operator |
 * | POST, PUT, DELETE | /operator/people, /operator/tokens | person |
 * | GET, POST, PATCH, DELETE | /operator/connections | operator |
 * | GET, POST | /operator/partners, …/:name, …/:name/suspend, …/resume | operator |
 * | GET, PATCH | /operator/partners/:name/agreement | operator |
 * | GET | /operator/organisations, …/candidates, …/suggestions, …/export.csv | operator |
 * | PUT, DELETE | /operator/organisations/:name/mapping, …/variables/:variable | operator |
 * | POST | /operator/organisations/import.csv | operator |
 * | GET | /, /openapi.json, /healthz, /readyz, /metrics | anyone |
 */
export function routes(parts: RouteParts): Route[] {
  const { database, desks, tokens, queue, connections } = parts
  const rows: Route[] = [
    ...signInRoutes(tokens),
    ...ticketRoutes(parts, desks),
    ...updateQueueRoutes(queue),
    ...attachmentRoutes(database, desks),
    ...taskRoutes(parts, desks),
    ...operatorRoutes(parts),
    ...peopleRoutes(database, parts.passwords),
    ...operatorTokenRoutes(database),
    ...projectRoutes(parts),
    ...connectionRoutes(connections),
    ...onboardingRoutes(parts),
    ...organisationRoutes(parts),
  ]
  rows.push(...exchangeRoutes(parts, () => rows))
  return rows
}
