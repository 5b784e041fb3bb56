import { query } from '@deskbridge/servicenow'
import { namesOrganisation, readAgreements, requireWord } from '../agreements/index.ts'
import { type Desk, inPartnersWords } from '../connections/index.ts'
import { instanceNumber, type Kind, type Mapping, readable, shownNumber, stateWord } from '../mapping/index.ts'
import type { Database } from '../platform/database.ts'
import { ExchangeError } from '../platform/errors.ts'
import type { Caller } from '../sign-in/index.ts'
import { type Bond, findBond } from './bonds.store.ts'
import { findFilers } from './filer.ts'

/** A record as ServiceNow has it now, of which we know that it is the caller's. */
export interface OwnedRecord {
  kind: Kind
  sysId: string
  number: string
  /** As the partner writes it. */
  shownNumber: string
  /** Raw values, and how people read them. */
  values: Record<string, string>
  shown: Record<string, string>
  bond: Bond | undefined
  /** Whether the caller filed it: then it is the caller's for good. */
  filed: boolean
  /** The caller's own number for it, where it has given one. */
  reference: string | undefined
}

const RULING_FIELDS = [
  'sys_id',
  'number',
  'sys_class_name',
  'active',
  'state',
  'company',
  'assignment_group',
  'correlation_id',
  'correlation_display',
  'sys_mod_count',
  'sys_created_on',
  'sys_created_by',
  'sys_updated_on',
  'sys_updated_by',
]

/** Every field that ownership, states and the partner's fields of this kind need, and what tells it from others of its table. */
export function fieldsOf(mapping: Mapping, kind: Kind): string[] {
  const recognising = mapping.kinds.filter(({ table }) => table === kind.table).flatMap(({ recognised }) => recognised ?? [])
  const conditions = [...kind.actions.flatMap(({ when }) => when), ...(kind.answered ? [kind.answered.when] : []), ...recognising]
  const named = conditions.flatMap(({ is, not = {} }) => [...Object.keys(is), ...Object.keys(not)]).filter(field => field !== 'item_states')
  const things = kind.fields.ci ? [`${kind.fields.ci}.company`] : []
  const people = [kind.fields.contact, kind.fields.user]
    .filter(field => field !== undefined)
    .flatMap(field => [`${field}.email`, `${field}.company`])
  return [
    ...new Set([
      ...RULING_FIELDS,
      ...named,
      ...Object.values(kind.fields),
      ...people,
      ...things,
      ...(kind.ticket ?? []).map(({ field }) => field),
      'hold_reason',
      'on_hold_reason',
      'close_code',
      'close_notes',
    ]),
  ]
}

type Pair = { value: string; display_value: string }

/** Splits a row read with `sysparm_display_value=all`. */
export function splitRow(row: Record<string, unknown>): Pick<OwnedRecord, 'values' | 'shown'> {
  const pairs = Object.entries(row) as [string, Pair][]
  return {
    values: Object.fromEntries(pairs.map(([field, pair]) => [field, readable(pair.value ?? '')])),
    shown: Object.fromEntries(pairs.map(([field, pair]) => [field, readable(pair.display_value ?? '')])),
  }
}

type Ownership = Pick<Caller, 'environment' | 'partnerId' | 'terms'>

/** Whether a ticket or task is this partner's, by what the record says now: who filed it, else its company or solver group. */
export function owns(owner: Ownership, kind: Kind, values: Record<string, string>, filer: string | undefined): boolean {
  const { roles, solverGroups, operatorTicketsShared } = owner.terms
  if (kind.isTask) return roles.includes('provider') && solverGroups.some(group => group.sysId === values.assignment_group)
  if (!roles.includes('customer')) return false
  if (filer !== undefined) return filer === owner.partnerId
  return operatorTicketsShared && namesOrganisation(owner.terms, values.company)
}

interface Finding {
  database: Database
  desk: Desk
  caller: Caller
  signal: AbortSignal
}

/**
 * The caller's ticket or task with this number, as ServiceNow has it now.
 * @throws ExchangeError not_found when there is none or it is somebody else's: the two are not told apart; not_in_agreement when its
 *   type is not in the agreement
 */
export async function findOwnedRecord({ database, desk, caller, signal }: Finding, written: string): Promise<OwnedRecord> {
  const number = instanceNumber(written)
  const kind = desk.mapping.ofNumber(number)
  const asShown = shownNumber(number, desk.mapping.numberLook)
  const missing = () => new ExchangeError('not_found', `There is no ticket or task ${asShown} of yours.`, { field: 'kpn_ticket_number' })
  if (!kind) throw missing()
  const { rows } = await inPartnersWords(
    desk.serviceNow.table.list(
      {
        table: kind.table,
        query: query().where('number', '=', number).text(),
        fields: fieldsOf(desk.mapping, kind),
        displayValue: 'all',
        limit: 2,
        noCount: true,
      },
      { signal },
    ),
  )
  const split = rows.map(row => splitRow(row as Record<string, unknown>)).filter(({ values }) => values.sys_class_name === kind.table)
  const filer = await findFilers(
    database,
    desk,
    [caller.partnerId],
    split.map(({ values }) => values),
  )
  const own = split.filter(({ values }) => owns(caller, kind, values, filer(values)))
  const [record] = own
  if (!record || own.length > 1) throw missing()
  const sysId = record.values.sys_id!
  const bond = await findBond(database, caller.environment, caller.partnerId, sysId)
  const itsKind = desk.mapping.ofRecord(kind, record.values, bond?.word)
  requireWord(caller.terms, itsKind.word, 'kpn_ticket_number')
  return {
    kind: itsKind,
    sysId,
    number,
    shownNumber: asShown,
    ...record,
    bond,
    filed: filer(record.values) === caller.partnerId,
    reference: bond?.reference ?? (filer(record.values) === caller.partnerId ? record.values.correlation_display : undefined),
  }
}

/**
 * Whether a record is still that of whoever a write is for: a partner, or, for what the exchange does itself, whoever had it then (null
 * is nobody). A record that is not there is nobody else's: the write itself will be refused.
 */
export async function isStillTheirs(
  database: Database,
  desk: Desk,
  { table, sysId, partnerId }: { table: string; sysId: string; partnerId: string | null },
): Promise<boolean> {
  const kind = desk.mapping.ofTable(table)
  if (!kind) return true
  const { rows } = await desk.serviceNow.table.list({
    table,
    query: query().where('sys_id', '=', sysId).text(),
    fields: RULING_FIELDS,
    limit: 1,
  })
  const values = rows[0] as Record<string, string> | undefined
  if (!values) return true
  const { environment } = desk
  const asked = (await readAgreements(database, environment)).filter(one => partnerId === null || one.partnerId === partnerId)
  const filer = await findFilers(
    database,
    desk,
    asked.map(one => one.partnerId),
    [values],
  )
  const isOwned = asked.some(agreement => owns({ environment, ...agreement }, kind, values, filer(values)))
  return partnerId === null ? !isOwned : isOwned
}

/** The refusal for a record on which nothing can be done any more. */
export function closedRecord({ kind, shownNumber, values, shown }: OwnedRecord): ExchangeError {
  const state = kind.isTask ? shown.state : stateWord(kind, values)
  return new ExchangeError('record_closed', `${kind.word} ${shownNumber} is ${state}.`, { field: 'kpn_ticket_number', extra: { state } })
}
