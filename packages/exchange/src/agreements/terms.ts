import { z } from 'zod'
import { TASK_WORDS, TICKET_WORDS, WATCHED_FIELDS } from '../mapping/index.ts'

const sysId = z.string().regex(/^[0-9a-f]{32}$/)
/** A company, or an account of Customer Service Management, which is a company too. */
export const ORGANISATION_TABLES = ['core_company', 'customer_account'] as const

/** Who a partner can be; one can be both. */
export const ROLES = ['customer', 'provider'] as const
/** What becomes of a contact, user or ci that does not match exactly one record: the ticket is filed all the same, or refused. */
export const UNMATCHED = ['default', 'refuse'] as const

const named = z.object({ sysId, name: z.string().min(1) })

/** What one partner may exchange in one environment. */
export const termsSchema = z.object({
  roles: z.array(z.enum(ROLES)).min(1),
  /** The record in ServiceNow that stands for the partner (organisation mapping); null until a person has confirmed one. */
  organisation: named.extend({ table: z.enum(ORGANISATION_TABLES) }).nullable(),
  ticketTypes: z.array(z.enum(TICKET_WORDS)),
  taskTypes: z.array(z.enum(TASK_WORDS)),
  /** Whether tickets that the operator makes for this organisation are told to it (first seed, 2.3). */
  operatorTicketsShared: z.boolean(),
  services: z.array(named),
  /** The user in whose name a ticket is filed when no contact or user matches. */
  defaultCaller: sysId.nullable(),
  unmatched: z.enum(UNMATCHED),
  solverGroups: z.array(named),
  /** Fields whose change makes a Details Changed. */
  watched: z.array(z.enum(WATCHED_FIELDS)),
  callsPerMinute: z.number().int().min(1),
})

/** What an agreement says: roles, types, services, shared fields, limits. */
export type Terms = z.output<typeof termsSchema>
export type Role = Terms['roles'][number]
/** The company or account of ServiceNow that stands for a partner. */
export type Organisation = NonNullable<Terms['organisation']>
