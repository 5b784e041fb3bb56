import type { Desk } from '../connections/index.ts'
import { recordHandover, recordNewSent, recordSaidAfterHandover } from '../ownership/index.ts'
import type { Queries } from '../platform/database.ts'
import { appendUpdates, updateMessage } from '../update-queue/index.ts'
import type { Captured } from './capture-record.ts'
import { insertSources, saveCaptured } from './captured.store.ts'

/** Appends the updates, and writes down what they were made of. */
export async function saveTurn(queries: Queries, desk: Desk, captured: readonly Captured[]): Promise<void> {
  const { environment } = desk
  const sources = captured.flatMap(one => one.sources)
  if (sources.length) await insertSources(queries, environment, sources)
  for (const { live, moves } of captured) {
    if (moves.after.length) await recordSaidAfterHandover(queries, environment, live.sysId, moves.after)
    for (const handover of moves.handovers) await recordHandover(queries, environment, live.sysId, handover)
  }
  const told = captured.flatMap(one => one.told.map(update => ({ ...update, live: one.live })))
  // A fixed lock order, against deadlock between processes that append for the same partners.
  for (const partnerId of [...new Set(told.map(one => one.partnerId))].sort()) {
    const updates = told.filter(one => one.partnerId === partnerId)
    await appendUpdates(
      queries,
      { environment, partnerId },
      updates.map(({ message, sysId, live }) => ({
        transactionId: message.transaction_id,
        at: new Date(message.message_datetime_utc),
        sysId,
        number: live.values.number!,
        action: message.action,
        message: JSON.stringify(updateMessage.parse(message)),
      })),
    )
    for (const { message, live } of updates.filter(one => one.isNew)) {
      const { kind, sysId, values } = live
      const bonded = { environment, partnerId, word: kind.word, isTask: kind.isTask, table: kind.table, sysId, number: values.number! }
      await recordNewSent(queries, bonded, message.transaction_id)
    }
  }
  const records = captured.flatMap(({ live, isPartners }) => [live, ...live.items].map(record => ({ ...record, isPartners })))
  if (!records.length) return
  await saveCaptured(
    queries,
    environment,
    records.map(({ sysId, values, isPartners }) => ({
      sysId,
      partners: isPartners,
      modCount: Number(values.sys_mod_count ?? 0),
      updatedOn: values.sys_updated_on ?? '',
      fields: values,
    })),
  )
}
