import { z } from 'zod'
import type { Desks } from '../connections/index.ts'
import type { PatchParts } from '../patches/index.ts'
import { doneOutput, LONGEST, UPDATE_ERRORS, WRITE_ERRORS } from '../platform/answers.ts'
import { ExchangeError } from '../platform/errors.ts'
import { type Call, type Route, route } from '../platform/route.ts'
import type { Caller } from '../sign-in/index.ts'
import { fileTicket } from './file-ticket.ts'
import { listIfOpen, listOpenTickets, readTicket } from './read-tickets.ts'
import { type NewTicket, newTicketInput, type TicketPatch, ticketPatchInput } from './ticket-input.ts'
import { ticketListOutput, ticketOutput } from './ticket-output.ts'
import { updateTicket } from './update-ticket.ts'

const numberQuery = z.object({ kpn_ticket_number: z.string().max(LONGEST.number).optional() })
type NumberQuery = z.output<typeof numberQuery>

const READ_ERRORS = [
  'invalid_field',
  'number_cut_off',
  'invalid_token',
  'not_in_agreement',
  'not_found',
  'quota_exceeded',
  'internal',
  'exchange_unavailable',
  'service_desk_unavailable',
] as const

/** The operations on tickets, for customers; the reading ones for providers too. */
export function ticketRoutes(parts: PatchParts, desks: Desks): Route[] {
  const deskOf = (call: { caller: Caller }) => desks[call.caller.environment]
  /** An empty number is what is left of one whose # began a fragment: to whom asks for one ticket, the list of all is no answer. */
  const ticket = async (call: Call<Caller, NumberQuery, unknown>) => {
    const { kpn_ticket_number: number } = call.query
    if (number === undefined) return { result: await listOpenTickets(parts.database, deskOf(call), call) }
    if (number.trim() === '') throw new ExchangeError('number_cut_off', 'kpn_ticket_number is empty.', { field: 'kpn_ticket_number' })
    return { result: [await readTicket(parts.database, deskOf(call), call, number)] }
  }
  const openTickets = async (call: Call<Caller, NumberQuery, unknown>) => {
    const number = call.query.kpn_ticket_number?.trim() || undefined
    return {
      result: await (number ? listIfOpen(parts.database, deskOf(call), call, number) : listOpenTickets(parts.database, deskOf(call), call)),
    }
  }
  return [
    route({
      method: 'POST',
      path: '/network/kpn/servicenow/Ticket',
      operationId: 'ticket-post',
      tag: 'Ticket',
      summary: 'File a new ticket',
      access: 'partner',
      body: newTicketInput,
      output: doneOutput,
      errors: [...WRITE_ERRORS, 'unknown_service', 'not_matched', 'organisation_not_mapped', 'reference_taken'],
      handle: (call: Call<Caller, unknown, NewTicket>) => fileTicket(deskOf(call), parts.writes, call),
    }),
    route({
      method: 'PATCH',
      path: '/network/kpn/servicenow/Ticket',
      operationId: 'ticket-patch',
      tag: 'Ticket',
      summary: 'Comment on an open ticket, or answer an update',
      access: 'partner',
      body: ticketPatchInput,
      output: doneOutput,
      errors: UPDATE_ERRORS,
      handle: (call: Call<Caller, unknown, TicketPatch>) => updateTicket(parts, deskOf(call), call),
    }),
    route({
      method: 'GET',
      path: '/network/kpn/servicenow/Ticket',
      operationId: 'ticket-get',
      tag: 'Ticket',
      summary: 'One ticket or task; without a number the list of open ones',
      access: 'partner',
      query: numberQuery,
      output: ticketOutput,
      errors: READ_ERRORS,
      handle: ticket,
    }),
    route({
      method: 'GET',
      path: '/network/kpn/servicenow/ListOpenTickets',
      operationId: 'ticket-list',
      tag: 'Ticket',
      summary: 'The open tickets, and for a provider the open tasks; with a number that one, if it is open',
      access: 'partner',
      query: numberQuery,
      output: ticketListOutput,
      errors: READ_ERRORS,
      handle: openTickets,
    }),
  ]
}
