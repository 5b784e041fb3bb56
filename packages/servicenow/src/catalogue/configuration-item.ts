import { z } from 'zod'
import { query } from '../encoded-query/query.ts'
import { action } from '../performing/action.ts'
import * as input from '../rows/input.ts'
import { tableNeeds } from '../rows/needs.ts'
import { writtenRow } from '../rows/output.ts'
import { rowFrom } from '../rows/reading.ts'
import { getRow, listRow, type RecordFamily, updateRow, writerNeeds } from '../rows/record-rows.ts'
import { within } from '../rows/within.ts'
import { createCall } from '../table-api/record-calls.ts'

/** Configuration items and how they are related, through the Table API (servicenow-core 3, 11.2). */

const ITEM = 'b0c25d1bc0a800090168be1bfcdcd759'
const OTHER = '27d32778c0a8000b00db970eeaa60f16'

const family = {
  family: 'configurationItem',
  table: 'cmdb_ci',
  one: 'a configuration item',
  many: 'configuration items',
  hint: 'An item that may be known already is better reported by configurationItem.createOrUpdate, which finds it again.',
  source: 'servicenow-core 3.1, 11.3',
  readers: ['itil'],
  writers: ['itil'],
  exampleId: ITEM,
  exampleShown: { sys_id: ITEM, name: 'switch-04', sys_class_name: 'cmdb_ci_netgear', operational_status: '1' },
  exampleValues: { name: 'switch-04', serial_number: 'demo-0004' },
  exampleChange: { operational_status: '2' },
} as const satisfies RecordFamily

export const configurationItemActions = [
  getRow(family),
  listRow(family),
  action({
    name: 'configurationItem.create',
    title: 'Create a configuration item',
    whenToUse: `To add a configuration item of a class. ${family.hint}`,
    effect: 'changes',
    shape: 'written',
    needs: writerNeeds(family),
    paging: 'none',
    input: input.writing({ class: input.tableName.describe('Class of the item, such as cmdb_ci_server.') }, input.chosen),
    output: writtenRow,
    request: ({ class: table, values, clear, ...wanted }) => createCall(table, input.fieldsToWrite({ values, clear }), wanted),
    perform: async (sender, call, { displayValue }) => rowFrom(sender, (await sender.send(call)).result, displayValue),
    example: { input: { class: 'cmdb_ci_netgear', values: family.exampleValues }, output: family.exampleShown },
    source: `Table API, POST /now/table/{class}; ${family.source}`,
    repeat: { probe: 'Give it a serial_number or correlation_id of your own and ask configurationItem.list for it.' },
  }),
  updateRow(family),
  within({
    name: 'configurationItem.relations',
    table: 'cmdb_rel_ci',
    title: 'List the relations of a configuration item',
    whenToUse:
      'To see what an item depends on and what depends on it. Ask for parent.name, child.name and type.name: the first word of the type is what the parent does.',
    needs: tableNeeds('cmdb_rel_ci', { roles: ['itil'] }),
    asks: {
      sysId: input.sysId,
      side: z.enum(['parent', 'child', 'both']).optional().describe('Where the item stands in the relation; both when left out.'),
    },
    condition: ({ sysId, side = 'both' }) =>
      side === 'both' ? query().where('parent', '=', sysId).or('child', '=', sysId).text() : query().where(side, '=', sysId).text(),
    example: {
      input: { sysId: ITEM },
      row: { sys_id: '55c95bf6c0a8010e0118ec7056ebc54d', parent: OTHER, child: ITEM, type: '60bc4e22c0a8010e01f074cbe6bd73c3' },
    },
    source: family.source,
  }),
] as const
