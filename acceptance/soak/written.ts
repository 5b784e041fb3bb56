import type { Amiss, Story } from '../concurrency/told-history.ts'
import { INTEGRATION_USER } from '../faults/socket-system.ts'
import type { Desk } from '../system/desk.ts'
import type { Asked } from './both-exchanges.ts'
import type { Exchanges } from './exchanges.ts'

const FILED_INTO = ['incident', 'change_request', 'sc_request']

export interface Written {
  amiss: Amiss[]
  /** What is there twice although nothing is amiss, by where the guarantees end. */
  known: string[]
}

/**
 * What ServiceNow's own tables have, against what was done: each comment, note and file of a happening is there once, nothing that a partner
 * sent is there twice, also where it was never acknowledged, and each filing is one record with one item.
 */
export async function writtenAmiss(desk: Desk, stories: readonly Story[], asked: readonly Asked[], exchanges: Exchanges): Promise<Written> {
  const found: Written = { amiss: [], known: [] }
  for (const story of stories) {
    const { sys_id, table } = story.record
    const journal = (await desk.find('sys_journal_field', `element_id=${sys_id}`)).map(({ fields }) => fields.value ?? '')
    const files = (await desk.filesOf(story.record)).map(file => file.file_name ?? '')
    const done = story.happenings.flatMap(({ comment, note, file }) => [comment, note, file?.name].filter(text => text !== undefined))
    for (const text of new Set([...done, ...journal, ...files])) {
      const times = [...journal, ...files].filter(one => one === text).length
      if (times === 0 && done.includes(text)) found.amiss.push({ count: 'lost', says: `${story.name}: "${text}" is not on its record` })
      if (times > 1) twice(found, `${story.name}: "${text}" is on its record ${times} times`, text, asked, exchanges)
    }
    if (table !== 'sc_request') continue
    const items = await desk.find('sc_req_item', `request=${sys_id}`)
    const reference = story.record.fields.correlation_display!
    if (items.length === 0) found.amiss.push({ count: 'lost', says: `${story.name}: it has no item` })
    if (items.length > 1) twice(found, `${story.name}: it has ${items.length} items`, reference, asked, exchanges)
  }
  await filedTwice(desk, found, asked, exchanges)
  return found
}

/** Also what was never acknowledged is there at most once. What the desk copied has the same reference, and another author. */
async function filedTwice(desk: Desk, found: Written, asked: readonly Asked[], exchanges: Exchanges): Promise<void> {
  const references = new Set(asked.flatMap(({ method, body }) => (method === 'POST' ? [String(body?.customer_reference_number)] : [])))
  const filings = (
    await Promise.all(FILED_INTO.map(table => desk.find(table, `sys_created_by=${INTEGRATION_USER}^correlation_displayISNOTEMPTY`)))
  ).flat()
  for (const [reference, records] of Map.groupBy(filings, ({ fields }) => fields.correlation_display!))
    if (references.has(reference) && records.length > 1)
      twice(found, `${reference}: it was filed as ${records.map(({ number }) => number)}`, reference, asked, exchanges)
}

/**
 * No fence reaches ServiceNow (GUARANTEES, "Outages", where it ends): a process that is stopped between its last check and the moment in
 * which ServiceNow takes the request sends it when it goes on. So what was at an exchange that stood still may be there once more.
 */
function twice({ amiss, known }: Written, says: string, text: string, asked: readonly Asked[], exchanges: Exchanges): void {
  const sent = asked.filter(({ body }) => body && JSON.stringify(body).includes(`"${text}"`))
  if (sent.some(({ exchange, beganAt, endedAt }) => exchanges.stood(exchange, beganAt, endedAt))) known.push(says)
  else amiss.push({ count: 'doubled', says })
}
