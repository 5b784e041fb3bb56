import { listChangedPages, query } from '@deskbridge/servicenow'
import type { Desk } from '../connections/index.ts'
import { findBondsOfRecords, readFiledIds } from '../ownership/index.ts'
import type { Database } from '../platform/database.ts'
import { FIELDS, ofTables, seen } from './captured-tables.ts'
import { recordBaseline, type SeenRecord } from './due.store.ts'
import { BEGINNING, earliest } from './instance-time.ts'
import { presentOf } from './present.ts'

/**
 * Sets the baseline of an environment that was never looked at: what is there now is history, also what carries a time that the
 * instance has not reached. What a partner has filed already is none: where there is such a record the baseline is as old as it is.
 */
export async function takeBaseline(database: Database, desk: Desk): Promise<void> {
  const { serviceNow, environment } = desk
  const { rows } = await serviceNow.table.list({
    table: 'task',
    query: ofTables(desk).orderByDescending('sys_updated_on').text(),
    fields: FIELDS,
    limit: 1,
  })
  const { now } = presentOf(desk, rows[0]?.sys_updated_on)
  const newest = earliest(rows[0]?.sys_updated_on ?? BEGINNING, now)
  const baseline = earliest(newest, (await findFirstFiling(database, desk)) ?? newest)
  const known: SeenRecord[] = []
  for await (const page of listChangedPages(serviceNow, {
    table: 'task',
    query: ofTables(desk).text(),
    fields: [...FIELDS, 'correlation_id'],
    since: { updatedOn: baseline, sysId: '' },
  })) {
    // Asked after the page was read: whatever was filed by then is bound.
    const correlations = page.map(row => row.correlation_id ?? '').filter(Boolean)
    const filed = new Set((await findBondsOfRecords(database, environment, [], correlations)).map(bond => bond.correlationId))
    const isHistory = (row: Record<string, string>) =>
      !filed.has(row.correlation_id ?? '') && (row.sys_updated_on! <= baseline || row.sys_updated_on! > now)
    known.push(...page.filter(isHistory).map(seen))
  }
  await database.transaction(queries => recordBaseline(queries, environment, baseline, known))
}

/** When the first record was made that a partner filed here, by the instance. */
async function findFirstFiling(database: Database, { serviceNow, environment }: Desk): Promise<string | undefined> {
  const ids = await readFiledIds(database, environment)
  const times: string[] = []
  for (let from = 0; from < ids.length; from += 100) {
    const filed = query().in('correlation_id', ids.slice(from, from + 100))
    const { rows } = await serviceNow.table.list({
      table: 'task',
      query: filed.orderBy('sys_created_on').text(),
      fields: ['sys_created_on'],
      limit: 1,
      noCount: true,
    })
    times.push(...rows.map(row => (row as Record<string, string>).sys_created_on!))
  }
  return times.sort()[0]
}
