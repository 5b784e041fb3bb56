import type { TicketSummary } from '../messages/ticket.ts'
import type { SeenTicket } from './journal-record.ts'

/** How the operator's open tickets differ from what the updates told. State only: missed comments and attachments do not show. */
export interface TicketComparison {
  /** How many tickets are open at the operator. */
  open: number
  /** Open, and in another state than the last update said: an update was missed, or is still on its way. */
  otherState: { ticket: TicketSummary; seen: SeenTicket }[]
  /** Open, and no update was ever seen: new and untouched, or everything about it was missed. */
  neverSeen: TicketSummary[]
  /** Not open any more, although no update said so. Tasks are left out when the operator's list has none. */
  noLongerOpen: { kpn_ticket_number: string; seen: SeenTicket }[]
}

/** States in which a ticket may be absent from the list: whether it shows resolved ones is not documented (contract 6, point 9). */
const DONE = /^(closed|resolved|executed|completed|cancell?ed)/i

export function compareTickets(open: readonly TicketSummary[], seen: ReadonlyMap<string, SeenTicket>): TicketComparison {
  const listed = new Set(open.map(({ kpn_ticket_number }) => kpn_ticket_number))
  const tasksAreListed = open.some(isTask)
  const otherState: TicketComparison['otherState'] = []
  for (const ticket of open) {
    const known = seen.get(ticket.kpn_ticket_number)
    if (known?.state !== undefined && !sameState(known.state, ticket.state)) otherState.push({ ticket, seen: known })
  }
  const noLongerOpen: TicketComparison['noLongerOpen'] = []
  for (const [kpn_ticket_number, known] of seen) {
    if (listed.has(kpn_ticket_number) || DONE.test(known.state ?? known.action)) continue
    if (tasksAreListed || !isTask(known)) noLongerOpen.push({ kpn_ticket_number, seen: known })
  }
  return { open: open.length, otherState, neverSeen: open.filter(({ kpn_ticket_number }) => !seen.has(kpn_ticket_number)), noLongerOpen }
}

function isTask({ ticket_type }: { ticket_type: string }): boolean {
  return /task/i.test(ticket_type)
}

function sameState(one: string, other: string): boolean {
  return one.trim().toLowerCase() === other.trim().toLowerCase()
}
