import { z } from 'zod'
import { action } from '../performing/action.ts'
import * as input from '../rows/input.ts'
import { tableNeeds } from '../rows/needs.ts'
import { anyRow, anyRows, deleted, writtenRow } from '../rows/output.ts'
import { listFrom, rowFrom } from '../rows/reading.ts'
import { createCall, deleteCall, getCall, listCall, updateCall } from '../table-api/record-calls.ts'

/** Records of any table. For incidents, changes and requests there are rows with clearer names. */

const EXAMPLE_ID = '1c741bd70b2322007518478d83673af3'
const EXAMPLE_TASK = { sys_id: EXAMPLE_ID, number: 'PRB0040001', short_description: 'Mail is slow in the morning' }
/** Any table may be asked for; one that nearly every instance lets its users read stands for them. */
const NEEDS = tableNeeds('sys_user', { roles: ['itil'] })
const PROBE_UPDATE = 'Get the record and compare the fields that were sent; sys_mod_count tells whether anything was saved.'

export const tableActions = [
  action({
    name: 'table.list',
    title: 'List records',
    whenToUse: 'To find records of any table by an encoded query. A large result is read to its end page by page, by key.',
    effect: 'reads',
    shape: 'rows',
    needs: NEEDS,
    paging: 'key',
    input: z.strictObject({ table: input.tableName, ...input.listing }),
    output: anyRows,
    request: ({ table, ...wanted }) => listCall(table, wanted),
    perform: async (sender, call, { displayValue }) => listFrom(sender, await sender.send(call), displayValue),
    example: {
      input: { table: 'problem', query: 'active=true^priority=1', fields: ['sys_id', 'number', 'short_description'], limit: 10 },
      output: { rows: [EXAMPLE_TASK], total: 1 },
    },
    source: 'Table API, GET /now/table/{tableName} (servicenow-core 3.1 to 3.5)',
    repeat: 'safe',
  }),
  action({
    name: 'table.get',
    title: 'Get a record',
    whenToUse: 'To read one record of any table whose sys_id is known. Fails with not-found also when the user may not read it.',
    effect: 'reads',
    shape: 'row',
    needs: NEEDS,
    paging: 'none',
    input: z.strictObject({ table: input.tableName, sysId: input.sysId, fields: input.fields, displayValue: input.displayValue }),
    output: anyRow,
    request: ({ table, sysId, ...chosen }) => getCall(table, sysId, chosen),
    perform: async (sender, call, { displayValue }) => rowFrom(sender, (await sender.send(call)).result, displayValue),
    example: { input: { table: 'problem', sysId: EXAMPLE_ID }, output: EXAMPLE_TASK },
    source: 'Table API, GET /now/table/{tableName}/{sys_id} (servicenow-core 3.1)',
    repeat: 'safe',
  }),
  action({
    name: 'table.create',
    title: 'Create a record',
    whenToUse:
      'To add a record to any table. What ServiceNow drops without an error, such as an unknown choice value, is in notTaken of the answer.',
    effect: 'changes',
    shape: 'written',
    needs: NEEDS,
    paging: 'none',
    input: input.writing({ table: input.tableName }, input.chosen),
    output: writtenRow,
    request: ({ table, values, clear, ...chosen }) => createCall(table, input.fieldsToWrite({ values, clear }), chosen),
    perform: async (sender, call, { displayValue }) => rowFrom(sender, (await sender.send(call)).result, displayValue),
    example: {
      input: { table: 'problem', values: { short_description: 'Mail is slow in the morning', correlation_id: 'db-4711' } },
      output: EXAMPLE_TASK,
    },
    source: 'Table API, POST /now/table/{tableName} (servicenow-core 3.1, 3.4)',
    repeat: { probe: 'Give the record a correlation_id of your own and list by it.' },
  }),
  action({
    name: 'table.update',
    title: 'Update a record',
    whenToUse:
      'To change fields of a record of any table; fields that are not given stay as they are. What ServiceNow drops without an error is in notTaken.',
    effect: 'changes',
    shape: 'written',
    needs: NEEDS,
    paging: 'none',
    input: input.writing({ table: input.tableName, sysId: input.sysId }, input.chosen),
    output: writtenRow,
    request: ({ table, sysId, values, clear, ...chosen }) => updateCall(table, sysId, input.fieldsToWrite({ values, clear }), chosen),
    perform: async (sender, call, { displayValue }) => rowFrom(sender, (await sender.send(call)).result, displayValue),
    example: { input: { table: 'problem', sysId: EXAMPLE_ID, values: { state: '102' } }, output: { ...EXAMPLE_TASK, state: '102' } },
    source: 'Table API, PATCH /now/table/{tableName}/{sys_id} (servicenow-core 3.1, 3.4)',
    repeat: { probe: PROBE_UPDATE },
  }),
  action({
    name: 'table.delete',
    title: 'Delete a record',
    whenToUse: 'To remove a record of any table for good. Tickets are cancelled or closed instead.',
    effect: 'deletes',
    shape: 'own',
    needs: NEEDS,
    paging: 'none',
    input: z.strictObject({ table: input.tableName, sysId: input.sysId }),
    output: deleted,
    request: ({ table, sysId }) => deleteCall(table, sysId),
    perform: async (sender, call) => {
      await sender.send(call)
      return { deleted: true as const }
    },
    example: { input: { table: 'problem', sysId: EXAMPLE_ID }, output: { deleted: true } },
    source: 'Table API, DELETE /now/table/{tableName}/{sys_id} (servicenow-core 3.1)',
    repeat: { probe: 'Get the record: not-found means it is gone.' },
  }),
] as const
