import type { Organisation } from '../agreements/index.ts'
import type { Desks } from '../connections/index.ts'
import type { Queries } from '../platform/database.ts'
import type { Environment } from '../platform/environment.ts'
import { ExchangeError } from '../platform/errors.ts'
import type { Tokens } from '../sign-in/index.ts'
import { type Company, readCompaniesById } from './companies.ts'
import { findHoldersOf, lockChanges, readNamed, storedName, writeMappings } from './organisations.store.ts'

/** What a person has confirmed: this record stands for this organisation. */
export interface Confirmed {
  organisation: string
  environment: Environment
  /** Checked when given: a mapping to an account must not land on a plain company. */
  table?: Organisation['table'] | undefined
  sysId: string
}

/** One that cannot be saved: its place in the list, and why. */
export interface Problem {
  at: number
  error: ExchangeError
}

interface SavingParts {
  desks: Desks
  tokens: Tokens
  signal: AbortSignal
  /** The person who confirms. */
  person: string
  /** Nothing is saved, whatever is found: other lines are wrong already. */
  onlyCheck?: boolean
}

type Saved = { problems: Problem[] } | { problems: []; organisations: Organisation[]; changed: number }

/** Saves all of these mappings, or none: each is checked against the instance and against the other mappings first. */
export async function saveMappings(
  given: readonly Confirmed[],
  { desks, tokens, signal, person, onlyCheck = false }: SavingParts,
): Promise<Saved> {
  const records = new Map<Environment, Map<string, Company>>()
  for (const environment of new Set(given.map(one => one.environment))) {
    const wanted = new Set(given.filter(one => one.environment === environment).map(one => one.sysId))
    records.set(environment, await readCompaniesById(desks[environment], [...wanted], signal))
  }
  const recordOf = ({ environment, sysId }: Confirmed) => records.get(environment)!.get(sysId)
  return tokens.changeAccess(async queries => {
    await lockChanges(queries)
    const rows = await readNamed(queries, [...new Set(given.map(one => one.organisation))])
    const list = given.map(one => ({ ...one, organisation: storedName(rows, one.organisation) }))
    const agreementOf = (one: Confirmed) => rows.find(row => row.name === one.organisation && row.environment === one.environment)
    const taken = await readTaken(queries, list)
    const problemOf = (one: Confirmed, at: number) =>
      agreementOf(one)
        ? (recordProblem(one, recordOf(one)) ?? twice(list, at) ?? takenProblem(one, taken.get(keyOf(one)), list))
        : noAgreement(one, rows)
    const problems = list.flatMap((one, at): Problem[] => {
      const error = problemOf(one, at)
      return error ? [{ at, error }] : []
    })
    if (problems.length || onlyCheck) return { problems }
    const organisations = list.map(one => organisationOf(recordOf(one)!))
    const mappings = list.map((one, at) => ({ one, agreement: agreementOf(one)!, organisation: organisations[at]! }))
    const changed = mappings.filter(({ agreement: { organisation: now }, organisation }) => !same(now, organisation))
    await writeMappings(
      queries,
      changed.map(({ one, agreement, organisation }) => ({ partnerId: agreement.partnerId, environment: one.environment, organisation })),
      person,
    )
    return { problems: [], organisations, changed: changed.length }
  })
}

const keyOf = ({ environment, sysId }: Pick<Confirmed, 'environment' | 'sysId'>) => `${environment} ${sysId}`
const organisationOf = ({ sysId, table, name }: Company): Organisation => ({ sysId, table, name: name || sysId })
const same = (a: Organisation | null, b: Organisation) => a?.sysId === b.sysId && a.table === b.table && a.name === b.name

async function readTaken(queries: Queries, list: readonly Confirmed[]): Promise<Map<string, string>> {
  const taken = new Map<string, string>()
  for (const environment of new Set(list.map(one => one.environment))) {
    const sysIds = list.filter(one => one.environment === environment).map(one => one.sysId)
    for (const { sysId, name } of await findHoldersOf(queries, environment, sysIds)) taken.set(keyOf({ environment, sysId }), name)
  }
  return taken
}

function noAgreement({ organisation, environment }: Confirmed, known: readonly { name: string }[]): ExchangeError {
  return known.some(row => row.name === organisation)
    ? new ExchangeError('not_found', `"${organisation}" has no agreement in ${environment}.`, {
        field: 'environment',
        hint: 'Make its agreement in this environment first; a mapping is a part of it.',
      })
    : new ExchangeError('not_found', `There is no organisation "${organisation}".`, {
        field: 'organisation',
        hint: 'GET /operator/organisations lists the names as they are written.',
      })
}

function recordProblem({ table, sysId, environment }: Confirmed, record: Company | undefined): ExchangeError | undefined {
  if (!record)
    return new ExchangeError(
      'not_a_company',
      `The service desk in ${environment} has no company or account with the sys_id ${sysId} that the exchange may read.`,
      { field: 'sys_id' },
    )
  if (table === 'customer_account' && record.table !== table)
    return new ExchangeError('not_a_company', `"${record.name}" (${sysId}) is a company, not an account.`, {
      field: 'table',
      hint: 'Give core_company as the table, or choose the account.',
    })
  return undefined
}

/** A line that says again what an earlier one says, or gives the same record away a second time. */
function twice(list: readonly Confirmed[], at: number): ExchangeError | undefined {
  const one = list[at]!
  const earlier = list.slice(0, at).filter(other => other.environment === one.environment)
  if (earlier.some(other => other.organisation === one.organisation))
    return new ExchangeError('invalid_field', `"${one.organisation}" is mapped more than once in ${one.environment}.`, {
      field: 'organisation',
      hint: 'Keep one of the lines.',
    })
  const other = earlier.find(({ sysId }) => sysId === one.sysId)
  return other && mappingTaken(one, other.organisation)
}

/** A record of somebody who is mapped to another one in the same list becomes free. */
function takenProblem(one: Confirmed, holder: string | undefined, list: readonly Confirmed[]): ExchangeError | undefined {
  if (holder === undefined || holder === one.organisation) return undefined
  const moves = list.some(other => other.organisation === holder && other.environment === one.environment && other.sysId !== one.sysId)
  return moves ? undefined : mappingTaken(one, holder)
}

const mappingTaken = ({ sysId, environment }: Confirmed, holder: string) =>
  new ExchangeError('mapping_taken', `The record ${sysId} stands for "${holder}" already in ${environment}.`, { field: 'sys_id' })
