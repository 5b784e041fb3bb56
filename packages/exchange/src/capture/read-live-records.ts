import type { Desk } from '../connections/index.ts'
import type { Kind } from '../mapping/index.ts'
import type { Due } from './due.store.ts'
import { type FileRow, type LiveRecord, readFiles, readRecords, readRequestsOfItems } from './sources.ts'

/** The due records as they are now; an item stands for its request. Deleted ones are not there and are done with. */
export async function readLiveRecords(desk: Desk, due: readonly Due[]): Promise<{ records: LiveRecord[]; files: FileRow[] }> {
  const wanted = new Map<Kind, Set<string>>()
  const want = (kind: Kind, sysId: string) => wanted.set(kind, (wanted.get(kind) ?? new Set()).add(sysId))
  for (const { table, sysId } of due) {
    const kind = desk.mapping.ofTable(table)
    if (kind) want(kind, sysId)
  }
  for (const kind of desk.mapping.kinds) {
    if (!kind.items) continue
    const items = due.filter(one => one.table === kind.items?.table).map(one => one.sysId)
    for (const request of (await readRequestsOfItems(desk, kind.items, items)).values()) if (request) want(kind, request)
  }
  const asked = new Set([...due.map(one => one.sysId), ...[...wanted.values()].flatMap(sysIds => [...sysIds])])
  const files = await readFiles(desk, [...asked])
  const records: LiveRecord[] = []
  for (const [kind, sysIds] of wanted) records.push(...(await readRecords(desk, kind, [...sysIds])))
  const itemsFound = records.flatMap(live => live.items.map(item => item.sysId)).filter(sysId => !asked.has(sysId))
  files.push(...(await readFiles(desk, itemsFound)))
  return { records, files }
}
