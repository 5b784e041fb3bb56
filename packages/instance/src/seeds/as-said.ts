import { hash } from 'node:crypto'
import { DEFAULT_DATE_FORMAT } from '../caller/caller.ts'
import type { ColumnType } from '../dictionary/definition.ts'
import type { Column } from '../dictionary/dictionary.ts'
import { undisplayedDate } from '../records/display.ts'
import { asSysId } from '../sys-id.ts'
import { instantOfUtc } from '../time/time-zone.ts'
import type { SeedDifference } from './refused-seed.ts'

/**
 * Whether a record has what a seed says: the same, or the same in stored form (a label’s value, a number with other separators, a
 * word for true, a time in another spelling). Written apart from what reads a seed, so that a mistake there is seen here.
 */
export function isAsSaid({ type, choices }: Column, said: string, stored: string): boolean {
  if (said === stored || choices?.some(([value, label]) => value === stored && label === said)) return true
  return SAME[type]?.(said, stored) ?? false
}

const sameNumber = (said: string, stored: string) =>
  said.trim() !== '' && stored !== '' && Number(said.replaceAll(',', '')) === Number(stored)

const sameMoment = (said: string, stored: string) => {
  const moment = instantOfUtc(undisplayedDate(said, DEFAULT_DATE_FORMAT))
  return moment !== undefined && moment === instantOfUtc(stored)
}

const TRUTHS: Readonly<Record<string, readonly string[]>> = { true: ['1', 'yes', 'on', 'true'], false: ['', '0', 'no', 'off', 'false'] }

const SAME: Partial<Record<ColumnType, (said: string, stored: string) => boolean>> = {
  integer: sameNumber,
  decimal: sameNumber,
  boolean: (said, stored) => TRUTHS[stored]?.includes(said.trim().toLowerCase()) ?? false,
  date: sameMoment,
  date_time: sameMoment,
  duration: sameMoment,
  reference: (said, stored) => asSysId(said) === stored,
  list: (said, stored) => said.split(',').map(asSysId).join(',') === stored,
  password: (said, stored) => hash('sha256', said) === stored,
}

/** Fields that the instance makes of others. */
const COMPUTED: Readonly<Record<string, string>> = {
  'sys_user.name': 'it is computed from first_name and last_name: give those',
  'task.task_effective_number': 'it is computed from number',
}

const FORMS: Partial<Record<ColumnType, string>> = {
  integer: 'it is a whole number of at most ten digits',
  decimal: 'it is a number such as 12.50',
  boolean: 'it is true or false',
  date: 'it is a day such as 2026-01-31',
  date_time: 'it is a time in UTC such as 2026-01-31 08:00:00',
  duration: 'it is a time after 1970-01-01 such as 1970-01-02 04:00:00',
}

/** Why a field may not keep what a seed says, the first that applies. */
const REASONS: readonly ((column: Column, said: string) => string | undefined | false)[] = [
  column => COMPUTED[`${column.declaredBy}.${column.name}`],
  ({ name }) => name === 'sys_mod_count' && FORMS.integer,
  ({ name, type }) => ['sys_created_on', 'sys_updated_on'].includes(name) && FORMS[type],
  ({ readOnly }) => readOnly && 'only the instance writes it',
  ({ type }) => type === 'journal' && 'of journals only comments and work_notes are written',
  ({ choices, open }) => choices && !open && `it is one of ${choices.map(([value, label]) => `${value} (${label})`).join(', ')}`,
  ({ type }) => FORMS[type],
  ({ maxLength }, said) => maxLength !== undefined && [...said].length > maxLength && `it holds ${maxLength} characters`,
  (_, said) => said.includes('\0') && 'it holds no NUL character',
]

/** A value that was not taken, and why, as far as that is known. */
export function explained(column: Column, { said, text, became }: { said: unknown; text: string; became: string }): SeedDifference {
  const why = REASONS.map(reason => reason(column, text)).find(one => typeof one === 'string') || 'a rule of the instance made it so'
  return { field: column.name, said, became, why }
}
