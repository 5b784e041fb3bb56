import { z } from 'zod'
import { query } from '../encoded-query/query.ts'
import { action } from '../performing/action.ts'
import { firstPage, readEveryRow } from '../rows/every-row.ts'
import * as input from '../rows/input.ts'
import { tableNeeds } from '../rows/needs.ts'
import { writeOutcome } from '../rows/output.ts'
import { columnsFrom } from '../rows/reading.ts'
import { updateCall } from '../table-api/record-calls.ts'

/** Comments (seen by the end user) and work notes (internal) of task records. */

const COLUMNS = ['sys_id', 'name', 'element', 'element_id', 'value', 'sys_created_on', 'sys_created_by'] as const
const EXAMPLE_TASK = '9d385017c611228701d22104cc95c371'

const entry = z.object({
  sys_id: z.string(),
  name: z.string().describe('Table through which it was written: usually the concrete class, sometimes task.'),
  element: z.string().describe('comments or work_notes.'),
  element_id: z.string().describe('sys_id of the record.'),
  value: z.string().describe('The text.'),
  sys_created_on: z.string().describe('UTC, YYYY-MM-DD HH:MM:SS.'),
  sys_created_by: z.string().describe('user_name of the author.'),
})

const listInput = z.strictObject({
  recordIds: input.recordIds,
  element: input.journalElement.optional().describe('comments or work_notes; both when left out.'),
  since: input.since.optional(),
})

function filterOf({ recordIds, element, since }: z.output<typeof listInput>): string {
  let filter = query().in('element_id', recordIds)
  filter = element ? filter.where('element', '=', element) : filter.in('element', ['comments', 'work_notes'])
  return (since ? filter.where('sys_created_on', '>=', since) : filter).text()
}

export const journalActions = [
  action({
    name: 'journal.list',
    title: 'List comments and work notes',
    whenToUse: 'To read every comment and work note of up to 200 records, oldest first. Fails when some of them are hidden from the user.',
    effect: 'reads',
    shape: 'own',
    needs: tableNeeds('sys_journal_field', { roles: ['admin'] }),
    paging: 'none',
    input: listInput,
    output: z.object({ rows: z.array(entry) }),
    request: asked => ({
      method: 'GET',
      path: '/api/now/table/sys_journal_field',
      parameters: { ...firstPage(filterOf(asked)), sysparm_fields: COLUMNS.join(','), sysparm_suppress_pagination_header: true },
    }),
    perform: async (sender, call, asked) => {
      const records = new Set(asked.recordIds)
      const rows = await readEveryRow(sender, call, {
        filter: filterOf(asked),
        table: 'sys_journal_field',
        read: record => columnsFrom(sender, record, { required: COLUMNS }),
        belongs: row => records.has(row.element_id),
      })
      return { rows }
    },
    example: {
      input: { recordIds: [EXAMPLE_TASK], element: 'comments', since: '2026-01-31 10:00:00' },
      output: {
        rows: [
          {
            sys_id: '0a1b2c3d4e5f60718293a4b5c6d7e8f9',
            name: 'incident',
            element: 'comments',
            element_id: EXAMPLE_TASK,
            value: 'The access point is replaced.',
            sys_created_on: '2026-01-31 10:00:05',
            sys_created_by: 'abel.tuter',
          },
        ],
      },
    },
    source: 'Table API on sys_journal_field (servicenow-core 8.1)',
    repeat: 'safe',
  }),
  action({
    name: 'journal.add',
    title: 'Add a comment or a work note',
    whenToUse:
      'To append a comment (the end user sees it) or a work note (internal) to a task record. Entries cannot be changed afterwards.',
    effect: 'changes',
    shape: 'own',
    needs: tableNeeds('task', { roles: ['itil'] }),
    paging: 'none',
    input: z.strictObject({
      table: input.tableName,
      sysId: input.sysId,
      element: input.journalElement.describe('comments: seen by the end user. work_notes: internal.'),
      text: z.string().min(1).describe('Plain text; [code] in it is markup to ServiceNow.'),
    }),
    output: z.object({ ...writeOutcome, sys_id: z.string(), sys_updated_on: z.string(), sys_mod_count: z.string() }),
    request: ({ table, sysId, element, text }) =>
      updateCall(table, sysId, { [element]: text }, { fields: ['sys_id', 'sys_updated_on', 'sys_mod_count'] }),
    perform: async (sender, call) =>
      columnsFrom(sender, (await sender.send(call)).result, { required: ['sys_id'], optional: ['sys_updated_on', 'sys_mod_count'] }),
    example: {
      input: { table: 'incident', sysId: EXAMPLE_TASK, element: 'comments', text: 'The access point is replaced.' },
      output: { sys_id: EXAMPLE_TASK, sys_updated_on: '2026-01-31 10:00:05', sys_mod_count: '4' },
    },
    source: 'Table API, PATCH of comments or work_notes (servicenow-core 3.4, 8.1)',
    repeat: { probe: 'journal.list of the record since the write, and compare element, text and sys_created_by.' },
  }),
] as const
