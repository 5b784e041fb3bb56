import { z } from 'zod'
import type { InstanceCall } from '../connection/call.ts'
import type { Sender } from '../performing/sender.ts'
import type { ShownRow } from '../table-api/row.ts'
import { rowFrom } from './reading.ts'

/** How the CMDB Instance API is called, and how it writes an item with its relations. */

const both = z.object({ value: z.string(), display_value: z.string() })
const relation = z.object({ sysId: z.string().describe('sys_id of the relation.'), type: both, target: both })
export const item = z.object({
  attributes: z.record(z.string(), both).describe('Fields by name, each with value and display_value.'),
  outbound: z.array(relation).describe('Relations in which the item is the parent, at most 1,000.'),
  inbound: z.array(relation).describe('Relations in which the item is the child, at most 1,000.'),
})

export const shownValue = (value: string, display_value = value) => ({ value, display_value })
/** A call of the CMDB Instance API. @param path behind `/cmdb/instance/` */
export function instanceCall(method: InstanceCall['method'], path: string, json?: object): InstanceCall {
  return { method, path: `/api/now/cmdb/instance/${path}`, ...(json && { json }) }
}

/** An item with its relations. @throws ServiceNowError kind `broken-answer` */
export function relatedItemFrom(sender: Sender, given: unknown): z.output<typeof item> {
  const { attributes, outbound_relations: outbound, inbound_relations: inbound } = (given ?? {}) as Record<string, unknown>
  return {
    attributes: rowFrom(sender, attributes, 'all') as ShownRow,
    outbound: relationsFrom(sender, outbound),
    inbound: relationsFrom(sender, inbound),
  }
}

function relationsFrom(sender: Sender, given: unknown): z.output<typeof relation>[] {
  if (!Array.isArray(given)) throw sender.failure('broken-answer', 'the relations are no list')
  return given.map(one => {
    const { sys_id, type, target } = rowFrom(sender, one, 'all') as ShownRow
    return { sysId: sys_id?.value ?? '', type: type ?? shownValue(''), target: target ?? shownValue('') }
  })
}
