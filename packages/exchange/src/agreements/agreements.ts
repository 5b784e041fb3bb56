import { normalName, TASK_WORDS } from '../mapping/index.ts'
import type { Environment } from '../platform/environment.ts'
import { ExchangeError } from '../platform/errors.ts'
import { nearest } from '../platform/nearest.ts'
import type { Organisation, Role, Terms } from './terms.ts'

/** Refuses a caller whose agreement does not give it this role. */
export function requireRole(terms: Terms, role: Role): void {
  if (terms.roles.includes(role)) return
  const what = role === 'customer' ? 'file or update tickets' : 'work on tasks'
  throw new ExchangeError('not_in_agreement', `Your agreement does not let you ${what}: you are not a ${role}.`)
}

/**
 * The record that stands for a partner in an environment. There is nothing in its place: without one, what only a mapping can answer
 * is refused.
 */
export function requireOrganisation({ organisation }: Terms, partnerName: string, environment: Environment): Organisation {
  if (organisation) return organisation
  throw new ExchangeError(
    'organisation_not_mapped',
    `The organisation "${partnerName}" is not mapped to a company or account of the service desk in ${environment}.`,
    { extra: { organisation: partnerName, environment } },
  )
}

/** Whether a record's company is the one that stands for the partner. An agreement without one has no records. */
export const namesOrganisation = ({ organisation }: Terms, company: string | undefined): boolean =>
  organisation ? company === organisation.sysId : false

/** Whether the agreement names a kind of ticket or task. */
export const includesWord = ({ ticketTypes, taskTypes }: Terms, word: string): boolean =>
  ([...ticketTypes, ...taskTypes] as string[]).includes(word)

/** Refuses a kind of ticket or task that the agreement does not name. */
export function requireWord(terms: Terms, word: string, field: string): void {
  const isTask = (TASK_WORDS as readonly string[]).includes(word)
  const allowed: readonly string[] = isTask ? terms.taskTypes : terms.ticketTypes
  if (allowed.includes(word)) return
  throw new ExchangeError('not_in_agreement', `Your agreement does not include ${word}; it has: ${allowed.join(', ') || 'none'}.`, {
    field,
  })
}

/** The service of the agreement that a partner names, in any letter case; an unknown one is refused with the closest names. */
export function requireService(terms: Terms, name: string): Terms['services'][number] {
  const plain = (text: string) => normalName(text).toLowerCase()
  const wanted = plain(name)
  const service = terms.services.find(candidate => plain(candidate.name) === wanted)
  if (service) return service
  const names = nearest(
    name,
    terms.services.map(candidate => candidate.name),
  )
  throw new ExchangeError(
    'unknown_service',
    `service "${name}" is not in your agreement${names.length ? `; the closest are: ${names.join(', ')}` : ''}.`,
    {
      field: 'service',
      extra: { closest: names, ...(names.length ? { suggestion: names[0] } : {}) },
    },
  )
}
