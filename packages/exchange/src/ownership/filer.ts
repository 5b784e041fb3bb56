import type { Desk } from '../connections/index.ts'
import type { Database } from '../platform/database.ts'
import type { Environment } from '../platform/environment.ts'
import { type Filing, readFilings } from './bonds.store.ts'
import { correlationId } from './correlation.ts'

type Values = Readonly<Record<string, string>>

export interface FilerContext {
  environment: Environment
  /** The user names of the exchange's own users. */
  writers: ReadonlySet<string>
  /** Whose filings the database may have lost. */
  partnerIds: readonly string[]
}

/**
 * Which partner filed a record, where one did. The text in `correlation_id` can be copied by anybody: once a filing is bound to a record,
 * that one alone is its record. Until then, and where the database has lost the filing, only what one of the exchange's own users made can be it.
 */
export function filerOf(
  { environment, writers, partnerIds }: FilerContext,
  values: Values,
  filings: readonly Filing[],
): string | undefined {
  const { correlation_id: id = '', correlation_display: reference = '', sys_id: sysId, sys_created_by: madeBy = '' } = values
  // Other software uses the field too.
  if (!/^[0-9a-f]{40}$/.test(id)) return undefined
  const filing = filings.find(one => one.correlationId === id)
  if (filing?.sysId) return filing.sysId === sysId ? filing.partnerId : undefined
  if (!writers.has(madeBy)) return undefined
  return (
    filing?.partnerId ?? partnerIds.find(partnerId => reference !== '' && id === correlationId(environment, partnerId, reference, 'filed'))
  )
}

/** Answers for each of these records who filed it. */
export async function findFilers(
  database: Database,
  desk: Desk,
  partnerIds: readonly string[],
  records: readonly Values[],
): Promise<(values: Values) => string | undefined> {
  const ids = [...new Set(records.map(values => values.correlation_id ?? '').filter(Boolean))]
  const [filings, writers] = await Promise.all([ids.length ? readFilings(database, desk.environment, ids) : [], desk.writers()])
  return values => filerOf({ environment: desk.environment, writers, partnerIds }, values, filings)
}
